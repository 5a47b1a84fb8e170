// @ts-check
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { versionOf } from "./lib/version.mjs";

const NAMES = ["aws", "kubernetes", "random", "tls"];

/**
 * Puts the stand-ins where the engine looks for plugins.
 * @param {string} pulumiHome
 * @returns {Promise<{ name: string, version: string, path: string }[]>} what is there afterwards
 */
export async function installStandIns(pulumiHome) {
  const programs = join(pulumiHome, "stand-ins");
  await bundle(programs);
  return Promise.all(
    NAMES.map(async (name) => {
      const version = versionOf(name);
      const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
      const path = join(folder, `pulumi-resource-${name}`);
      await mkdir(folder, { recursive: true });
      await writeExecutable(path, launcher(join(programs, `${name}.mjs`)));
      return { name, version, path };
    }),
  );
}

/**
 * Each in one file: the engine starts a process for every provider of a program, and most of the time that this takes
 * is the loading of a thousand small ones.
 * @param {string} folder
 */
async function bundle(folder) {
  // What is still looked up while it runs, versions and the SDK, is that of the checkout.
  const origin = JSON.stringify(import.meta.url);
  await build({
    entryPoints: NAMES.map((name) => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    define: { "import.meta.url": origin },
    // For the libraries that are CommonJS.
    banner: {
      js: `import { createRequire as requireOf } from "node:module";\nconst require = requireOf(${origin});`,
    },
    logLevel: "warning",
  });
}

/** @param {string} main */
function launcher(main) {
  return `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(main)} "$@"\n`;
}

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * @param {string} path
 * @param {string} content
 */
async function writeExecutable(path, content) {
  if ((await readFile(path, "utf8").catch(() => undefined)) === content) {
    return;
  }
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, content, { mode: 0o755 });
  await rename(temporary, path);
}
