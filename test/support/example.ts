import { cp, mkdtemp, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { testFolder } from "./folder";
import { ProgramStack } from "./program-stack";

const root = resolve(__dirname, "../..");

/** A stack of an example's program, in a copy of it: the configuration of a stack is written beside the program. */
export async function exampleStack(
  name: string,
  config: Record<string, string>,
  secrets: Record<string, string> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramStack<object>> {
  const folder = await mkdtemp(join(testFolder(), "example-"));
  await cp(join(root, "examples", name), folder, { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const stack = await ProgramStack.create(folder, {}, environment);
  for (const [key, value] of Object.entries(config)) {
    await stack.pulumi("config", "set", key, value);
  }
  for (const [key, value] of Object.entries(secrets)) {
    await stack.pulumi("config", "set", "--secret", key, value);
  }
  return stack;
}
