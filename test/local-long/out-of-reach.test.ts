import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { signal } from "../support/processes";
import { ask, connectTo, writersOf } from "../support/region";

/** A lost writer that lives, and that no fence reaches: its folder is on a disk that this machine does not see. */
describe("a lost writer that goes on out of reach", () => {
  let topology: LocalTopology;
  let processes: number[] = [];

  beforeEach(async () => {
    topology = await LocalTopology.create({ durability: "region" });
    await topology.up();
    await askRegion("rome", "CREATE TABLE kept (id int)");
    // Its command line says `-D .`, and its folder has another name: nothing tells that it is rome's server.
    const rome = topology.region("rome");
    await rome.stopByHand();
    await rome.startByHand();
    processes = await rome.processes();
    await rename(rome.folder, `${rome.folder}-elsewhere`);
  });
  afterEach(async () => {
    await bringBack();
    await topology.dispose();
  });

  /** Rome's disk is seen again, and rome's server is down. */
  async function bringBack(): Promise<void> {
    const { folder } = topology.region("rome");
    processes.splice(0).forEach((pid) => signal(pid, "SIGKILL"));
    if (existsSync(`${folder}-elsewhere`)) {
      await rename(`${folder}-elsewhere`, folder);
    }
  }

  async function askRegion<Row extends object>(region: string, statement: string): Promise<Row[]> {
    const outputs = await topology.outputs();
    return ask<Row>(outputs, outputs.regions[region]!.endpoint, statement);
  }

  async function received(region: string): Promise<string> {
    const [row] = await askRegion<{ lsn: string }>(region, "SELECT pg_last_wal_receive_lsn() AS lsn");
    return row!.lsn;
  }

  /** Lisbon receives a row and does not replay it: a failover to lisbon waits for that. */
  async function holdReplay(row: number): Promise<void> {
    await askRegion("lisbon", "SELECT pg_wal_replay_pause()");
    await eventually(async () =>
      expect(await askRegion("lisbon", "SELECT pg_get_wal_replay_pause_state() AS state")).toEqual([
        { state: "paused" },
      ]),
    );
    await askRegion("rome", `INSERT INTO kept VALUES (${row})`);
    await eventually(async () => expect(await received("lisbon")).toBe(await received("dublin")));
  }

  test("keeps its readers where the failover is refused", async () => {
    await holdReplay(1);
    const { code, output } = await topology.tryUp({ primary: "lisbon", lost: ["rome"] });
    expect(code).not.toBe(0);
    expect(output).toContain("lisbon has not replayed all that it received");
    await askRegion("lisbon", "SELECT pg_wal_replay_resume()");

    // With durability "region" this waits for a reader.
    await eventually(() => askRegion("rome", "INSERT INTO kept VALUES (2)"));
    await eventually(async () =>
      expect(await askRegion("lisbon", "SELECT count(*)::int AS rows FROM kept WHERE id = 2")).toEqual([
        { rows: 1 },
      ]),
    );
  });

  test("acknowledges nothing that the next writer does not have", async () => {
    await holdReplay(1);
    // PostgreSQL's background writer logs something by itself within 15 s. After that lisbon lacks nothing that dublin has: it
    // does not fetch from dublin what rome goes on to write.
    await sleep(17_000);
    await eventually(async () => expect(await received("lisbon")).toBe(await received("dublin")));
    await topology.region("lisbon").cutOff();
    const [receiver] = await askRegion<{ pid: number }>("lisbon", "SELECT pid FROM pg_stat_wal_receiver");
    signal(receiver!.pid, "SIGTERM");
    const outputs = await topology.outputs();
    const client = await connectTo(outputs, outputs.regions["rome"]!.endpoint);

    const update = topology.tryUp({ primary: "lisbon", lost: ["rome"] });
    await eventually(async () => {
      const waiting = await askRegion(
        "lisbon",
        "SELECT FROM pg_stat_activity WHERE application_name = 'pulumi' AND query LIKE '%pg_last_wal_re%'",
      );
      expect(waiting).toHaveLength(1);
    }, 60);
    let acknowledged = false;
    const commit = client.query("INSERT INTO kept VALUES (2)").then(
      () => (acknowledged = true),
      () => undefined,
    );
    await Promise.race([commit, sleep(2000)]);
    await askRegion("lisbon", "SELECT pg_wal_replay_resume()");
    expect(await update).toMatchObject({ code: 0 });
    await Promise.race([commit, sleep(1000)]);

    const rows = await askRegion<{ id: number }>("lisbon", "SELECT id FROM kept ORDER BY id");
    expect(rows.map(({ id }) => id)).toEqual(acknowledged ? [1, 2] : [1]);
    await client.end().catch(() => undefined);
  });

  test("is fenced when it comes back in the update that moves the writer again", async () => {
    const rome = topology.region("rome");
    await eventually(() => askRegion("rome", "INSERT INTO kept VALUES (1)"));
    await topology.up({ primary: "lisbon", lost: ["rome"] });
    await bringBack();
    expect(await rome.condition()).toMatchObject({ standby: false, fenced: false });

    let seen = false;
    const update = topology.tryUp({ primary: "dublin", lost: [] }).finally(() => (seen = true));
    while (!seen) {
      const { standby, fenced, pid } = await rome.condition();
      expect({ runsAsWriter: pid !== undefined && !standby && !fenced }).toEqual({ runsAsWriter: false });
      await sleep(50);
    }
    expect(await update).toMatchObject({ code: 0 });
    expect(await writersOf(await topology.outputs())).toEqual(["dublin"]);
    for (const region of ["rome", "lisbon", "dublin"]) {
      await eventually(async () =>
        expect(await askRegion(region, "SELECT id FROM kept")).toEqual([{ id: 1 }]),
      );
    }
  });
});
