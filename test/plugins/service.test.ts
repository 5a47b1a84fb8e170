import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Plugin } from "./plugin";

const MAIN = join(__dirname, "../../tools/plugins/random.mjs");
const INSTALL = join(__dirname, "../../tools/plugins/install.mjs");

/** The version of a provider's SDK that is installed. */
function versionOf(name: string): string {
  const text = readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Whether a process is there and running: a dead one that nobody has waited for does not count. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
  return !status.includes(") Z");
}

async function untilGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (!(await isRunning(pid))) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

describe("the plugin service", () => {
  let plugin: Plugin;

  beforeEach(async () => {
    plugin = await Plugin.start("random");
  });

  afterEach(() => plugin.stop());

  test("tells the engine to keep secrets to itself and that it can preview", async () => {
    expect(await plugin.configure()).toEqual({ acceptSecrets: false, supportsPreview: true });
  });

  test("gives the version of the SDK that is installed", async () => {
    expect(await plugin.version()).toBe(versionOf("random"));
  });

  test("refuses a resource type that it does not have", async () => {
    await expect(plugin.check("RandomNonsense", {})).rejects.toThrow(
      'unknown resource type "random:index/randomNonsense:RandomNonsense"',
    );
  });

  test("refuses a property that the resource type does not have", async () => {
    const { failures } = await plugin.check("RandomId", { byteLength: 4, bytelength: 5 });
    expect(failures).toEqual([expect.stringContaining('unknown property "bytelength"')]);
  });

  test("refuses a value of the wrong type and a missing one", async () => {
    expect((await plugin.check("RandomId", { byteLength: "4" })).failures).toEqual([
      '"byteLength" has to be a whole number',
    ]);
    expect((await plugin.check("RandomId", {})).failures).toEqual(['missing required property "byteLength"']);
  });

  test("ends after the engine has cancelled it", async () => {
    const exited = once(plugin.process, "exit");
    await plugin.cancel();
    expect(await exited).toEqual([0, null]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("ends quietly at %s", async (signal) => {
    const exited = once(plugin.process, "exit");
    plugin.process.kill(signal);
    expect(await exited).toEqual([0, null]);
  });
});

test("a plugin ends when its engine has been killed", async () => {
  const script = `const child = require("node:child_process").spawn(process.execPath, [${JSON.stringify(MAIN)}],
    { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.once("data", () => console.log(child.pid));
    setInterval(() => {}, 1000);`;
  const engine = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(engine.stdout, "data");
  const pid = Number(String(line));
  expect(await isRunning(pid)).toBe(true);
  engine.kill("SIGKILL");
  const gone = await untilGone(pid);
  if (!gone) {
    process.kill(pid);
  }
  expect(gone).toBe(true);
});

describe("installing the stand-ins", () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "stand-ins-"));
  });

  afterEach(() => rm(home, { recursive: true }));

  /** In a process of its own, since Jest cannot import an ES module. */
  async function install(): Promise<{ name: string; version: string; path: string }[]> {
    const script = `import(process.argv[1]).then((m) => m.installStandIns(process.argv[2]))
      .then((there) => console.log(JSON.stringify(there)));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, INSTALL, home]);
    return JSON.parse(stdout);
  }

  test("puts all where the engine looks for the versions of the installed SDKs", async () => {
    const versions = ["aws", "kubernetes", "random", "tls"].map((name) => [name, versionOf(name)]);
    expect(await install()).toEqual(
      versions.map(([name, version]) => ({
        name,
        version,
        path: join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`),
      })),
    );
  });

  test("makes launchers that start the plugins", async () => {
    for (const { path } of await install()) {
      const child = spawn(path, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
      const [line] = await once(child.stdout, "data");
      expect(String(line)).toMatch(/^\d+\n$/);
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  });

  test("leaves what is up to date untouched the second time", async () => {
    const there = await install();
    const before = await Promise.all(there.map(({ path }) => stat(path)));
    expect(await install()).toEqual(there);
    const after = await Promise.all(there.map(({ path }) => stat(path)));
    expect(after.map(({ ino, mtimeMs }) => [ino, mtimeMs])).toEqual(
      before.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
    );
  });
});
