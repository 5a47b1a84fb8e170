import { ensurePythonPackage } from "../bootstrap/python-package.mjs";

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
