import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { awsRegions } from "../support/aws-regions";
import { growthOf, pairsOf } from "./growth";
import { measureImports } from "./imports";
import { interruptible } from "./interruptible";
import { inPairs } from "./pairs";
import { BenchStack } from "./stack";
import { aligned, table, type Comparison } from "./statistics";
import { wholeNumber } from "./whole-number";

interface Options {
  readonly regions: readonly number[];
  readonly runs: number;
  readonly only?: "import" | "preview" | "regions";
  readonly json?: true;
}

function options(): Options {
  return new Command("npm run bench:aws --")
    .description(
      "Measures what Aurora over AWS regions costs beside AWS itself, which is a fake on this machine: RegionNetworks " +
        "with a peering mesh, and AuroraPostgres, with what they are by default. Each size has a state of its own.",
    )
    .option(
      "--regions <sizes>",
      "how many regions, by commas; three sizes tell the growth",
      sizes,
      [2, 5, 11],
    )
    .option("--runs <number>", "how many pairs of imports count, after one that warms up", wholeNumber, 5)
    .addOption(
      new Option("--only <part>", "measure one part alone").choices(["import", "preview", "regions"]),
    )
    .option("--json", "print one line of JSON instead of the tables")
    .parse()
    .opts<Options>();
}

function sizes(text: string): number[] {
  const given = text.split(",").map(Number);
  if (!given.every((size) => Number.isInteger(size) && size >= 1 && size <= awsRegions.length)) {
    throw new InvalidArgumentError(`They must be whole numbers from 1 to ${awsRegions.length}.`);
  }
  return given;
}

const units = {
  resources: "",
  preview: "s",
  "up: create": "s",
  "up: no change": "s",
  destroy: "s",
  "program: peak resident memory": "MB",
  "engine: peak resident memory": "MB",
} as const;

type Measured = Partial<Readonly<Record<keyof typeof units, number>>>;

/** A preview, an update that creates everything, one that changes nothing, and the end of it. */
async function measureRegions(size: number, parts: { readonly up: boolean }): Promise<Measured> {
  const regions = Object.fromEntries(awsRegions.slice(0, size).map((region) => [region, {}]));
  const db = { primary: awsRegions[0], regions, networks: { regions }, deletionProtection: false };
  const stack = await BenchStack.create(join(__dirname, "../support/program"), () => ({
    TOPOLOGIES: JSON.stringify({ db }),
  }));
  const run = async (...args: string[]) => {
    const ran = await stack.watched(...args, "--stack", "bench");
    process.stderr.write(`${size} regions: ${args[0]}: ${(ran.milliseconds / 1000).toFixed(1)} s\n`);
    return { ...ran, seconds: ran.milliseconds / 1000 };
  };
  try {
    const preview = await run("preview");
    const create = parts.up ? await run("up", "--yes", "--skip-preview") : undefined;
    const again = parts.up ? await run("up", "--yes", "--skip-preview") : undefined;
    if (again !== undefined && !/Resources:\n\s+\d+ unchanged\n/.test(again.stdout)) {
      throw new Error(`an update without a change changes something:\n${again.stdout}`);
    }
    const destroy = parts.up ? await run("destroy", "--yes", "--skip-preview") : undefined;
    const peaks = [preview, create, again].flatMap((ran) => (ran === undefined ? [] : [ran.peak]));
    return {
      resources: Number(/Resources:\n\s+\+ (\d+) to create/.exec(preview.stdout)?.[1]),
      preview: preview.seconds,
      ...(create && again && destroy
        ? { "up: create": create.seconds, "up: no change": again.seconds, destroy: destroy.seconds }
        : {}),
      "program: peak resident memory": Math.max(...peaks.map(({ program }) => program)) / 1e6,
      "engine: peak resident memory": Math.max(...peaks.map(({ engine }) => engine)) / 1e6,
    };
  } finally {
    await stack.dispose();
  }
}

function regionsTable(measured: ReadonlyMap<number, Measured>): string {
  const all = [...measured];
  const tellsGrowth = all.length >= 3;
  const whats = (Object.keys(units) as (keyof typeof units)[]).filter(
    (what) => all[0]![1][what] !== undefined,
  );
  const rows = whats.map((what) => {
    const values = new Map(all.map(([size, value]) => [size, value[what]!]));
    const text = (value: number) => (what === "resources" ? value.toFixed(0) : value.toFixed(1));
    const growth = tellsGrowth ? Object.values(growthOf(values)) : [];
    return [
      units[what] === "" ? what : `${what}, ${units[what]}`,
      ...[...values.values()].map(text),
      ...growth.map((value: number) => value.toFixed(what === "resources" ? 0 : 2)),
    ];
  });
  const head = all.map(([size]) => `${size} regions (${pairsOf(size)} pairs)`);
  return aligned([["", ...head, ...(tellsGrowth ? ["once", "per region", "per pair"] : [])], ...rows]);
}

async function main(): Promise<void> {
  const { regions, runs, only, json } = options();
  await interruptible(async () => {
    const root = resolve(__dirname, "../..");
    const imports = (name: string) => () => measureImports([name], root);
    const progress = (line: string) => process.stderr.write(`import: ${line}\n`);
    const compared: Comparison[] =
      only === "preview" || only === "regions"
        ? []
        : await inPairs(
            runs,
            imports("pulumi-multi-region-postgres/aurora"),
            imports("@pulumi/aws"),
            progress,
          );
    const measured = new Map<number, Measured>();
    for (const size of only === "import" ? [] : regions) {
      measured.set(size, await measureRegions(size, { up: only !== "preview" }));
    }
    if (json === true) {
      process.stdout.write(
        `${JSON.stringify({ regions: Object.fromEntries(measured), imports: compared })}\n`,
      );
      return;
    }
    if (compared.length > 0) {
      process.stdout.write(
        `min / median / max of ${runs} runs; the ratio is the median of the pairs' own\n\n` +
          `${table(compared, ["…/aurora", "all of @pulumi/aws"])}\n\n`,
      );
    }
    if (measured.size > 0) {
      process.stdout.write(`${regionsTable(measured)}\n`);
    }
  });
}

void main();
