import { randomInt } from "node:crypto";
import { Command } from "commander";
import type { Durability } from "../../src";
import type { DrillReport } from "../../src/drill";
import { handoverSteps, printedAt } from "../support/interruptions";
import { LocalTopology } from "../support/local";
import { writersOf } from "../support/region";
import { another, count, pausesAfterMarkers, progress, tell } from "./figures";

const options = new Command("npm run campaign --")
  .description(
    "Handovers of a local topology under load, many times over: what they lost, and how long writes paused.",
  )
  .option("--switchovers <count>", "how many times the writer moves", count, 20)
  .option(
    "--kills <count>",
    "how many updates are killed at a random moment, and finished by the next",
    count,
    20,
  )
  .option(
    "--interruptions <count>",
    "how many times an update is killed at each step of a handover, for each ending",
    count,
    1,
  )
  .option("--failovers <count>", "how many writers are killed, for each durability", count, 5)
  .parse()
  .opts<{ switchovers: number; kills: number; interruptions: number; failovers: number }>();

const names = ["rome", "lisbon", "dublin"];

/** That of the drill itself; tests take less of it. */
const fullLoad = {};
let topology: LocalTopology | undefined;
let faults = 0;

async function main(): Promise<void> {
  topology = await LocalTopology.createAsUsersDo();
  await topology.up();
  await switchovers(topology);
  await kills(topology);
  await interruptions(topology);
  for (const durability of ["local", "region"] as const) {
    await failovers(topology, durability);
  }
}

async function switchovers(topology: LocalTopology): Promise<void> {
  const report = await topology.underLoad(async (drill) => {
    for (let move = 0; move < options.switchovers; move++) {
      const primary = another(names, topology.args.primary);
      drill.marker(primary);
      await topology.up({ primary });
      progress(`switchover ${move + 1} of ${options.switchovers}: to ${primary}`);
    }
  }, fullLoad);
  faults += tell("switchovers", [report], pausesAfterMarkers(report));
}

async function kills(topology: LocalTopology): Promise<void> {
  const reports: DrillReport[] = [];
  for (let kill = 0; kill < options.kills; kill++) {
    const primary = another(names, topology.args.primary);
    const after = randomInt(500, 6000);
    const report = await topology.underLoad(async () => {
      await topology.stack.killUp({ db: { ...topology.args, primary } }, after);
      await topology.up({ primary: names[randomInt(names.length)]! });
    }, fullLoad);
    reports.push(report);
    await expectOneWriter(topology);
    progress(
      `update ${kill + 1} of ${options.kills} killed after ${after} ms; then to ${topology.args.primary}`,
    );
  }
  faults += tell("updates killed", reports);
}

/** At every step, an update is finished, taken back, and sent to the third region by the next one. */
async function interruptions(topology: LocalTopology): Promise<void> {
  const reports: DrillReport[] = [];
  for (let round = 0; round < options.interruptions; round++) {
    for (const step of handoverSteps) {
      for (const ending of ["next", "old", "third"] as const) {
        const old = topology.args.primary;
        const [next, third] = names.filter((name) => name !== old) as [string, string];
        const move = { old, next, third };
        const report = await topology.underLoad(async () => {
          const killed = { db: { ...topology.args, primary: next } };
          const { output } = await topology.stack.killUp(killed, printedAt(step, move));
          faults += output.includes(printedAt(step, move)) ? 0 : 1;
          await topology.up({ primary: move[ending] });
        }, fullLoad);
        reports.push(report);
        await expectOneWriter(topology);
        progress(`update killed at "${printedAt(step, move)}"; then to ${topology.args.primary}`);
      }
    }
  }
  faults += tell("updates killed at each step", reports);
}

async function expectOneWriter(topology: LocalTopology): Promise<void> {
  const writers = await writersOf(await topology.outputs());
  faults += writers.length === 1 && writers[0] === topology.args.primary ? 0 : 1;
}

async function failovers(topology: LocalTopology, durability: Durability): Promise<void> {
  await topology.up({ durability });
  const reports: DrillReport[] = [];
  for (let failover = 0; failover < options.failovers; failover++) {
    const lost = topology.args.primary;
    const primary = another(names, lost);
    const report = await topology.underLoad(async (drill) => {
      drill.marker(`${lost} is killed`);
      await topology.region(lost).kill();
      await topology.up({ primary, lost: [lost] });
    }, fullLoad);
    reports.push(report);
    progress(
      `failover ${failover + 1} of ${options.failovers}: ${lost} killed, to ${primary}, ${report.lost} lost`,
    );
    await topology.up({ lost: [] });
  }
  faults += tell(`failovers, durability ${durability}`, reports, undefined, {
    mayLose: durability === "local",
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    progress("interrupted: taking the topology down");
    void topology?.dispose().finally(() => process.exit(130));
  });
}

main()
  .catch((error: unknown) => {
    console.error(error);
    faults++;
  })
  .finally(async () => {
    await topology?.dispose();
    process.exitCode = faults > 0 ? 1 : 0;
  });
