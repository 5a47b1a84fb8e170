import { printedAt, type HandoverStep } from "../support/interruptions";
import { LocalTopology } from "../support/local";
import { writersOf } from "../support/region";

/** Steps that differ in kind: `npm run campaign` kills the update at every step, for every ending. */
describe("a handover whose update is killed", () => {
  let topology: LocalTopology;
  let [old, next, third] = ["rome", "lisbon", "dublin"] as [string, string, string];

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
  });
  afterAll(() => topology.dispose());

  async function killed(step: HandoverStep, { thenTo }: { thenTo: string }): Promise<void> {
    const at = printedAt(step, { old, next, third });
    const report = await topology.underLoad(async () => {
      const { output } = await topology.stack.killUp({ db: { ...topology.args, primary: next } }, at);
      expect(output).toContain(at);
      await topology.up({ primary: thenTo });
    });
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(await writersOf(await topology.outputs())).toEqual([thenTo]);
  }

  test.each([
    "LocalServer db-OLD updating",
    "LocalServer db-NEW updating",
    "LocalReplication db-OLD-replication updating",
  ] as const)("at %s is finished by the next update", async (step) => {
    await killed(step, { thenTo: next });
    [old, next, third] = [next, third, old];
  });

  test("when the token is handed over, but not used, can also be taken back", () =>
    killed("LocalHandover db-handover updated", { thenTo: old }));

  test("before it began can also be sent to a region that was turned away from the writer by then", async () => {
    await topology.region(third).cutOff();
    await topology.up({ primary: third });
    expect(await writersOf(await topology.outputs())).toEqual([third]);
    [old, third] = [third, old];
  });

  test("half-way, when nobody writes, can also be sent to a third region", () =>
    killed("LocalServer db-OLD updated", { thenTo: third }));
});
