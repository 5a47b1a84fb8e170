import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { signal } from "../support/processes";
import { ask, writersOf } from "../support/region";

/** What happens to a writer while it is demoted. */
describe("a demotion", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
  });
  afterAll(() => topology.dispose());

  test("takes no token from a writer that was killed before it was shut down: it recovers first", async () => {
    const rome = topology.region("rome");
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE kept AS SELECT 1 AS id");
    // A shutdown waits for every backend before its checkpoint, and this one does not end.
    const held = await frozenBackend();
    const log = () => readFile(rome.files.log, "utf8");
    const before = (await log()).length;

    const update = topology.tryUp({ primary: "lisbon" });
    await eventually(async () => {
      expect((await log()).slice(before)).toContain("received fast shutdown request");
    }, 60);
    await rome.kill();
    signal(held, "SIGKILL");
    expect(await update).toMatchObject({ code: 0 });

    topology.args = { ...topology.args, primary: "lisbon" };
    expect((await log()).slice(before)).toMatch(
      /not properly shut down[^]*database system is shut down[^]*entering standby mode/,
    );
    expect(await writersOf(outputs)).toEqual(["lisbon"]);
    expect(await ask(outputs, outputs.regions["rome"]!.endpoint, "SELECT id FROM kept")).toEqual([{ id: 1 }]);
  });

  test("does not wait for a reader that is connected and says nothing", async () => {
    const outputs = await topology.outputs();
    const [receiver] = await ask<{ pid: number }>(
      outputs,
      outputs.regions["dublin"]!.endpoint,
      "SELECT pid FROM pg_stat_wal_receiver",
    );
    signal(receiver!.pid, "SIGSTOP");
    try {
      await eventually(async () => {
        const [row] = await ask<{ silent: boolean }>(
          outputs,
          outputs.regions["lisbon"]!.endpoint,
          "SELECT reply_time < now() - interval '6 s' AS silent FROM pg_stat_replication WHERE application_name = 'dublin'",
        );
        expect(row?.silent).toBe(true);
      }, 30);
      const report = await topology.underLoad(async () => {
        await topology.tryUp({ primary: "rome" });
      });
      expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    } finally {
      signal(receiver!.pid, "SIGCONT");
    }
    await topology.up({ primary: "rome" });
    expect(await writersOf(outputs)).toEqual(["rome"]);
  });

  async function frozenBackend(): Promise<number> {
    const outputs = await topology.outputs();
    const client = new Client({
      ...outputs.writerEndpoint,
      user: "postgres",
      password: outputs.credentials["postgres"]!.password,
      ssl: { ca: outputs.caCertificate },
    });
    client.on("error", () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    signal(rows[0]!.pid, "SIGSTOP");
    return rows[0]!.pid;
  }
});
