import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { LocalTopology } from "../support/local";

describe("before anything starts", () => {
  let topology: LocalTopology;
  let listener: Server | undefined;

  beforeEach(async () => {
    topology = await LocalTopology.create();
  });
  afterEach(async () => {
    listener?.close();
    await topology.dispose();
  });

  test("a port that another program has taken is named", async () => {
    const { port } = topology.args.regions["dublin"]!;
    listener = createServer().listen(port, "localhost");
    const { code, output } = await topology.tryUp();
    expect(code).not.toBe(0);
    expect(output).toContain(`${port} on localhost is taken: another program listens there`);
    expect(existsSync(topology.region("rome").files.data)).toBe(false);
  });

  test("a path that cannot be written to is named", async () => {
    const file = join(topology.stack.folder, "a-file");
    await writeFile(file, "");
    const { code, output } = await topology.tryUp({ dataDir: join(file, "data") });
    expect(code).not.toBe(0);
    expect(output).toContain(`${file} is not a folder`);
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
  test("never share a folder, so that the end of one is not the end of the other's data", async () => {
    const topology = await LocalTopology.create();
    try {
      await topology.up();
      const { code, output } = await topology.stack.tryUp({ renamed: topology.args });
      expect(code).not.toBe(0);
      expect(output).toContain("belongs to the topology topologies/test/db");
      expect(await topology.region("rome").isRunning()).toBe(true);
    } finally {
      await topology.dispose();
    }
  });

  test("live side by side in one stack", async () => {
    const first = await LocalTopology.create();
    const second = await LocalTopology.create();
    try {
      await first.stack.up({ one: first.args, two: second.args });
      const { one, two } = await first.stack.outputs<"one" | "two">();
      expect(one.writerEndpoint).not.toEqual(two.writerEndpoint);
      expect(one.credentials["app"]!.password).not.toBe(two.credentials["app"]!.password);
      await first.stack.up({ one: { ...first.args, primary: "lisbon" }, two: second.args });
      const after = await first.stack.outputs<"one" | "two">();
      expect([after.one.handover.to, after.two.handover.to]).toEqual(["lisbon", "rome"]);
    } finally {
      await first.dispose();
      await second.dispose();
    }
  });
});
