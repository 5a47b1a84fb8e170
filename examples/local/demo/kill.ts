import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ask } from "./ask";
import type { DemoTopology } from "./stack";

/** Ends a region's server as a power failure would: it gets to say nothing any more. */
export async function killServer(topology: DemoTopology, region: string): Promise<void> {
  const [row] = await ask<{ data_directory: string }>(
    topology,
    topology.regions[region]!,
    "postgres",
    "SHOW data_directory",
  );
  const [pid] = (await readFile(join(row!.data_directory, "postmaster.pid"), "utf8")).split("\n");
  process.kill(Number(pid), "SIGKILL");
}
