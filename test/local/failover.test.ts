import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
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

  async function rejoin(region: string): Promise<void> {
    await topology.up({ lost: [] });
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
    await topology.up({ primary: "rome" });
  });

  test("moves the writer away from a region that was killed under load", async () => {
    const report = await topology.underLoad(async (drill) => {
      drill.marker("rome is killed");
      await topology.region("rome").kill();
      await topology.up({ primary: "lisbon", lost: ["rome"] });
    });
    console.log(`from the kill to the next acknowledged write: ${Math.round(report.longestPauseMs)} ms`);

    expect(report).toMatchObject({ unexpected: 0, secondWriterSamples: 0 });
    const outputs = await topology.outputs();
    expect(outputs.handover).toMatchObject({ kind: "failover", from: "rome", to: "lisbon" });
    expect(outputs.handover.arrived?.lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
    expect(Object.keys(outputs.readerEndpoints)).toEqual(["dublin"]);
    expect(await writersOf(outputs)).toEqual(["lisbon"]);
    expect(await topology.up()).toMatch(/\d+ unchanged\s/);
  });

  test("lets the lost region come back as a reader", () => rejoin("rome"));

  test("tells what had not arrived, and what was written alone is gone after the rejoin", async () => {
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE alone (word text)");
    await eventually(() => ask(outputs, outputs.regions["rome"]!.endpoint, "SELECT FROM alone"));
    for (const reader of ["rome", "dublin"]) {
      await topology.region(reader).cutOff();
    }
    await sleep(500);
    await ask(outputs, outputs.writerEndpoint, "INSERT INTO alone VALUES ('unheard')");
    await topology.region("lisbon").kill();

    await topology.up({ primary: "rome", lost: ["lisbon"] });
    const after = await topology.outputs();
    expect(after.handover.arrived).toMatchObject({
      lsn: expect.any(String),
      lastCommitAt: expect.any(String),
      secondsBehind: expect.any(Number),
    });
    expect(await ask(after, after.writerEndpoint, "SELECT word FROM alone")).toEqual([]);

    await rejoin("lisbon");
    expect(await ask(after, after.regions["lisbon"]!.endpoint, "SELECT word FROM alone")).toEqual([]);
  });

  test("fences a killed writer that somebody started by hand before the update", async () => {
    const report = await topology.underLoad(async () => {
      await topology.region("rome").kill();
      await topology.region("rome").startByHand();
      await topology.up({ primary: "lisbon", lost: ["rome"] });
    });
    expect(report.secondWriterSamples).toBe(0);
    expect(await topology.region("rome").isRunning()).toBe(false);
  });

  test("leaves a lost writer so that nobody can start it as a writer by hand", async () => {
    await topology.region("rome").startByHand();
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual(["lisbon"]);
    await rejoin("rome");
  });

  test("loses nothing while commits wait for another region, whichever reader had confirmed them", async () => {
    await topology.up({ durability: "region" });
    const report = await topology.underLoad(async () => {
      // Only dublin confirms from now on; rome is the one that will be promoted.
      await topology.region("rome").cutOff();
      await sleep(1000);
      await topology.region("lisbon").kill();
      await topology.up({ primary: "rome", lost: ["lisbon"] });
    });
    expect(report.acknowledged).toBeGreaterThan(100);
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
  });

  test("leaves a lost writer that can acknowledge nothing while commits wait for another region", async () => {
    // Somebody takes the fence away and starts it: a region that could not be reached would be like this.
    const lisbon = topology.region("lisbon");
    await rm(lisbon.files.standbySignal);
    await lisbon.startByHand();
    const outputs = await topology.outputs();
    const client = new Client({
      ...outputs.regions["lisbon"]!.endpoint,
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

    await rejoin("lisbon");
    await topology.up({ durability: "local" });
  });
});
