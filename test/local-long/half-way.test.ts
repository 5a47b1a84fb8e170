import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { signal } from "../support/processes";
import { ask, writersOf } from "../support/region";

describe("a failover that ends half-way", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create({ durability: "region" });
    await topology.up();
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
  });
  afterAll(() => topology.dispose());

  /** Fences rome, and cannot promote lisbon: dublin, which may hold more, does not answer. */
  async function failHalfWay(): Promise<void> {
    const { pid } = await topology.region("dublin").condition();
    signal(pid!, "SIGSTOP");
    try {
      const { code } = await topology.tryUp({ primary: "lisbon", lost: ["rome"] });
      expect(code).not.toBe(0);
    } finally {
      signal(pid!, "SIGCONT");
    }
    expect((await topology.region("rome").condition()).fenced).toBe(true);
    expect(await writersOf(await topology.outputs())).toEqual([]);
  }

  async function expectHealthy(primary: string): Promise<void> {
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual([primary]);
    for (const { endpoint } of Object.values(outputs.regions)) {
      await eventually(async () =>
        expect(await ask(outputs, endpoint, "SELECT count(*)::int AS rows FROM kept")).toEqual([
          { rows: 1000 },
        ]),
      );
    }
  }

  test("is taken back: the fenced writer writes again, with every row", async () => {
    await failHalfWay();
    await topology.up();
    await expectHealthy("rome");
  });

  test("is finished by the next update once the obstacle is gone", async () => {
    await failHalfWay();
    await topology.up({ primary: "lisbon", lost: ["rome"] });
    await topology.up({ lost: [] });
    await expectHealthy("lisbon");
  });
});
