import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { handWritten, measureDeployment, withComponent } from "./deployments";
import { byHandImports, componentImports, measureImports } from "./imports";
import { inPairs } from "./pairs";
import { endAll } from "./stack";
import { medianRatio, summary, table, type Comparison } from "./statistics";

const root = resolve(__dirname, "../..");

interface Options {
  readonly runs: number;
  readonly only?: "import" | "preview" | "up";
  readonly json?: true;
}

function options(): Options {
  return new Command("bench")
    .description(
      "Measures what the component costs: a topology of three regions on this machine, declared with LocalPostgres " +
        "and written out by hand. Both run in turn; each run has a state, data and ports of its own.",
    )
    .option("--runs <number>", "how many pairs count, after one that warms up", wholeNumber, 5)
    .addOption(new Option("--only <part>", "measure one part alone").choices(["import", "preview", "up"]))
    .option("--json", "print one line of JSON instead of the table")
    .parse()
    .opts<Options>();
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError("It must be a whole number from 1 to 9999.");
  }
  return Number(text);
}

async function measure({ runs, only }: Options): Promise<Comparison[]> {
  const progress = (part: string) => (line: string) => process.stderr.write(`${part}: ${line}\n`);
  const comparisons: Comparison[] = [];
  if (only === undefined || only === "import") {
    const imports = (modules: readonly string[]) => () => measureImports(modules, root);
    comparisons.push(
      ...(await inPairs(runs, imports(componentImports), imports(byHandImports), progress("import"))),
    );
  }
  if (only !== "import") {
    const parts = { preview: only !== "up", up: only !== "preview" };
    const deploy = (program: typeof handWritten) => () => measureDeployment(program, parts);
    comparisons.push(
      ...(await inPairs(
        runs,
        deploy(withComponent),
        deploy(handWritten),
        progress(only ?? "preview and up"),
      )),
    );
  }
  return comparisons;
}

function asJson(comparisons: readonly Comparison[]): string {
  return JSON.stringify(
    comparisons.map((comparison) => ({
      what: comparison.what,
      unit: comparison.unit,
      component: { ...summary(comparison.component), runs: comparison.component },
      byHand: { ...summary(comparison.byHand), runs: comparison.byHand },
      medianRatio: medianRatio(comparison),
    })),
  );
}

async function main(): Promise<void> {
  const given = options();
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!interrupted) {
        interrupted = true;
        process.stderr.write("interrupted: taking down what runs\n");
        void endAll().then(
          () => process.exit(130),
          (error: Error) => {
            process.stderr.write(`${error.message}\n`);
            process.exit(1);
          },
        );
      }
    });
  }
  try {
    const comparisons = await measure(given);
    if (given.json === true) {
      process.stdout.write(`${asJson(comparisons)}\n`);
    } else {
      process.stdout.write(
        `min / median / max of ${given.runs} runs; the ratio is the median of the pairs' own\n\n` +
          `${table(comparisons)}\n`,
      );
    }
  } catch (error) {
    if (!interrupted) {
      process.stderr.write(`${(error as Error).message}\n`);
      process.exitCode = 1;
      await endAll();
    }
  }
}

void main();
