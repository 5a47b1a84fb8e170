// Runs checkov, which looks for what is insecure in plans of Terraform; installs it first if it is missing.

import { spawn } from "node:child_process";

import { exitWith } from "./bootstrap/exit.mjs";
import { ensurePythonPackage } from "./bootstrap/python-package.mjs";

try {
  const { program, args, env } = await ensurePythonPackage({
    title: "checkov",
    name: "checkov",
    version: "3.3.30",
    module: "checkov.main",
  });
  // It would otherwise ask a server of its maker's for texts.
  const offline = { BC_SKIP_MAPPING: "TRUE" };
  const child = spawn(program, [...args, "--skip-download", ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, ...env, ...offline },
  });
  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
} catch (error) {
  exitWith(error);
}
