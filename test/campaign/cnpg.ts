import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Command } from "commander";
import type { Durability } from "../../src";
import type { DrillReport } from "../../src/drill";
import { CnpgTopology, regionArgs } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { areOurs, kubeconfigs, kubectlProgram, regions } from "../support/regions";
import { another, count, median, pausesAfterMarkers, progress, tell } from "./figures";

const options = new Command("npm run campaign:cnpg --")
  .description(
    "Handovers of one PostgreSQL over Kubernetes regions under load, many times over: what they lost, how long writes " +
      "paused, and how long they pause if the same is done by a script with kubectl. Regions are made on this " +
      "machine, or are those of REGIONS.",
  )
  .option(
    "--switchovers <count>",
    "how many times the writer moves in a ring, and again by the script",
    count,
    20,
  )
  .option("--instances <count>", "how many a region has for that", count, 2)
  .option(
    "--kills <count>",
    "how many updates are killed at a random moment, and finished by the next",
    count,
    10,
  )
  .option("--failovers <count>", "how many writer's regions are killed, for each durability", count, 3)
  .option(
    "--no-sizes",
    "leaves out how long preview and up take for two regions and more, and the adding of the last",
  )
  .parse()
  .opts<{ switchovers: number; instances: number; kills: number; failovers: number; sizes: boolean }>();

const names = Object.keys(kubeconfigs);
const three = names.slice(0, 3);
/** The load of the drill itself; tests take less of it. */
const fullLoad = {};
const healedMs = 15_000;
let topology: CnpgTopology | undefined;
let faults = 0;

async function main(): Promise<void> {
  for (let size = 2; options.sizes && size <= names.length; size++) {
    await withTopology({}, names.slice(0, size), (topology, firstUp) => durations(topology, size, firstUp));
  }
  if (options.sizes && names.length > 2) {
    await withTopology({}, names.slice(0, -1), growth);
  }
  if (options.switchovers > 0) {
    const defaults = { instances: options.instances, storage: { size: "1Gi" } };
    await withTopology({ defaults }, three, switchovers);
  }
  if (options.kills + options.failovers > 0) {
    await withTopology({}, three, async (topology) => {
      await kills(topology);
      for (const durability of ["local", "region"] as const) {
        await failovers(topology, durability);
      }
    });
  }
}

async function withTopology(
  changes: Parameters<typeof CnpgTopology.create>[0],
  regions: readonly string[],
  work: (topology: CnpgTopology, firstUp: number) => Promise<void>,
): Promise<void> {
  topology = await CnpgTopology.create(changes, regions, "by the CLI");
  const created = topology;
  const firstUp = await seconds(() => created.up());
  await work(created, firstUp);
  await created.dispose();
  topology = undefined;
}

async function durations(topology: CnpgTopology, size: number, firstUp: number): Promise<void> {
  const preview = await seconds(() => topology.stack.preview({ db: topology.args }));
  const unchanged = await seconds(() => topology.up());
  const text = (value: number) => `${value.toFixed(1)} s`;
  console.log(
    `${size} regions: first up ${text(firstUp)}, preview ${text(preview)}, up without changes ${text(unchanged)}`,
  );
}

/** The last of the regions is added under load: no writer may notice more of it than of its being cloned. */
async function growth(topology: CnpgTopology): Promise<void> {
  const added = names.at(-1)!;
  const report = await topology.underLoad(async (drill) => {
    drill.marker(added);
    await topology.up({ regions: { ...topology.args.regions, [added]: regionArgs(added) } });
  }, fullLoad);
  faults += tell(`region ${names.length} added`, [report], pausesAfterMarkers(report));
}

async function switchovers(topology: CnpgTopology): Promise<void> {
  const ours = await ring(
    topology,
    "switchovers",
    async (_from, primary) => void (await topology.up({ primary })),
  );
  const byHand = await ring(topology, "the same by kubectl", (from, to) => moveByHand(topology, from, to));
  console.log(
    `write pause, component / by kubectl: median ${(median(ours) / median(byHand)).toFixed(2)}, ` +
      `maximum ${(Math.max(...ours) / Math.max(...byHand)).toFixed(2)}`,
  );
}

