import { resolve } from "node:path";
import { Command, Option } from "commander";
import { handWritten, measureDeployment, withComponent } from "./deployments";
import { byHandImports, componentImports, measureImports } from "./imports";
import { interruptible } from "./interruptible";
import { inPairs } from "./pairs";
import { medianRatio, summary, table, type Comparison } from "./statistics";
import { wholeNumber } from "./whole-number";

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
  await interruptible(async () => {
    const comparisons = await measure(given);
    process.stdout.write(
      given.json === true
        ? `${asJson(comparisons)}\n`
        : `min / median / max of ${given.runs} runs; the ratio is the median of the pairs' own\n\n` +
            `${table(comparisons, ["with the component", "by hand"])}\n`,
    );
  });
}

void main();
