import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Refuses to load an entry point whose packages are not installed: one error with all of them, and the command that
 * installs them. They are optional peers, so that a program installs those of its own engine alone. Imported first by the
 * entry point and by its provider, which runs in a process of the engine's.
 */
export function needPackages(entry: string, names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length > 0) {
    const manifest = readFileSync(join(__dirname, "../package.json"), "utf8");
    const { name, peerDependencies } = JSON.parse(manifest) as Manifest;
    const install = missing.map((missed) => `"${missed}@${peerDependencies[missed]}"`).join(" ");
    throw new Error(
      `${name}/${entry} needs ${missing.join(", ")}: not installed\n  to install: npm install ${install}`,
    );
  }
}

interface Manifest {
  readonly name: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch (error) {
    // Anything else says that it is there, and fails where it is loaded.
    return (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND";
  }
}
