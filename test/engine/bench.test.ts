import { handWritten, withComponent, type Program } from "../bench/deployments";
import { BenchStack } from "../bench/stack";

interface Preview {
  readonly steps: readonly {
    readonly newState: {
      readonly type: string;
      readonly custom: boolean;
      readonly inputs?: Record<string, unknown>;
    };
  }[];
}

/** What a program declares: of each resource the last word of its type, and its inputs but for the run's own. */
async function declaredBy({ folder, environmentOf }: Program): Promise<string[]> {
  const stack = await BenchStack.create(folder, environmentOf);
  try {
    const { stdout } = await stack.pulumi("preview", "--json", "--stack", "bench");
    const { steps } = JSON.parse(stdout) as Preview;
    return steps
      .filter(({ newState }) => newState.custom)
      .map(({ newState: { type, inputs } }) => {
        const own = /^(folder|port|topology|__provider|primary|regions)$/;
        const values = Object.entries(inputs ?? {}).map(([key, value]) => [key, own.test(key) ? "" : value]);
        const word = type.replace(/^.*[:/]/, "").replace(/^Local(?=Server|Replication|Handover)/, "");
        return `${word} ${JSON.stringify(Object.fromEntries(values.sort()))}`;
      })
      .sort();
  } finally {
    await stack.dispose();
  }
}

it("the benchmark's hand-written program declares what the component does", async () => {
  const byComponent = await declaredBy(withComponent);
  expect(byComponent.length).toBeGreaterThan(20);
  expect(await declaredBy(handWritten)).toEqual(byComponent);
});
