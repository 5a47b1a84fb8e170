import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { signal } from "../support/processes";
import { ask, writersOf } from "../support/region";

/** Ways on and back from a failover that fenced the writer, and promoted no other region. */
describe("a failover that ends half-way", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create({ durability: "region" });
    await topology.up();
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
  });
  afterAll(() => topology.dispose());

  async function askRegion(region: string, statement: string): Promise<object[]> {
    const outputs = await topology.outputs();
    return ask(outputs, outputs.regions[region]!.endpoint, statement);
  }

  async function failToFailOver(): Promise<string> {
    const { code, output } = await topology.tryUp({ primary: "lisbon", lost: ["rome"] });
    expect(code).not.toBe(0);
    expect((await topology.region("rome").condition()).fenced).toBe(true);
    expect(await writersOf(await topology.outputs())).toEqual([]);
    return output.replace(/\s+/g, " ");
  }

  /** Dublin, which may hold more than lisbon, does not answer. */
  async function failByFrozenReader(): Promise<void> {
    const { pid } = await topology.region("dublin").condition();
    signal(pid!, "SIGSTOP");
    try {
      await failToFailOver();
    } finally {
      signal(pid!, "SIGCONT");
    }
  }

  /** Lisbon has received a row, and does not replay it. */
  async function failByPausedReplay(row: number): Promise<void> {
    await askRegion("lisbon", "SELECT pg_wal_replay_pause()");
    await eventually(async () =>
      expect(await askRegion("lisbon", "SELECT pg_get_wal_replay_pause_state() AS state")).toEqual([
        { state: "paused" },
      ]),
    );
    await askRegion("rome", `INSERT INTO kept VALUES (${row})`);
    try {
      expect(await failToFailOver()).toMatch(
        /lisbon has not replayed all.* No region was promoted.*To go on:.*To go back.*primary rome and without rome in lost/,
      );
    } finally {
      await askRegion("lisbon", "SELECT pg_wal_replay_resume()");
    }
  }

  async function expectHealthy(primary: string, rows: number): Promise<void> {
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual([primary]);
    for (const region of Object.keys(outputs.regions)) {
      await eventually(async () =>
        expect(await askRegion(region, "SELECT count(*)::int AS rows FROM kept")).toEqual([{ rows }]),
      );
    }
  }

  test("is taken back: the fenced writer writes again, with every row", async () => {
    await failByFrozenReader();
    await topology.up();
    await expectHealthy("rome", 1000);
  });

  test("is taken back after readers were cut off from the writer", async () => {
    await failByPausedReplay(1001);
    await topology.up();
    await expectHealthy("rome", 1001);
  });

  test("is finished by the next update once the obstacle is gone", async () => {
    await failByPausedReplay(1002);
    await topology.up({ primary: "lisbon", lost: ["rome"] });
    await topology.up({ lost: [] });
    await expectHealthy("lisbon", 1002);
    await topology.up({ primary: "rome" });
  });

  test("is finished with another region as primary", async () => {
    await failByPausedReplay(1003);
    await topology.up({ primary: "dublin", lost: ["rome"] });
    await topology.up({ lost: [] });
    await expectHealthy("dublin", 1003);
    await topology.up({ primary: "rome" });
  });

  test("names both ways where the server of a reader is what failed, and is taken back", async () => {
    const outputs = await topology.outputs();
    const [kept] = await ask<{ rows: number }>(
      outputs,
      outputs.writerEndpoint,
      "SELECT count(*)::int AS rows FROM kept",
    );
    const tls = join(topology.region("dublin").folder, "tls");
    await rename(tls, `${tls}.away`);
    await writeFile(tls, "");
    const { code, output } = await topology.tryUp({ primary: "lisbon", lost: ["rome"] });
    await rm(tls);
    await rename(`${tls}.away`, tls);
    expect(code).not.toBe(0);
    expect(output.replace(/\s+/g, " ")).toMatch(
      /dublin\/tls.* No region was promoted.*To go on:.*To go back.*primary rome and without rome in lost/,
    );
    await topology.up();
    await expectHealthy("rome", kept!.rows);
  });

  test("is not taken back once the other region writes, and the error names the way", async () => {
    await topology.up({ primary: "lisbon", lost: ["rome"] });
    const { code, output } = await topology.tryUp({ primary: "rome", lost: [] });
    expect(code).not.toBe(0);
    expect(output).toContain("the writer stays in lisbon");
    expect(await writersOf(await topology.outputs())).toEqual(["lisbon"]);
    await topology.up({ lost: [] });
    await expectHealthy("lisbon", 1003);
  });
});
