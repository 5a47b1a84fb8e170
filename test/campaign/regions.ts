import { Command } from "commander";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { regions, startEndedBy } from "../support/regions";
import { traces } from "../support/traces";
import { count, median } from "./figures";

const names = ["rome", "lisbon", "dublin"];
const settlingMs = 60_000;

const { rounds } = new Command("npm run campaign:regions --")
  .description(
    "Brings three regions up and down again, and one half-way, many times: how long it took, and what was left behind.",
  )
  .option("--rounds <count>", "how many times", count, 10)
  .parse()
  .opts<{ rounds: number }>();

async function main(): Promise<void> {
  const before = await traces(names);
  const times: number[] = [];
  let left = 0;
  for (let round = 1; round <= rounds; round++) {
    const available = await availableMemory();
    const start = Date.now();
    await regions("up", ...names);
    times.push((Date.now() - start) / 1000);
    if (round === 1) {
      await sleep(settlingMs);
      console.log(`memory of ${names.length} idle regions: ${available - (await availableMemory())} MB`);
    }
    await regions("down");
    await startEndedBy("SIGKILL", names[0]!);
    await regions("down");
    await startEndedBy("SIGINT", names[0]!); // which takes away what it made
    const after = await traces(names);
    const differs = JSON.stringify(after) !== JSON.stringify(before);
    left += differs ? 1 : 0;
    console.log(`round ${round} of ${rounds}: up in ${times.at(-1)!.toFixed(1)} s`);
    if (differs) {
      console.log(`something is left: ${JSON.stringify({ before, after }, undefined, 2)}`);
    }
  }
  console.log(
    `up of ${names.length} regions: median ${median(times).toFixed(1)} s, maximum ${Math.max(...times).toFixed(1)} s; ` +
      `rounds that left something behind: ${left} of ${rounds}`,
  );
  process.exitCode = left > 0 ? 1 : 0;
}

/** In MB, as the kernel estimates it. */
async function availableMemory(): Promise<number> {
  const [, kilobytes] = /MemAvailable: +(\d+) kB/.exec(await readFile("/proc/meminfo", "utf8"))!;
  return Math.round(Number(kilobytes) / 1000);
}

void main();
