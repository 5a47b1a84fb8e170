import { ensurePythonPackage } from "../bootstrap/python-package.mjs";
import { run } from "../bootstrap/process.mjs";

/**
 * MiniStack, a fake of the AWS API.
 * @returns how to start it: a program, its arguments, and what its environment needs
 */
export function ensureMiniStack() {
  return ensurePythonPackage({
    title: "MiniStack",
    name: "ministack",
    version: "1.5.33",
    module: "ministack",
  });
}

/** The folder with AWS's own service models: botocore's, which MiniStack depends on. */
export async function serviceModels() {
  const { program, env } = await ensureMiniStack();
  const script = "import os, botocore; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))";
  return (await run(program, ["-c", script], { env: { ...process.env, ...env } })).trim();
}
