// npm's script `prepare`, which npm runs after `npm ci` and `npm install` in this checkout, before `npm pack`, and where
// another program installs this package from git. Plain Node.js without dependencies, as the bootstrap is.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "./bootstrap/build.mjs";
import { exitWith, untilInterrupted } from "./bootstrap/exit.mjs";
import { installNodeModules, nodeModulesAreInstalled } from "./bootstrap/node-modules.mjs";
import { say } from "./bootstrap/progress.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function prepare() {
  if (["ci", "install"].includes(process.env.npm_command)) {
    if (!existsSync(join(root, "node_modules/typescript"))) {
      say("dist/ is not built, because the devDependencies are not installed. To build it: npm run build");
      return;
    }
    nodeModulesAreInstalled(root);
  } else {
    await installNodeModules(root);
  }
  await build(root);
}

try {
  // The bootstrap holds the lock while it installs, and builds afterwards.
  if (!process.env.BOOTSTRAP_INSTALLS) await untilInterrupted(prepare);
} catch (error) {
  exitWith(error);
}
