import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { own } from "../../src/local/postgres/account";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { ask, writersOf } from "../support/region";

/** An update believes positions, not roles: what one region alone holds is neither overlooked nor replaced by a copy. */
describe("an update of regions that do not hold the same", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
    await write("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
  });
  afterAll(() => topology.dispose());

  const write = async (statement: string) => {
    const outputs = await topology.outputs();
    return ask(outputs, outputs.writerEndpoint, statement);
  };

  async function rowsIn(region: string): Promise<number> {
    const outputs = await topology.outputs();
    const rows = await ask<{ rows: number }>(
      outputs,
      outputs.regions[region]!.endpoint,
      "SELECT count(*)::int AS rows FROM kept",
    );
    return rows[0]!.rows;
  }

  test("a move is refused while replay is paused in the next writer, and every reader stays where it was", async () => {
    const outputs = await topology.outputs();
    const { endpoint } = outputs.regions["lisbon"]!;
    await ask(outputs, endpoint, "SELECT pg_wal_replay_pause()");

    const { code, output } = await topology.tryUp({ primary: "lisbon" });
    expect(code).not.toBe(0);
    expect(output).toContain("the writer stays in rome: lisbon does not replay: somebody has paused that");
    expect(await writersOf(outputs)).toEqual(["rome"]);
    const follows = await ask(
      outputs,
      outputs.regions["dublin"]!.endpoint,
      "SELECT sender_port, status FROM pg_stat_wal_receiver",
    );
    expect(follows).toEqual([{ sender_port: outputs.regions["rome"]!.endpoint.port, status: "streaming" }]);

    await ask(outputs, endpoint, "SELECT pg_wal_replay_resume()");
    await topology.up();
  });

  test("a reader that somebody promoted does not keep the writer from moving", async () => {
    const outputs = await topology.outputs();
    await ask(outputs, outputs.regions["dublin"]!.endpoint, "SELECT pg_promote()");

    await topology.up({ primary: "lisbon" });
    expect(await writersOf(outputs)).toEqual(["lisbon"]);
    expect(await rowsIn("dublin")).toBe(1000);
    await topology.up({ primary: "rome" });
  });

  test("a reader ahead of a writer that went back in time is refused, and no row is deleted", async () => {
    const rome = topology.region("rome");
    await rome.stopByHand();
    const copy = `${rome.files.data}.copy`;
    await cp(rome.files.data, copy, { recursive: true });
    await rome.startByHand();
    await write("INSERT INTO kept SELECT generate_series(1001, 50000)");
    // Readers whose writer was away try again after some seconds.
    await eventually(async () => expect(await rowsIn("lisbon")).toBe(50_000), 60);
    await rome.stopByHand();
    await rm(rome.files.data, { recursive: true });
    await cp(copy, rome.files.data, { recursive: true });
    await rm(copy, { recursive: true });
    await ownAll(rome.files.data);
    await rome.startByHand();
    expect(await rowsIn("rome")).toBe(1000);

    const { code, output } = await topology.tryUp();
    expect(code).not.toBe(0);
    expect(output).toMatch(/lisbon holds what rome, the writer, does not: it has got to \S+ on timeline \d+/);
    expect(await rowsIn("lisbon")).toBe(50_000);

    await topology.up({ primary: "lisbon", lost: ["rome"] });
    await topology.up({ lost: [] });
    expect(await rowsIn("rome")).toBe(50_000);
    expect(await writersOf(await topology.outputs())).toEqual(["lisbon"]);
  });

  test("a reader that went past the fork is refused until its rows are given up", async () => {
    const dublin = topology.region("dublin");
    const alone = "SELECT to_regclass('alone')::text AS name";
    await dublin.stopByHand();
    await rm(dublin.files.standbySignal);
    await dublin.startByHand();
    const outputs = await topology.outputs();
    const { endpoint } = outputs.regions["dublin"]!;
    await ask(outputs, endpoint, "CREATE TABLE alone AS SELECT generate_series(1, 20000) AS id");
    await dublin.stopByHand();
    await dublin.becomeStandby();

    const { code, output } = await topology.tryUp({ primary: "rome" });
    expect(code).not.toBe(0);
    // It may have begun a file of the new timeline by then: either way it holds log that rome does not.
    expect(output).toMatch(
      /dublin holds what rome, the writer, does not: it (went on|has got) to \S+ on timeline/,
    );
    expect(await ask(outputs, endpoint, alone)).toEqual([{ name: "alone" }]);

    await topology.up({ primary: "rome", lost: ["dublin"] });
    await topology.up({ lost: [] });
    expect(await ask(outputs, endpoint, alone)).toEqual([{ name: null }]);
    expect(await rowsIn("dublin")).toBe(50_000);
  });
});

async function ownAll(folder: string): Promise<void> {
  await own(folder);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await own(join(entry.parentPath, entry.name));
  }
}
