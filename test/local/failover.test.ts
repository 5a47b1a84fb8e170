import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { LocalPostgresArgs } from "../../src/local";
import { parseProcStat } from "../../src/local/postgres/process-records";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { ask, writersOf } from "../support/region";

describe("a failover", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
  });
  afterAll(() => topology.dispose());

  async function rejoin(region: string, changes: Partial<LocalPostgresArgs> = {}): Promise<void> {
    await topology.up({ lost: [], ...changes });
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).not.toContain(region);
    const rows = await ask(
      outputs,
      outputs.regions[region]!.endpoint,
      "SELECT status FROM pg_stat_wal_receiver",
    );
    expect(rows).toEqual([{ status: "streaming" }]);
  }

  test("never happens because a writer is down: only `lost` makes it so", async () => {
    await topology.region("rome").kill();
    await topology.up({ primary: "lisbon" });
    const outputs = await topology.outputs();
    expect(outputs.handover).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
  });

  test("moves the writer away from a region that was killed under load", async () => {
    const report = await topology.underLoad(async (drill) => {
      drill.marker("lisbon is killed");
      await topology.region("lisbon").kill();
      await topology.up({ primary: "rome", lost: ["lisbon"] });
    });
    console.log(`from the kill to the next acknowledged write: ${Math.round(report.longestPauseMs)} ms`);

    expect(report).toMatchObject({ unexpected: 0, secondWriterSamples: 0 });
    const outputs = await topology.outputs();
    expect(outputs.handover).toMatchObject({ kind: "failover", from: "lisbon", to: "rome" });
    expect(outputs.handover.arrived?.lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
    expect(Object.keys(outputs.readerEndpoints)).toEqual(["dublin"]);
    expect(await writersOf(outputs)).toEqual(["rome"]);
    expect(await topology.up()).toMatch(/\d+ unchanged\s/);
  });

  test("lets the lost region come back as a reader", () => rejoin("lisbon"));

  test("tells what had not arrived, and what was written alone is gone after the rejoin", async () => {
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE alone (word text)");
    await eventually(() => ask(outputs, outputs.regions["lisbon"]!.endpoint, "SELECT FROM alone"));
    for (const reader of ["lisbon", "dublin"]) {
      await topology.region(reader).cutOff();
    }
    await sleep(500);
    await ask(outputs, outputs.writerEndpoint, "INSERT INTO alone VALUES ('unheard')");
    await topology.region("rome").kill();

    await topology.up({ primary: "lisbon", lost: ["rome"] });
    const after = await topology.outputs();
    expect(after.handover.arrived).toMatchObject({
      lsn: expect.any(String),
      lastCommitAt: expect.any(String),
    });
    expect(await ask(after, after.writerEndpoint, "SELECT word FROM alone")).toEqual([]);

    await rejoin("rome");
    expect(await ask(after, after.regions["rome"]!.endpoint, "SELECT word FROM alone")).toEqual([]);
  });

  test("is refused while another update of the topology runs, which is named; a preview is not", async () => {
    const claim = join(topology.dataDir, ".update-test");
    const { started } = parseProcStat(await readFile("/proc/self/stat", "utf8"))!;
    const since = new Date().toISOString();
    await writeFile(claim, JSON.stringify({ owner: "shop/prod/db", pid: process.pid, started, since }));
    try {
      const { code, output } = await topology.tryUp({ primary: "rome" });
      expect(code).not.toBe(0);
      expect(output).toContain(`is running: shop/prod/db, process ${process.pid}, since ${since}`);
      expect(await writersOf(await topology.outputs())).toEqual(["lisbon"]);
      await topology.stack.preview({ db: { ...topology.args, primary: "rome" } });
    } finally {
      await rm(claim);
    }
  });

  test("fences a killed writer that somebody started by hand before the update", async () => {
    const report = await topology.underLoad(async () => {
      await topology.region("lisbon").kill();
      await topology.region("lisbon").startByHand();
      await topology.up({ primary: "rome", lost: ["lisbon"] });
    });
    expect(report.secondWriterSamples).toBe(0);
    expect(await topology.region("lisbon").isRunning()).toBe(false);
  });

  test("leaves a lost writer so that nobody can start it as a writer by hand", async () => {
    await topology.region("lisbon").startByHand();
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual(["rome"]);
    await rejoin("lisbon", { durability: "region" });
  });

  test("loses nothing while commits wait for another region, whichever reader had confirmed them", async () => {
    const report = await topology.underLoad(async () => {
      // Only dublin confirms from now on; lisbon is the one that will be promoted.
      await topology.region("lisbon").cutOff();
      await sleep(1000);
      await topology.region("rome").kill();
      await topology.up({ primary: "lisbon", lost: ["rome"] });
    });
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
  });

  test("leaves a lost writer that can acknowledge nothing while commits wait for another region", async () => {
    // Somebody takes the fence away and starts it: a region that could not be reached would be like this.
    const rome = topology.region("rome");
    await rm(rome.files.standbySignal);
    await rome.startByHand();
    const outputs = await topology.outputs();
    const client = new Client({
      ...outputs.regions["rome"]!.endpoint,
      user: "app",
      password: outputs.credentials["app"]!.password,
      database: "app",
      ssl: { ca: outputs.caCertificate },
      query_timeout: 3000,
    });
    client.on("error", () => undefined);
    await client.connect();
    await expect(client.query("CREATE TABLE split_brain ()")).rejects.toThrow("timeout");
    await client.end();

    await rejoin("rome");
  });
});
