import { LocalTopology } from "../support/local";
import { writersOf } from "../support/region";

describe("a handover whose update is killed", () => {
  let topology: LocalTopology;
  let [old, next, third] = ["rome", "lisbon", "dublin"] as [string, string, string];

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
  });
  afterAll(() => topology.dispose());

  async function killAt(step: string): Promise<void> {
    const at = step.replace("OLD", old).replace("NEW", next).replace("THIRD", third);
    const { output } = await topology.stack.killUp({ db: { ...topology.args, primary: next } }, at);
    expect(output).toContain(at);
  }

  test.each([
    "LocalServer db-OLD updating",
    "LocalServer db-OLD updated",
    "LocalServer db-THIRD updated",
    "LocalHandover db-handover updating",
    "LocalHandover db-handover updated",
    "LocalServer db-NEW updating",
    "LocalServer db-NEW updated",
    "LocalReplication db-OLD-replication updating",
    "LocalReplication db-THIRD-replication updated",
  ])("at %s is finished by the next update", async (step) => {
    const report = await topology.underLoad(async () => {
      await killAt(step);
      await topology.up({ primary: next });
    });

    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(await writersOf(await topology.outputs())).toEqual([next]);
    [old, next, third] = [next, third, old];
  });

  test.each(["LocalServer db-OLD updated", "LocalHandover db-handover updated"])(
    "at %s can also be taken back",
    async (step) => {
      const report = await topology.underLoad(async () => {
        await killAt(step);
        await topology.up({ primary: old });
      });

      expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
      expect(await writersOf(await topology.outputs())).toEqual([old]);
    },
  );

  test("before it began can also be sent to a region that was turned away from the writer by then", async () => {
    await topology.region(third).cutOff();
    await topology.up({ primary: third });
    expect(await writersOf(await topology.outputs())).toEqual([third]);
    [old, third] = [third, old];
  });

  test("half-way can also be sent to a third region", async () => {
    const report = await topology.underLoad(async () => {
      await killAt("LocalServer db-OLD updated");
      await topology.up({ primary: third });
    });

    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(await writersOf(await topology.outputs())).toEqual([third]);
  });
});
