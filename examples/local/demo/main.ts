import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { Drill, formatReport } from "pulumi-multi-region-postgres/drill";
import { killServer } from "./kill";
import { printTable, sayEverywhere } from "./regions";
import { DemoStack } from "./stack";

const options = new Command("npm run demo --")
  .description(
    "Brings up one PostgreSQL across three regions of this machine, moves the writer under load, kills it,\n" +
      "fails over, and lets the lost region come back: all by pulumi up.",
  )
  .option("--keep", "leave the topology up at the end")
  .parse()
  .opts<{ keep?: boolean }>();

const started = Date.now();
const interruption = new AbortController();
let stack: DemoStack | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!interruption.signal.aborted) {
      console.log("\nInterrupted: what is under way is ended, and everything is taken down.");
      interruption.abort();
    }
  });
}

async function main(): Promise<void> {
  stack = await DemoStack.open(interruption.signal);

  title("Three regions come up");
  await stack.up({ primary: "rome", lost: [] });
  await printTable(await stack.topology());
  await sayEverywhere(await stack.topology(), `hello from pid ${process.pid}`);

  title("The writer moves to lisbon while four clients write: pulumi config set primary lisbon && pulumi up");
  const moved = await underLoad(stack, async () => {
    await stack!.up({ primary: "lisbon", lost: [] });
  });
  expectNothingLost(moved.lost, "the switchover");

  title("The server in lisbon is killed, and lost: the writer moves to dublin");
  const failedOver = await underLoad(stack, async (drill) => {
    await killServer(await stack!.topology(), "lisbon");
    drill.marker("lisbon was killed");
    await stack!.up({ primary: "dublin", lost: ["lisbon"] });
  });
  console.log(
    `\n  This ran with durability "local": a commit is acknowledged once it is on the writer's disk, and a failover may\n` +
      `  lose the last ones, which no reader had yet. Here it lost ${failedOver.lost}.`,
  );
  await printTable(await stack.topology());

  title(
    "Lisbon comes back, as a reader, and commits wait for one other region: pulumi config set lost '[]'\n" +
      "   && pulumi config set durability region && pulumi up",
  );
  await stack.up({ primary: "dublin", lost: [], durability: "region" });
  await printTable(await stack.topology());

  title("The server in dublin is killed, and lost: the writer moves to rome");
  const kept = await underLoad(stack, async (drill) => {
    await killServer(await stack!.topology(), "dublin");
    drill.marker("dublin was killed");
    await stack!.up({ primary: "rome", lost: ["dublin"], durability: "region" });
  });
  console.log(
    `\n  This ran with durability "region": a commit is acknowledged once it is on the disk of another region too, and a\n` +
      `  failover loses none. Here it lost ${kept.lost}.`,
  );
  expectNothingLost(kept.lost, 'the failover with durability "region"');

  title("Dublin comes back, as a reader: pulumi config set lost '[]' && pulumi up");
  await stack.up({ primary: "rome", lost: [], durability: "region" });
  await printTable(await stack.topology());
}

async function underLoad(stack: DemoStack, work: (drill: Drill) => Promise<void>) {
  const { connectionUri, caCertificate, regions } = await stack.topology();
  const drill = await Drill.start({ connectionUri, caCertificate, regions });
  await sleep(500);
  await work(drill);
  await sleep(500);
  const report = await drill.stop();
  console.log();
  formatReport(report)
    .filter((line) => !line.startsWith("error"))
    .forEach((line) => console.log(`  ${line}`));
  return report;
}

function expectNothingLost(lost: number, what: string): void {
  if (lost > 0) {
    throw new Error(`${lost} acknowledged rows were lost in ${what}: please report this`);
  }
}

async function end(): Promise<void> {
  if (stack === undefined) {
    return;
  }
  if (options.keep === true && !interruption.signal.aborted) {
    title("It stays up");
    console.log(stack.instructions());
    return;
  }
  title("Everything is taken down: pulumi destroy");
  await stack.destroy();
  if (!interruption.signal.aborted) {
    console.log(
      `\nDone in ${Math.round((Date.now() - started) / 1000)} s. Every step was a change of one line and pulumi up.\n` +
        "To keep the topology and play with it: npm run demo -- --keep",
    );
  }
}

function title(text: string): void {
  console.log(`\n━━ ${text}`);
}

function complain(error: unknown): void {
  if (!interruption.signal.aborted) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

void main()
  .catch(complain)
  .then(end)
  .catch(complain)
  .finally(() => process.exit(interruption.signal.aborted ? 130 : process.exitCode));
