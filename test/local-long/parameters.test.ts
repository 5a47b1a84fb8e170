import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { ask, writersOf } from "../support/region";

const regions = ["rome", "lisbon", "dublin"];

/** PostgreSQL takes them for good values, and does not start: no machine keeps that much in huge pages. */
const unfit = { huge_pages: "on", shared_buffers: "64GB" };

/** Parameters that PostgreSQL does not take, and what a move of the writer leaves behind. */
describe("parameters of LocalPostgres", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create({ parameters: { work_mem: "8MB", wal_level: "logical" } });
    await topology.up();
  });
  afterAll(() => topology.dispose());

  async function processIds(): Promise<(number | undefined)[]> {
    const conditions = await Promise.all(regions.map((region) => topology.region(region).condition()));
    return conditions.map(({ pid }) => pid);
  }

  async function configurations(): Promise<string[]> {
    return Promise.all(
      regions.map((region) => readFile(join(topology.region(region).files.data, "postgresql.conf"), "utf8")),
    );
  }

  async function shown(region: string, parameter: string): Promise<unknown> {
    const outputs = await topology.outputs();
    const rows = await ask<Record<string, unknown>>(
      outputs,
      outputs.regions[region]!.endpoint,
      `SHOW ${parameter}`,
    );
    return rows[0]![parameter];
  }

  test("are refused in the preview, all at once and by name, and nothing is touched", async () => {
    const before = [await processIds(), await configurations()];
    const parameters = {
      ...topology.args.parameters,
      wrok_mem: "8MB",
      maintenance_work_mem: "lots",
      max_connections: -5,
      "auto_explain.log_analyze": "on",
    };
    const preview = topology.stack.preview({ db: { ...topology.args, parameters } });
    const output = await preview.then(
      () => "no error",
      (error: Error) => error.message.replace(/\s+/g, " "),
    );
    expect(output).toContain('unrecognized configuration parameter "wrok_mem"');
    expect(output).toContain('invalid value for parameter "maintenance_work_mem": "lots"');
    expect(output).toContain('-5 is outside the valid range for parameter "max_connections"');
    expect(output).toContain("parameters.wrok_mem");
    expect(output).not.toContain("auto_explain");
    const { code } = await topology.tryUp({ parameters });
    expect(code).not.toBe(0);
    expect([await processIds(), await configurations()]).toEqual(before);
  });

  test("of libraries are refused by the libraries, with a move of the writer too, and nothing is touched", async () => {
    const before = [await processIds(), await configurations()];
    const refusalOf = async (changed: Record<string, string>) => {
      const parameters = { ...topology.args.parameters, ...changed };
      const { code, output } = await topology.tryUp({ primary: "lisbon", parameters });
      expect(code).not.toBe(0);
      return output;
    };
    expect(await refusalOf({ shared_preload_libraries: "auto_explain, pg_adut" })).toContain(
      'could not access file "pg_adut"',
    );
    const output = await refusalOf({
      shared_preload_libraries: "auto_explain",
      "auto_explain.log_min_duraton": "3s",
      "auto_explain.sample_rate": "7",
      "auto_explain.log_analyze": "on",
    });
    expect(output).toContain('invalid configuration parameter name "auto_explain.log_min_duraton"');
    expect(output).toContain('7 is outside the valid range for parameter "auto_explain.sample_rate"');
    expect(output).not.toContain("log_analyze");
    expect([await processIds(), await configurations()]).toEqual(before);
    expect(await writersOf(await topology.outputs())).toEqual(["rome"]);
  });

  test("with which no server starts are rolled back, and the corrected program goes on", async () => {
    const { parameters } = topology.args;
    const { code, output } = await topology.tryUp({ parameters: { ...parameters, ...unfit } });
    expect(code).not.toBe(0);
    expect(output).toMatch(/runs with the last ones again[^]*shared memory/);
    expect(await processIds()).not.toContain(undefined);
    expect(await writersOf(await topology.outputs())).toEqual(["rome"]);
    expect(await shown("lisbon", "shared_buffers")).toBe("32MB");

    await topology.up({ parameters: { ...parameters, work_mem: "9MB", max_connections: 120 } });
    for (const region of regions) {
      expect(await shown(region, "work_mem")).toBe("9MB");
      expect(await shown(region, "max_connections")).toBe("120");
    }
    expect(await topology.up()).not.toMatch(/\d+ updated/);
  });

  test("with which no server starts leave a writer where they come with a move", async () => {
    const { parameters } = topology.args;
    const { code } = await topology.tryUp({ primary: "lisbon", parameters: { ...parameters, ...unfit } });
    expect(code).not.toBe(0);
    expect(await writersOf(await topology.outputs())).toHaveLength(1);
    await topology.up();
    expect(await writersOf(await topology.outputs())).toEqual(["rome"]);
  });

  test("leave no logical slot behind when the writer moves, as the preview says", async () => {
    const outputs = await topology.outputs();
    const writer = (statement: string) => ask(outputs, outputs.regions["rome"]!.endpoint, statement);
    await writer("SELECT pg_create_logical_replication_slot('subscriber', 'pgoutput')");
    await writer("CREATE UNLOGGED TABLE cache AS SELECT 1 AS id");
    await writer("CREATE TABLE kept AS SELECT 1 AS id");

    const preview = await topology.stack.preview({ db: { ...topology.args, primary: "lisbon" } }, "--diff");
    expect(preview).toContain(
      "unlogged tables are empty in lisbon, and logical replication slots of rome are dropped",
    );
    await topology.up({ primary: "lisbon" });

    const slots = "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'";
    expect(await writer(slots)).toEqual([]);
    const { endpoint } = outputs.regions["lisbon"]!;
    expect(await ask(outputs, endpoint, "SELECT id FROM cache")).toEqual([]);
    await eventually(async () => expect(await writer("SELECT id FROM kept")).toEqual([{ id: 1 }]));
  });
});
