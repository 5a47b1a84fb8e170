import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What of an AWS package a source loads when it runs: tokens of its resource types and its functions. */
export interface Imported {
  readonly resources: string[];
  readonly functions: string[];
}

const IMPORT =
  /^\s*(?:import|export)\s+(?!type\b)(?:\{([^}]*)\}|[^"']*?)\s*from\s*["']@pulumi\/aws(?:\/([^"']*))?["']/gm;
const REQUIRE = /\{([^{}]*)\}\s*=\s*(?:await\s+import|require)\(\s*["']@pulumi\/aws(?:\/([^"']*))?["']\s*\)/g;
const ANY_LOADING = /(?:from\s*|require\(\s*|import\(\s*)["']@pulumi\/aws(\/[^"']*)?["']/g;

/** Modules that hold no resource type. */
const NONE = /^(provider|types(\/.*)?|region|arn|config(\/.*)?)$/;

/**
 * Reads which resource types and functions of `@pulumi/aws` sources use. Every one has to be imported by name from a
 * module of its own: what is behind an index cannot be told from here, and costs the memory of all of it.
 */
export function importedIn(sources: Readonly<Record<string, string>>): Imported {
  const found = Object.entries(sources).flatMap(([file, source]) => tokensIn(file, source));
  const distinct = [...new Set(found)].sort();
  return {
    resources: distinct.filter((token) => !isFunction(token)),
    functions: distinct.filter(isFunction),
  };
}

/** The sources of TypeScript below a folder, by path. */
export function sourcesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

function tokensIn(file: string, source: string): string[] {
  const code = withoutTypes(source);
  const named = [...code.matchAll(IMPORT), ...code.matchAll(REQUIRE)];
  const all = [...code.matchAll(ANY_LOADING)].map(([, path = ""]) => path.slice(1));
  const told = new Set(named.map(([, , path = ""]) => path));
  const untold = all.filter((path) => !told.has(path) && !NONE.test(path));
  if (untold.length > 0) {
    throw new Error(`${file}: "@pulumi/aws/${untold[0]}" has to be imported by names, in braces`);
  }
  return named.flatMap(([, names, path = ""]) => (NONE.test(path) ? [] : tokensOf(file, names, path)));
}

/** Types are gone when the program runs. */
const withoutTypes = (source: string) =>
  source
    .replace(/^\s*(?:import|export)\s+type\s[^;]*?from\s*["'][^"']*["'];?/gm, "")
    .replace(/\btypeof\s+import\([^)]*\)/g, "");

function tokensOf(file: string, names: string | undefined, path: string): string[] {
  const last = path.split("/").at(-1) ?? "";
  const values = (names ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "))
    .map((name) => name.split(/\s+as\s+|\s*:\s*/)[0]!.replace(/Output$/, ""))
    .filter((name) => !/(Args|State|Result)$/.test(name));
  const other = values.find((name) => name.toLowerCase() !== last.toLowerCase());
  if (names === undefined || other !== undefined) {
    throw new Error(
      `${file}: "${other ?? "*"}" has to be imported from a module of its own, not from "@pulumi/aws/${path}"`,
    );
  }
  return values.map((name) => `aws:${path.includes("/") ? path : `index/${path}`}:${name}`);
}

const isFunction = (token: string) => /:get[A-Z]\w*$/.test(token);
