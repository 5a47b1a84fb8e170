import { existsSync } from "node:fs";
import { join } from "node:path";

import { cacheFolder, fillFolder, settleHome, writableCache } from "./cache.mjs";
import { Stop } from "./exit.mjs";
import { locked } from "./lock.mjs";
import { findOnPath, run } from "./process.mjs";
import { during } from "./progress.mjs";
import { isAtLeast } from "./version.mjs";

const OLDEST_PYTHON = "3.10";
const QUIET = ["--quiet", "--disable-pip-version-check", "--no-input"];

/**
 * A program from PyPI: once for this user, in the cache.
 * @param {{ title: string, name: string, version: string, module: string, extras?: string[] }} what its name for
 * people, its name, extras and version on PyPI, and the module that is its program
 * @returns how to start it: a program, its arguments, and what its environment needs
 */
export async function ensurePythonPackage({ title, name, version, module, extras = [] }) {
  settleHome();
  const python = await findPython(title);
  const folder = cacheFolder(`${name}-${version}-python-${python.version}`);
  if (!existsSync(folder)) {
    writableCache();
    await locked(`${folder}.lock`, `installing ${title}`, async () => {
      if (existsSync(folder)) return;
      await during(`Installing ${title} ${version} from PyPI.`, `${title} is installed`, () =>
        fillFolder(folder, (temporary) => {
          const wanted = extras.length === 0 ? name : `${name}[${extras.join(",")}]`;
          return installPackages(temporary, title, [`${wanted}==${version}`]);
        }),
      );
    });
  }
  return { args: ["-m", module], ...pythonOf(folder) };
}

/**
 * The Python that has the packages installed into a folder.
 * @returns its program, and what its environment needs
 */
export function pythonOf(folder) {
  const own = join(folder, "venv/bin/python");
  return existsSync(own)
    ? { program: own, env: {} }
    : { program: findOnPath("python3"), env: { PYTHONPATH: join(folder, "packages") } };
}

async function findPython(title) {
  const program = findOnPath("python3");
  const get =
    process.platform === "darwin" ? "brew install python" : "sudo apt-get install python3 python3-venv";
  if (!program) throw new Stop(`${title} needs python3, which is not on PATH. To get it: ${get}`);
  const script = "import sys; print('.'.join(map(str, sys.version_info[:2])))";
  const version = (await run(program, ["-c", script])).trim();
  if (!isAtLeast(version, OLDEST_PYTHON)) {
    throw new Stop(`${title} needs Python ${OLDEST_PYTHON} or newer, this is ${version}. To get it: ${get}`);
  }
  return { program, version };
}

/**
 * Installs packages of PyPI into a folder. Debian's python3 can make no venv without a further package; pip alone does
 * too.
 * @param {string} folder
 * @param {string} title what needs them, for people
 * @param {string[]} requirements as pip takes them
 */
export async function installPackages(folder, title, requirements) {
  const { program: python } = await findPython(title);
  if (await works(python, ["-c", "import ensurepip, venv"])) {
    await run(python, ["-m", "venv", join(folder, "venv")]);
    await run(join(folder, "venv/bin/python"), ["-m", "pip", "install", ...QUIET, ...requirements]);
    return;
  }
  if (!(await works(python, ["-m", "pip", "--version"]))) {
    throw new Stop(
      `${title} is installed with pip, and this python3 has neither venv nor pip. ` +
        "To get them: sudo apt-get install python3-venv",
    );
  }
  await run(python, [
    "-m",
    "pip",
    "install",
    ...QUIET,
    "--target",
    join(folder, "packages"),
    ...requirements,
  ]);
}

async function works(program, args) {
  return run(program, args).then(
    () => true,
    () => false,
  );
}
