import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { signal } from "./processes";

const root = resolve(__dirname, "../..");
const run = promisify(execFile);

/** The tool, as `npm run regions` starts it. */
export const tool = join(root, "tools/regions/main.mjs");

/** Runs the tool and gives what it printed; fails with that if it fails. */
export async function regions(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, [tool, ...args], { cwd: root, maxBuffer: 1 << 26 });
}

/** Brings a region up, and ends the tool half-way. */
export async function startEndedBy(end: NodeJS.Signals, region: string): Promise<void> {
  const starting = spawn(process.execPath, [tool, "up", region], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(starting, "exit");
  await new Promise<void>((resolve) => {
    starting.stderr.on("data", (text: Buffer) => text.includes("API server answers") && resolve());
  });
  signal(starting.pid!, end);
  await ended;
}

/** Runs kubectl in a region: for a user's own clusters, the one on PATH. */
export async function kubectl(region: string, ...args: string[]): Promise<string> {
  const own = () => run("kubectl", [`--kubeconfig=${kubeconfigs[region]}`, ...args]);
  return (await (areOurs ? regions("kubectl", region, ...args) : own())).stdout;
}

/** The kubectl that these regions are used with. */
export async function kubectlProgram(): Promise<string> {
  if (!areOurs) {
    return "kubectl";
  }
  const binaries = pathToFileURL(join(root, "tools/regions/build/binaries.mjs")).href;
  const { ensureBinaries } = (await import(binaries)) as {
    ensureBinaries(): Promise<Record<"kubectl", string>>;
  };
  return (await ensureBinaries()).kubectl;
}

/** Where the tool keeps its regions. */
export const state = "/var/lib/pulumi-multi-region-postgres/regions";

/** Whether the regions that the tests are given are the tool's, and not a user's own clusters. */
export const areOurs = (process.env["REGIONS"] ?? "").includes(state);

/** The kubeconfig of each region, by its name: the tool's, or a user's own. */
export const kubeconfigs: Readonly<Record<string, string>> = Object.fromEntries(
  (process.env["REGIONS"] ?? "").split(",").map((entry) => entry.split("=") as [string, string]),
);

/** The operator's release, with the image that the tool makes. */
export async function operatorManifest(): Promise<string> {
  const cluster = pathToFileURL(join(root, "tools/regions/cluster.mjs")).href;
  return ((await import(cluster)) as { operatorManifest(): Promise<string> }).operatorManifest();
}
