import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { contentsOf, filesBelow, hashOf, Stamp } from "./hash.mjs";
import { checkoutLock, locked } from "./lock.mjs";
import { run } from "./process.mjs";
import { during } from "./progress.mjs";

const stamp = (root) => new Stamp(join(root, "dist"));

function currentHash(root) {
  const settings = readdirSync(root).filter(
    (name) => name === "package.json" || /^tsconfig.*\.json$/.test(name),
  );
  const files = [...settings.sort().map((name) => join(root, name)), ...filesBelow(join(root, "src"))];
  return hashOf(contentsOf(root, files));
}

export function buildIsStale(root) {
  return stamp(root).read() !== currentHash(root);
}

export async function build(root) {
  if (!buildIsStale(root)) return;
  await locked(checkoutLock(root), "dist/", async () => {
    if (!buildIsStale(root)) return;
    const reason = existsSync(join(root, "dist"))
      ? "a source or setting has changed"
      : "it does not exist yet";
    const hash = currentHash(root);
    // Else a build that fails half-way could pass for the one before it, and `npm pack` take what has no source any more.
    rmSync(join(root, "dist"), { recursive: true, force: true });
    await during(`Building dist/ (npm run build): ${reason}.`, "dist/ is built", () =>
      run("npm", ["run", "--silent", "build"], { cwd: root }),
    );
    if (existsSync(join(root, "dist"))) stamp(root).write(hash);
  });
}
