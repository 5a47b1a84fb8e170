import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { ask, writersOf } from "../support/region";

describe("an update of LocalPostgres whose state or whose writer's data is gone", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create({ roles: {} });
    await topology.up();
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
    for (const region of ["lisbon", "dublin"]) {
      await eventually(() => ask(outputs, outputs.regions[region]!.endpoint, "SELECT FROM kept"));
    }
  });
  afterAll(() => topology.dispose());

  async function rowsIn(region: string): Promise<number> {
    const outputs = await topology.outputs();
    const statement = "SELECT count(*)::int AS rows FROM kept";
    return (await ask<{ rows: number }>(outputs, outputs.regions[region]!.endpoint, statement))[0]!.rows;
  }

  test("refuses to create an empty writer beside regions that hold data, in the preview too", async () => {
    await topology.region("rome").stopByHand();
    await rm(topology.region("rome").folder, { recursive: true });
    await topology.stack.loseState();

    const preview = topology.stack.preview({ db: topology.args });
    await expect(preview).rejects.toThrow(/there is data in .*lisbon \(system identifier \d+, timeline 1/);
    const { code, output } = await topology.tryUp();
    expect(code).not.toBe(0);
    expect(output).toMatch(/there is data in .*dublin \(system identifier \d+.*Nothing is changed/s);
    expect(existsSync(topology.region("rome").files.data)).toBe(false);
    expect([await rowsIn("lisbon"), await rowsIn("dublin")]).toEqual([1000, 1000]);
  });

  test("goes on with a region that holds data, as the refusal says, and the others are cloned from it", async () => {
    await topology.up({ primary: "lisbon", lost: ["rome"] });
    expect(await writersOf(await topology.outputs())).toEqual(["lisbon"]);
    await topology.up({ lost: [] });
    await eventually(async () => expect(await rowsIn("rome")).toBe(1000));
    expect([await rowsIn("lisbon"), await rowsIn("dublin")]).toEqual([1000, 1000]);
    expect(await topology.up()).toMatch(/\d+ unchanged\s/);
  });

  test("makes a reader again whose whole folder is gone", async () => {
    const dublin = topology.region("dublin");
    await dublin.stopByHand();
    await rm(dublin.folder, { recursive: true });
    await topology.up();
    await eventually(async () => expect(await rowsIn("dublin")).toBe(1000));
    expect(await topology.up()).toMatch(/\d+ unchanged\s/);
  });

  test("refuses to clone a region whose database is another one, and changes nothing in it", async () => {
    const rome = topology.region("rome");
    const other = await LocalTopology.create({}, ["rome", "lisbon"]);
    try {
      await other.up();
      await other.region("rome").stopByHand();
      await rome.stopByHand();
      await rename(rome.files.data, `${rome.files.data}.kept`);
      await rename(other.region("rome").files.data, rome.files.data);
      await writeFile(rome.files.standbySignal, "");
    } finally {
      await other.dispose();
    }
    const before = await readFile(join(rome.files.data, "PG_VERSION"), "utf8");
    const { code, output } = await topology.tryUp();
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /rome is not made a copy of lisbon: .* system identifier \d+, and that of lisbon has \d+/,
    );
    expect(await readFile(join(rome.files.data, "PG_VERSION"), "utf8")).toBe(before);

    await rome.stopByHand();
    await rm(rome.files.data, { recursive: true });
    await rename(`${rome.files.data}.kept`, rome.files.data);
    await topology.up();
    await eventually(async () => expect(await rowsIn("rome")).toBe(1000));
  });

  test("keeps the folders and their data when the stack is renamed", async () => {
    await topology.stack.rename("renamed");
    await topology.up();
    await eventually(async () => expect(await rowsIn("dublin")).toBe(1000));
    expect(await readFile(topology.region("dublin").files.owner, "utf8")).toContain("/renamed/");
  });

  test("leaves what it did not make when destroyed, and names it", async () => {
    const { folder } = topology.region("lisbon");
    await writeFile(join(folder, "notes.txt"), "mine");
    await mkdir(join(topology.dataDir, "mine"));
    expect(await topology.stack.destroy()).toContain(join(folder, "notes.txt"));
    expect(await readdir(folder)).toEqual(["notes.txt"]);
    expect((await readdir(topology.dataDir)).sort()).toEqual(["lisbon", "mine"]);
    await rm(topology.dataDir, { recursive: true });
  });
});
