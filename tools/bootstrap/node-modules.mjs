import { existsSync } from "node:fs";
import { join } from "node:path";

import { Stop } from "./exit.mjs";
import { contentsOf, hashOf, Stamp } from "./hash.mjs";
import { checkoutLock, locked } from "./lock.mjs";
import { run } from "./process.mjs";
import { during } from "./progress.mjs";

const stamp = (root) => new Stamp(join(root, "node_modules"));

function currentHash(root) {
  const files = [join(root, "package.json"), join(root, "package-lock.json")];
  return hashOf(contentsOf(root, files), process.version, process.platform, process.arch);
}

/** `npm ci` or `npm install` has ended just now: no bootstrap need install again. */
export function nodeModulesAreInstalled(root) {
  stamp(root).write(currentHash(root));
}

export function nodeModulesAreStale(root) {
  return stamp(root).read() !== currentHash(root);
}

export async function installNodeModules(root) {
  if (!nodeModulesAreStale(root)) return;
  if (!existsSync(join(root, "package-lock.json"))) {
    throw new Stop(
      "package-lock.json is missing, which says what to install. To get it: git checkout package-lock.json",
    );
  }
  await locked(checkoutLock(root), "node_modules", async () => {
    if (!nodeModulesAreStale(root)) return;
    const reason = stamp(root).read()
      ? "package.json, package-lock.json or Node.js has changed since they were installed"
      : "they have not been installed here yet";
    const hash = currentHash(root);
    await during(`Installing the npm packages (npm ci): ${reason}.`, "The npm packages are installed", () =>
      // The tools are devDependencies, which NODE_ENV=production would leave out.
      run("npm", ["ci", "--no-audit", "--no-fund", "--include=dev"], { cwd: root, env: npmEnvironment() }),
    );
    stamp(root).write(hash);
  });
}

/** Without `npm pack --dry-run`, which its script `prepare` would hand on. */
function npmEnvironment() {
  const environment = { ...process.env, BOOTSTRAP_INSTALLS: "1" };
  delete environment.npm_config_dry_run;
  return environment;
}
