import { existsSync } from "node:fs";
import { join } from "node:path";

import { cacheFolder, fillFolder, settleHome, writableCache } from "../bootstrap/cache.mjs";
import { Stop } from "../bootstrap/exit.mjs";
import { locked } from "../bootstrap/lock.mjs";
import { findOnPath, run } from "../bootstrap/process.mjs";
import { during } from "../bootstrap/progress.mjs";
import { isAtLeast } from "../bootstrap/version.mjs";

export const VERSION = "1.5.33";

const PACKAGE = `ministack==${VERSION}`;
const OLDEST_PYTHON = "3.10";
const QUIET = ["--quiet", "--disable-pip-version-check", "--no-input"];

/**
 * MiniStack, a fake of the AWS API, from PyPI: once for this user, in the cache.
 * @returns how to start it: a program, its arguments, and what its environment needs
 */
export async function ensureMiniStack() {
  settleHome();
  const python = await findPython();
  const folder = cacheFolder(`ministack-${VERSION}-python-${python.version}`);
  if (!existsSync(folder)) {
    writableCache();
    await locked(`${folder}.lock`, "installing MiniStack", async () => {
      if (existsSync(folder)) return;
      await during(`Installing MiniStack ${VERSION} from PyPI.`, "MiniStack is installed", () =>
        fillFolder(folder, (temporary) => fill(temporary, python.program)),
      );
    });
  }
  const own = join(folder, "venv/bin/python");
  return existsSync(own)
    ? { program: own, args: ["-m", "ministack"], env: {} }
    : { program: python.program, args: ["-m", "ministack"], env: { PYTHONPATH: join(folder, "packages") } };
}

async function findPython() {
  const program = findOnPath("python3");
  const get =
    process.platform === "darwin" ? "brew install python" : "sudo apt-get install python3 python3-venv";
  if (!program) throw new Stop(`MiniStack needs python3, which is not on PATH. To get it: ${get}`);
  const script = "import sys; print('.'.join(map(str, sys.version_info[:2])))";
  const version = (await run(program, ["-c", script])).trim();
  if (!isAtLeast(version, OLDEST_PYTHON)) {
    throw new Stop(`MiniStack needs Python ${OLDEST_PYTHON} or newer, this is ${version}. To get it: ${get}`);
  }
  return { program, version };
}

/** Debian's python3 can make no venv without a further package; pip alone does too. */
async function fill(folder, python) {
  if (await works(python, ["-c", "import ensurepip, venv"])) {
    await run(python, ["-m", "venv", join(folder, "venv")]);
    await run(join(folder, "venv/bin/python"), ["-m", "pip", "install", ...QUIET, PACKAGE]);
    return;
  }
  if (!(await works(python, ["-m", "pip", "--version"]))) {
    throw new Stop(
      "MiniStack is installed with pip, and this python3 has neither venv nor pip. " +
        "To get them: sudo apt-get install python3-venv",
    );
  }
  await run(python, ["-m", "pip", "install", ...QUIET, "--target", join(folder, "packages"), PACKAGE]);
}

async function works(program, args) {
  return run(program, args).then(
    () => true,
    () => false,
  );
}
