// Compiles every block of TypeScript in README.md and docs/. What a block leaves out stands in a comment before it, which
// no reader sees: `<!-- snippet: declare const rome: string; -->`. With `…` in it, that is where the block goes.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { runInForeground } from "./bootstrap/foreground.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, ".snippets");

const block = /(?:<!-- snippet: ([\s\S]*?) -->\s*)?^```ts\n([\s\S]*?)^```$/gm;

/** The blocks of a page as modules, by file: the page's name, and the line that the block begins on. */
function modulesOf(page) {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(block)].map(({ 1: context = "", 2: code, index, 0: whole }) => {
    const line = text.slice(0, index + whole.indexOf("```ts")).split("\n").length;
    const module = context.includes("…") ? context.replace("…", () => code) : `${context}\n${code}`;
    return [`${page.replaceAll("/", "-")}-line-${line}.mts`, `${module}\nexport {};\n`];
  });
}

const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];
const modules = pages.filter((page) => page.endsWith(".md")).flatMap(modulesOf);
const settings = {
  extends: "../tsconfig.json",
  compilerOptions: { noUnusedLocals: false, exactOptionalPropertyTypes: false, types: ["node"] },
  include: [],
  files: modules.map(([file]) => file),
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
try {
  for (const [file, code] of modules) writeFileSync(join(folder, file), code);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  console.log(`${modules.length} blocks of TypeScript in the documents`);
  process.exitCode = await runInForeground(join(root, "node_modules/.bin/tsc"), ["-p", folder]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
