// @ts-check
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { versionOf } from "./lib/version.mjs";

const NAMES = ["kubernetes", "random", "tls"];

/**
 * Puts the stand-ins where the engine looks for plugins.
 * @param {string} pulumiHome
 * @returns {Promise<{ name: string, version: string, path: string }[]>} what is there afterwards
 */
export async function installStandIns(pulumiHome) {
  return Promise.all(
    NAMES.map(async (name) => {
      const version = versionOf(name);
      const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
      const path = join(folder, `pulumi-resource-${name}`);
      await mkdir(folder, { recursive: true });
      await writeExecutable(path, launcher(name));
      return { name, version, path };
    }),
  );
}

/** @param {string} name */
function launcher(name) {
  const main = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
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
