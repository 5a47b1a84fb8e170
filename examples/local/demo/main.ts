import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { Drill, formatReport, type DrillReport } from "pulumi-multi-region-postgres/drill";
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
let stack: DemoStack | undefined;
let interrupted = false;

process.on("SIGINT", () => {
  if (interrupted) {
    return;
  }
  interrupted = true;
  console.log("\nInterrupted: taking down what is up.");
  void end().then(() => process.exit(130));
});

async function main(): Promise<void> {
  stack = await DemoStack.open();

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
  await underLoad(stack, async (drill) => {
    await killServer(await stack!.topology(), "lisbon");
    drill.marker("lisbon was killed");
    await stack!.up({ primary: "dublin", lost: ["lisbon"] });
  });
  await printTable(await stack.topology());

  title("Lisbon comes back, as a reader: pulumi config set lost '[]' && pulumi up");
  await stack.up({ primary: "dublin", lost: [] });
  await printTable(await stack.topology());

  await end();
}

async function underLoad(stack: DemoStack, work: (drill: Drill) => Promise<void>) {
  const { connectionUri, caCertificate, regions } = await stack.topology();
  const drill = await Drill.start({ connectionUri, caCertificate, regions });
  let report: DrillReport;
  try {
    await sleep(500);
    await work(drill);
    await sleep(500);
  } finally {
    report = await drill.stop();
  }
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
  if (options.keep === true && !interrupted) {
    title("It stays up");
    console.log(stack.instructions());
  } else {
    title("Everything is taken down: pulumi destroy");
    await stack.destroy();
    console.log(
      `\nDone in ${Math.round((Date.now() - started) / 1000)} s. Every step was a change of one line and pulumi up.\n` +
        "To keep the topology and play with it: npm run demo -- --keep",
    );
  }
}

function title(text: string): void {
  console.log(`\n━━ ${text}`);
}

main().catch(async (error: unknown) => {
  if (interrupted) {
    return;
  }
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
  await end();
});
