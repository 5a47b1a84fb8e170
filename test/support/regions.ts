import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(__dirname, "../..");
const run = promisify(execFile);

/** The tool, as `npm run regions` starts it. */
export const tool = join(root, "tools/regions/main.mjs");

/** Runs the tool and gives what it printed; fails with that if it fails. */
export async function regions(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, [tool, ...args], { cwd: root, maxBuffer: 1 << 26 });
}

export async function kubectl(region: string, ...args: string[]): Promise<string> {
  return (await regions("kubectl", region, ...args)).stdout;
}

/** Where the tool keeps its regions. */
export const state = "/var/lib/pulumi-multi-region-postgres/regions";

/** Whether the regions that the tests are given are the tool's, and not a user's own clusters. */
export const areOurs = (process.env["REGIONS"] ?? "").includes(state);
