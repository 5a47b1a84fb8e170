import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { LocalTopology } from "../support/local";
import { ask, writersOf } from "../support/region";

/** What happens to servers behind Pulumi's back. */
describe("an update", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE kept AS SELECT 1 AS id");
  });
  afterAll(() => topology.dispose());

  async function expectHealthy(): Promise<void> {
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual([topology.args.primary]);
    for (const region of Object.keys(outputs.readerEndpoints)) {
      const { endpoint } = outputs.regions[region]!;
      const statement = "SELECT (SELECT count(*)::int FROM kept) AS rows, status FROM pg_stat_wal_receiver";
      expect(await ask(outputs, endpoint, statement)).toEqual([{ rows: 1, status: "streaming" }]);
    }
    expect(await topology.up()).toMatch(/\d+ unchanged\s/);
  }

  test("starts everything again after a reboot, with nothing lost", async () => {
    for (const region of ["rome", "lisbon", "dublin"]) {
      await topology.region(region).kill();
    }
    await topology.up();
    await expectHealthy();
  });

  test("starts a dead server again, and makes a reader that somebody promoted follow again; a refresh notices", async () => {
    const outputs = await topology.outputs();
    const { endpoint } = outputs.regions["dublin"]!;
    await ask(outputs, endpoint, "SELECT pg_promote()");
    await ask(outputs, endpoint, "INSERT INTO kept VALUES (2)");
    expect(await writersOf(outputs)).toEqual(["dublin", "rome"]);
    await topology.region("lisbon").kill();
    const noticed = await topology.stack.refresh({ db: topology.args });
    expect(noticed).toMatch(/status\s*:\s*"running"\s*=>\s*"stopped"/);
    expect(noticed).toMatch(/observedRole\s*:\s*"reader"\s*=>\s*"writer"/);

    await topology.up();
    await expectHealthy();
  });

  test("makes the writer write again when somebody has made it a standby", async () => {
    const rome = topology.region("rome");
    await rome.stopByHand();
    await writeFile(rome.files.standbySignal, "");
    await rome.startByHand();
    expect(await writersOf(await topology.outputs())).toEqual([]);

    await topology.up();
    await expectHealthy();
  });

  test("clones a reader afresh that has fallen behind too far, and says so", async () => {
    await topology.up({
      parameters: { max_slot_wal_keep_size: "16MB", wal_keep_size: "0", max_wal_size: "32MB" },
    });
    await topology.region("dublin").stopByHand();
    const outputs = await topology.outputs();
    await ask(
      outputs,
      outputs.writerEndpoint,
      "CREATE TABLE bulk AS SELECT generate_series(1, 1000000) AS id",
    );
    for (let round = 0; round < 3; round++) {
      await ask(outputs, outputs.writerEndpoint, "SELECT pg_switch_wal()");
      await ask(outputs, outputs.writerEndpoint, "CHECKPOINT");
    }
    expect(await topology.stack.refresh({ db: topology.args })).toContain("fallen behind too far");

    await topology.up();
    const dublin = (await topology.stack.resources()).find(({ urn }) =>
      urn.endsWith("db-dublin-replication"),
    );
    expect(dublin!.outputs).toMatchObject({ lastMending: "cloned: it had fallen behind too far" });
    await expectHealthy();
  });

  test("refuses to start the writer empty when its data is gone", async () => {
    const rome = topology.region("rome");
    await rome.stopByHand();
    await rm(rome.files.data, { recursive: true });
    const { code, output } = await topology.tryUp();
    expect(code).not.toBe(0);
    expect(output).toContain("the data of rome is gone");

    await topology.up({ primary: "lisbon", lost: ["rome"], parameters: {} });
    await topology.up({ lost: [] });
    await expectHealthy();
  });

  test("keeps every key and certificate of a server closed to other accounts", async () => {
    const { files } = topology.region("lisbon");
    for (const file of [files.serverKey, files.replicationKey]) {
      expect((await stat(file)).mode & 0o077).toBe(0);
      expect(await readFile(file, "utf8")).toContain("PRIVATE KEY");
    }
  });
});