/** Moves the writer round and round, and gives the pauses. */
async function ring(
  topology: CnpgTopology,
  what: string,
  move: (from: string, to: string) => Promise<void>,
): Promise<number[]> {
  let from = topology.args.primary;
  const report = await topology.underLoad(async (drill) => {
    for (let number = 1; number <= options.switchovers; number++) {
      const to = three[(three.indexOf(from) + 1) % three.length]!;
      drill.marker(to);
      await move(from, to);
      progress(`${what}: ${number} of ${options.switchovers}, to ${to}`);
      from = to;
    }
  }, fullLoad);
  const pauses = pausesAfterMarkers(report);
  faults += tell(what, [report], pauses);
  return pauses;
}

async function moveByHand(topology: CnpgTopology, from: string, to: string): Promise<void> {
  const region = (name: string) => `db-${name}=${kubeconfigs[name]}`;
  const others = three.filter((name) => name !== from && name !== to);
  const script = join(__dirname, "by-hand.sh");
  await promisify(execFile)(script, [topology.args.namespace!, ...[from, to, ...others].map(region)], {
    env: { ...process.env, KUBECTL: await kubectlProgram() },
  });
}

async function kills(topology: CnpgTopology): Promise<void> {
  const reports: DrillReport[] = [];
  for (let kill = 1; kill <= options.kills; kill++) {
    const primary = another(three, topology.args.primary);
    const after = randomInt(2000, 15_000);
    const report = await topology.underLoad(async () => {
      await topology.stack.killUp({ db: { ...topology.args, primary } }, after);
      await topology.up({ primary: three[randomInt(three.length)]! });
    }, fullLoad);
    reports.push(report);
    progress(`update ${kill} of ${options.kills} killed after ${after} ms; then to ${topology.args.primary}`);
  }
  faults += tell("updates killed", reports);
}

async function failovers(topology: CnpgTopology, durability: Durability): Promise<void> {
  if (!areOurs || options.failovers === 0) {
    return;
  }
  await topology.up({ durability });
  const reports: DrillReport[] = [];
  const healed: DrillReport[] = [];
  for (let failover = 1; failover <= options.failovers; failover++) {
    const lost = topology.args.primary;
    const primary = another(three, lost);
    const report = await topology.underLoad(async (drill) => {
      drill.marker(`${lost} is killed`);
      await regions("kill", lost);
      await topology.up({ primary, lost: [lost] });
    }, fullLoad);
    reports.push(report);
    progress(
      `failover ${failover} of ${options.failovers}: ${lost} killed, to ${primary}, ${report.lost} lost`,
    );
    healed.push(await healBeforeUp(topology, lost));
    await topology.up({ lost: [] });
    progress(`${lost} follows ${primary}`);
  }
  faults += tell(`failovers, durability ${durability}`, reports, undefined, {
    mayLose: durability === "local",
  });
  tellHealed(durability, healed);
}

/** The lost region comes back by itself, as the writer that it was, and for a while nobody tells it anything. */
async function healBeforeUp(topology: CnpgTopology, lost: string): Promise<DrillReport> {
  return topology.underLoad(async (drill) => {
    await regions("heal", lost);
    drill.marker(`${lost} is healed`);
    await eventually(() => topology.psql(lost, "SELECT 1"), 120);
    await sleep(healedMs);
  }, fullLoad);
}

/** What could be written to the old writer in that time, by whoever asked it alone: nothing may be lost of the rest. */
function tellHealed(durability: Durability, reports: readonly DrillReport[]): void {
  const acknowledged = reports.map(({ secondWriterSamples }) => secondWriterSamples);
  const lost = reports.reduce((sum, report) => sum + report.lost + report.unexpected, 0);
  faults += lost + (durability === "region" ? Math.max(...acknowledged) : 0);
  console.log(
    `old writer healed before the next up, durability ${durability}: it acknowledged a write in ` +
      `${acknowledged.join(", ")} samples while the new one did; ${lost} rows lost through the connection string`,
  );
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = Date.now();
  await work();
  return (Date.now() - start) / 1000;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    progress("interrupted: taking the topology down");
    void (topology?.dispose() ?? Promise.resolve()).finally(() => process.exit(130));
  });
}

main()
  .catch((error: unknown) => {
    console.error(error);
    faults++;
  })
  .finally(async () => {
    if (areOurs) {
      await regions("up", ...names);
    }
    await topology?.dispose();
    process.exitCode = faults > 0 ? 1 : 0;
  });
