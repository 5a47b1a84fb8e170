import { join } from "node:path";
import type { Measured } from "./pairs";
import { BenchStack, type Place } from "./stack";

export interface Program {
  readonly folder: string;
  readonly environmentOf: (place: Place) => NodeJS.ProcessEnv;
}

export const withComponent: Program = {
  folder: join(__dirname, "../support/program"),
  environmentOf: ({ dataDir, ports: [rome, lisbon, dublin] }) => {
    const regions = { rome: { port: rome }, lisbon: { port: lisbon }, dublin: { port: dublin } };
    return { TOPOLOGIES: JSON.stringify({ db: { primary: "rome", regions, dataDir } }) };
  },
};

export const handWritten: Program = {
  folder: join(__dirname, "hand-written"),
  environmentOf: ({ dataDir, ports }) => ({ BENCH_FOLDER: dataDir, BENCH_PORTS: ports.join(",") }),
};

/** What a user waits for: a preview, an update that creates three regions, and one that changes nothing. */
export async function measureDeployment(
  { folder, environmentOf }: Program,
  parts: { readonly preview: boolean; readonly up: boolean },
): Promise<Measured> {
  const stack = await BenchStack.create(folder, environmentOf);
  const options = ["--stack", "bench"];
  const measured: Record<string, Measured[string]> = {};
  const time = async (what: string, ...args: string[]) => {
    const { milliseconds } = await stack.pulumi(...args, ...options);
    measured[what] = { value: milliseconds, unit: "ms" };
  };
  try {
    if (parts.preview) {
      await time("pulumi preview", "preview");
    }
    if (parts.up) {
      await time("pulumi up: create", "up", "--yes", "--skip-preview");
      await time("pulumi up: no change", "up", "--yes", "--skip-preview");
    }
    return measured;
  } finally {
    await stack.dispose();
  }
}
