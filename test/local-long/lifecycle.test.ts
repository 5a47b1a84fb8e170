import { existsSync } from "node:fs";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { freePorts } from "../support/ports";
import { ask, writersOf } from "../support/region";

describe("a topology on this machine", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
  });
  afterAll(() => topology.dispose());

  async function askIn<Row extends object>(
    region: string,
    statement: string,
    role = "postgres",
  ): Promise<Row> {
    const outputs = await topology.outputs();
    return (await ask<Row>(outputs, outputs.regions[region]!.endpoint, statement, { role }))[0]!;
  }

  const startOf = async (region: string): Promise<string> =>
    (await askIn<{ at: string }>(region, "SELECT pg_postmaster_start_time()::text AS at")).at;

  const startsOf = (...regions: string[]): Promise<string[]> => Promise.all(regions.map(startOf));

  test("has one writer, and what is written there is read in every region", async () => {
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual(["rome"]);
    expect(outputs.handover).toMatchObject({ kind: "founding", to: "rome" });

    await askIn("rome", "CREATE TABLE greeting AS SELECT 'ciao' AS word", "app");
    for (const region of ["rome", "lisbon", "dublin"]) {
      const row = await eventually(() => askIn<{ word: string }>(region, "SELECT word FROM greeting", "app"));
      expect(row).toEqual({ word: "ciao" });
    }
  });

  test("speaks TLS only, and replicates by certificate", async () => {
    const { sessions } = await askIn<{ sessions: number }>(
      "rome",
      `SELECT count(*)::int AS sessions FROM pg_stat_replication r JOIN pg_stat_ssl s USING (pid)
        WHERE s.ssl AND s.client_dn = '/CN=streaming_replica' AND r.state = 'streaming'`,
    );
    expect(sessions).toBe(2);
  });

  test("takes parameters and roles up without a restart where PostgreSQL can", async () => {
    const before = await startsOf("rome", "lisbon");
    await topology.up({
      parameters: { work_mem: "8MB" },
      roles: {
        readers: { login: false, memberOf: ["pg_read_all_data"] },
        report: { memberOf: ["readers"], connectionLimit: 2 },
        debezium: { replication: true },
      },
    });
    expect(await askIn("lisbon", "SHOW work_mem")).toEqual({ work_mem: "8MB" });
    expect(await askIn("dublin", "SELECT word FROM greeting", "report")).toEqual({ word: "ciao" });
    expect(await askIn("rome", "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'report'")).toEqual({
      rolconnlimit: 2,
    });
    const attributes = `SELECT json_object_agg(rolname, json_build_array(rolcanlogin, rolreplication, rolpassword IS NULL))
                          AS roles FROM pg_authid WHERE rolname IN ('readers', 'report', 'debezium')`;
    expect(await askIn("rome", attributes)).toEqual({
      roles: {
        readers: [false, false, true],
        report: [true, false, false],
        debezium: [true, true, false],
      },
    });
    expect(Object.keys((await topology.outputs()).credentials)).not.toContain("readers");
    expect(await startsOf("rome", "lisbon")).toEqual(before);
  });

  test("raises and lowers a parameter that no reader may have less of than the writer", async () => {
    const outputs = await topology.outputs();
    for (const max_connections of ["120", "60"]) {
      await topology.up({ parameters: { max_connections }, roles: {} });
      for (const region of ["rome", "lisbon", "dublin"]) {
        expect(await askIn(region, "SHOW max_connections")).toEqual({ max_connections });
      }
    }
    // The role that is no longer declared was retired meanwhile.
    await expect(ask(outputs, outputs.writerEndpoint, "SELECT 1", { role: "report" })).rejects.toThrow(
      /not permitted to log in|password authentication failed/,
    );
  });

  test("hibernates a region, and touches no other", async () => {
    const before = await startsOf("rome", "lisbon");
    const { rome, lisbon, dublin } = topology.args.regions as Record<string, { port: number }>;
    await topology.up({
      regions: { rome: rome!, lisbon: lisbon!, dublin: { ...dublin!, hibernated: true } },
    });
    expect(await topology.region("dublin").isRunning()).toBe(false);
    expect(Object.keys((await topology.outputs()).readerEndpoints)).toEqual(["lisbon"]);
    expect(await startsOf("rome", "lisbon")).toEqual(before);
    expect(await topology.up()).toMatch(/\d+ unchanged\s/);
  });

  test("resumes it, which catches up, and moves another to another port by restarting that alone", async () => {
    await askIn("rome", "UPDATE greeting SET word = 'salve'", "app");
    const [before, beforeMove] = await startsOf("rome", "lisbon");
    const { rome, dublin } = topology.args.regions as Record<string, { port: number }>;
    const [port] = (await freePorts(1)) as [number];
    await topology.up({ regions: { rome: rome!, lisbon: { port }, dublin: { port: dublin!.port } } });
    const row = await eventually(() => askIn<{ word: string }>("dublin", "SELECT word FROM greeting", "app"));
    expect(row).toEqual({ word: "salve" });
    expect(await askIn("lisbon", "SHOW port")).toEqual({ port: String(port) });
    expect(await startOf("lisbon")).not.toBe(beforeMove);
    expect(await startOf("rome")).toBe(before);
  });

  test("tells in a diff which region comes, by its name, and prints no key or certificate", async () => {
    const { regions } = topology.args;
    const [port] = (await freePorts(1)) as [number];
    // The first in the alphabet: a list would have every name at another position.
    const wider = { db: { ...topology.args, regions: { athens: { port }, ...regions } } };
    const preview = await topology.stack.preview(wider, "--diff");
    expect(preview).toMatch(/~ followers +: \{\s+\+ athens: true\s+dublin: true/);
    expect(preview).not.toMatch(/\[\d+\]: "(athens|dublin|lisbon|rome)"/);

    const printed = await topology.stack.up(wider, "--diff");
    expect(printed).toContain("db-secrets-server-athens-certificate");
    expect(printed.split("--outputs:--\n  ~ db")[0]).not.toMatch(/BEGIN|ssh-|ecdsa-sha2/);
    await topology.up();
  });

  test("adds and removes a region under load, and touches no other", async () => {
    const before = await startsOf("rome", "lisbon", "dublin");
    const { regions } = topology.args;
    const [port] = (await freePorts(1)) as [number];

    const report = await topology.underLoad(async () => {
      await topology.up({ regions: { ...regions, oslo: { port } } });
      expect(await askIn("oslo", "SELECT pg_is_in_recovery() AS standby")).toEqual({ standby: true });
      // The data is kept for the next test.
      await topology.up({ regions, keepData: true });
    });

    expect(report.acknowledged).toBeGreaterThan(0);
    expect(report).toMatchObject({ lost: 0, unexpected: 0 });
    expect(await startsOf("rome", "lisbon", "dublin")).toEqual(before);
    expect(existsSync(topology.region("oslo").folder)).toBe(false);
    const slots = "SELECT string_agg(slot_name, ',' ORDER BY slot_name) AS names FROM pg_replication_slots";
    expect(await askIn("rome", slots)).toEqual({ names: "region_dublin,region_lisbon" });
  });

  test("keeps its data when destroyed, if asked, and takes it up again", async () => {
    await topology.stack.destroy();
    for (const region of ["rome", "lisbon", "dublin"]) {
      expect(await topology.region(region).isRunning()).toBe(false);
    }

    await topology.up({ keepData: false });
    expect(await askIn("lisbon", "SELECT word FROM greeting", "app")).toEqual({ word: "salve" });
  });

  test("leaves no process, port or file behind when destroyed", async () => {
    const regions = ["rome", "lisbon", "dublin"].map((region) => topology.region(region));
    await topology.stack.destroy();
    expect(await Promise.all(regions.map((region) => region.isRunning()))).toEqual([false, false, false]);
    expect(existsSync(topology.dataDir)).toBe(false);
  });
});
