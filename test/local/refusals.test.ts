import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { LocalPostgresArgs } from "../../src/local";
import { LocalTopology } from "../support/local";
import { freePorts } from "../support/ports";
import { LocalRegion } from "../support/region";

describe("before anything starts", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create({}, ["rome", "dublin"]);
  });
  afterAll(() => topology.dispose());

  test("a port that another program has taken is named", async () => {
    const { port } = topology.args.regions["dublin"]!;
    const listener = createServer().listen(port, "localhost");
    const { code, output } = await topology.tryUp();
    listener.close();
    expect(code).not.toBe(0);
    expect(output).toContain(
      `${port} on localhost is taken: another program listens there, node in ${process.cwd()} (process ${process.pid})`,
    );
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(existsSync(topology.region("rome").files.data)).toBe(false);
  });

  test("a path that cannot be written to is named", async () => {
    const file = join(topology.stack.folder, "a-file");
    await writeFile(file, "");
    const { code, output } = await topology.tryUp({ dataDir: join(file, "data") });
    expect(code).not.toBe(0);
    expect(output).toContain(`${file} is not a folder`);
  });

  test("a folder with files that were not made here is named, and the files stay", async () => {
    const dataDir = `${topology.dataDir}-other`;
    const file = join(dataDir, "rome", "PG_VERSION");
    await mkdir(join(dataDir, "rome"), { recursive: true });
    await writeFile(file, "15");
    await expect(topology.stack.preview({ db: { ...topology.args, dataDir } })).rejects.toThrow(
      `${join(dataDir, "rome")} holds files that no topology has made: PG_VERSION`,
    );
    expect(existsSync(file)).toBe(true);
    await rm(dataDir, { recursive: true });
  });

  test("a folder without PostgreSQL's programs is named", async () => {
    const binDir = join(topology.stack.folder, "bin");
    await mkdir(binDir);
    const { code, output } = await topology.tryUp({ binDir });
    expect(code).not.toBe(0);
    expect(output).toContain(`no PostgreSQL 15 or newer was found in ${binDir}`);
  });
});

describe("two topologies", () => {
  let topology: LocalTopology;
  let one: LocalPostgresArgs;
  let two: LocalPostgresArgs;

  beforeAll(async () => {
    topology = await LocalTopology.create({}, ["rome", "lisbon"]);
    // Each generates passwords of its own.
    one = { ...topology.args, secrets: { ...topology.args.secrets, passwords: {} } };
    const [rome, lisbon] = (await freePorts(2)) as [number, number];
    two = {
      ...one,
      regions: { rome: { port: rome }, lisbon: { port: lisbon } },
      dataDir: `${topology.dataDir}-two`,
    };
  });
  afterAll(() => topology.dispose());

  test("live side by side in one stack", async () => {
    const { stack } = topology;
    await stack.up({ one, two });
    const before = await stack.outputs<"one" | "two">();
    expect(before.one.writerEndpoint).not.toEqual(before.two.writerEndpoint);
    expect(before.one.credentials["app"]!.password).not.toBe(before.two.credentials["app"]!.password);

    await stack.up({ one: { ...one, primary: "lisbon" }, two });
    const after = await stack.outputs<"one" | "two">();
    expect([after.one.handover.to, after.two.handover.to]).toEqual(["lisbon", "rome"]);
  });

  test("never share a folder, so that the end of one is not the end of the other's data", async () => {
    const { code, output } = await topology.stack.tryUp({ renamed: two });
    expect(code).not.toBe(0);
    expect(output).toContain("belongs to the topology topologies/test/two");
    expect(await new LocalRegion(join(two.dataDir!, "rome")).isRunning()).toBe(true);
  });

  test("never share the folder of all regions, since one would overwrite the authority of the other", async () => {
    const [port] = (await freePorts(1)) as [number];
    const third = { primary: "oslo", regions: { oslo: { port } }, dataDir: two.dataDir! };
    await expect(topology.stack.preview({ one, two, third })).rejects.toThrow(
      `${two.dataDir} belongs to the topology topologies/test/two`,
    );
  });
});
