import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { parseLibpqUri } from "../../src/endpoints";
import { LocalTopology } from "../support/local";

/** Texts in which secrets are looked for, by where they are. */
type Places = Record<string, string | Buffer>;

describe("the secrets of a topology", () => {
  let topology: LocalTopology;
  let processes: ProcessWatch | undefined;
  let secrets: Record<string, string>;
  const printed: Places = {};

  // Everything that has to do with secrets, once: what follows looks at what it left behind.
  beforeAll(async () => {
    topology = await LocalTopology.create({
      // The worst that a user can ask for: every statement is written to the log.
      parameters: { log_statement: "all", log_connections: true, log_min_messages: "debug1" },
      roles: { report: { memberOf: ["pg_read_all_data"] } },
    });
    processes = ProcessWatch.start(topology.dataDir);
    const preview = (primary: string, option: string) =>
      topology.stack.preview({ db: { ...topology.args, primary } }, option);

    printed["a preview of the creation"] = await preview("rome", "--json");
    printed["the creation"] = await topology.up();
    printed["a refusal"] = (await topology.tryUp({ database: { name: "orders", owner: "app" } })).output;
    printed["a preview of the switchover"] = await preview("lisbon", "--json");
    printed["a preview of the switchover with --diff"] = await preview("lisbon", "--diff");
    printed["the switchover"] = await topology.up({ primary: "lisbon" });
    await topology.region("lisbon").kill();
    printed["the failover"] = await topology.up({ primary: "dublin", lost: ["lisbon"] });
    printed["the rejoin"] = await topology.up({ lost: [] });
    const old = await secretsOf(topology);
    printed["a rotation"] = await topology.up({
      secrets: { passwordRotation: "2", certificateRotation: "2" },
    });
    printed["a refresh"] = await topology.stack.refresh({ db: topology.args });
    const rotated = await secretsOf(topology);
    secrets = {
      ...Object.fromEntries(Object.entries(old).map(([name, secret]) => [`old ${name}`, secret])),
      ...rotated,
      ...Object.fromEntries([...processes!.tokens].map((token, index) => [`demotion token ${index}`, token])),
    };
  }, 600_000);
  afterAll(async () => {
    await processes?.stop();
    await topology.dispose();
  });

  function leaksIn(places: Places): string[] {
    return Object.entries(places).flatMap(([where, text]) =>
      Object.entries(secrets)
        .filter(([, secret]) => text.includes(secret))
        .map(([name]) => `${name} in ${where}`),
    );
  }

  it("are found by this search where they are shown on purpose", async () => {
    const names = Object.keys(secrets);
    expect(names.filter((name) => name.startsWith("demotion token")).length).toBeGreaterThan(0);
    expect(names).toEqual(expect.arrayContaining(["password of app", "password in connectionUri"]));
    expect(names).toEqual(expect.arrayContaining(["password of report", "old server.key of rome"]));
    // Anything shorter might be found by chance.
    expect(names.filter((name) => secrets[name]!.length < 32)).toEqual([]);
    const outputs = { outputs: JSON.stringify(await topology.outputs()) };
    const state = { state: await decryptedState(topology) };
    expect(leaksIn(outputs)).toEqual(expect.arrayContaining(["password of postgres in outputs"]));
    expect(leaksIn(state)).toEqual(
      expect.arrayContaining(["replication.key in state", "server.key of rome in state"]),
    );
    expect(leaksIn(state)).toEqual(expect.arrayContaining(["password of report in state"]));
  });

  it("are encrypted in the state, its backups and history included", async () => {
    const files = await filesBelow(join(topology.stack.folder, "state"));
    expect(Object.keys(files).filter((path) => path.includes("history")).length).toBeGreaterThan(5);
    expect(leaksIn(files)).toEqual([]);
    expect(leaksIn({ export: await topology.stack.state() })).toEqual([]);
    const keys = Object.entries(files).filter(([, content]) => content.includes("PRIVATE KEY-----"));
    expect(keys.map(([path]) => path)).toEqual([]);
  });

  it("are not printed: neither by previews, with --json or --diff, nor by updates", () => {
    expect(leaksIn(printed)).toEqual([]);
    const keys = Object.entries(printed).filter(([, text]) => text.includes("PRIVATE KEY"));
    expect(keys.map(([where]) => where)).toEqual([]);
  });

  it("are in no file of a region, its log and configuration included, but the keys in its tls folder", async () => {
    const files = await filesBelow(topology.dataDir);
    const paths = Object.keys(files);
    for (const region of ["rome", "lisbon", "dublin"]) {
      const own = ["server.log", "data/postgresql.conf", "data/upstream.conf", "data/pg_hba.conf"];
      expect(paths).toEqual(expect.arrayContaining(own.map((path) => join(topology.dataDir, region, path))));
      expect(files[join(topology.dataDir, region, "server.log")]!.length).toBeGreaterThan(10_000);
    }
    const places = Object.fromEntries(
      Object.entries(files).filter(([path]) => !/\/tls\/(server|replication)\.key$/.test(path)),
    );
    expect(leaksIn(places)).toEqual([]);
  });

  it("were in no process's arguments or environment", () => {
    const { seen } = processes!;
    expect([...seen.keys()].some((text) => text.includes("walreceiver"))).toBe(true);
    expect([...seen.keys()].some((text) => text.includes("PULUMI_"))).toBe(true);
    const leaks = [...seen].flatMap(([text, where]) => leaksIn({ [where]: text }));
    expect([...new Set(leaks)]).toEqual([]);
  });
});

/** What `pulumi stack output --show-secrets` and the keys' files give away. Of a key, its first line. */
async function secretsOf(topology: LocalTopology): Promise<Record<string, string>> {
  const { credentials, connectionUri } = await topology.outputs();
  const secrets: Record<string, string> = {
    "password in connectionUri": parseLibpqUri(connectionUri).password,
  };
  for (const { username, password } of Object.values(credentials)) {
    secrets[`password of ${username}`] = password;
  }
  for (const region of ["rome", "lisbon", "dublin"]) {
    const { serverKey, replicationKey } = topology.region(region).files;
    secrets[`server.key of ${region}`] = await firstLineOf(serverKey);
    secrets["replication.key"] = await firstLineOf(replicationKey);
  }
  return secrets;
}

async function firstLineOf(pem: string): Promise<string> {
  return (await readFile(pem, "utf8")).split("\n")[1]!;
}

async function decryptedState({ stack }: LocalTopology): Promise<string> {
  const { stdout } = await promisify(execFile)(
    "pulumi",
    ["stack", "export", "--stack", "test", "--show-secrets"],
    {
      cwd: resolve(__dirname, "../support/program"),
      maxBuffer: 1 << 26,
      env: {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${join(stack.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
      },
    },
  );
  return stdout;
}

async function filesBelow(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    paths.map(async (path) => [path, await readFile(path).catch(() => Buffer.alloc(0))] as const),
  );
  return Object.fromEntries(contents);
}

/** Notes, over and over, what every process of the machine was started with, and the tokens that pass. */
class ProcessWatch {
  /** By the text, where it was. */
  readonly seen = new Map<string, string>();
  readonly tokens = new Set<string>();
  private stopped = false;
  private watching: Promise<void> = Promise.resolve();

  static start(dataDir: string): ProcessWatch {
    const watch = new ProcessWatch();
    watch.watching = watch.run(dataDir);
    return watch;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.watching;
  }

  private async run(dataDir: string): Promise<void> {
    while (!this.stopped) {
      const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
      await Promise.all([...pids.map((pid) => this.look(pid)), this.lookForTokens(dataDir)]);
      await sleep(10);
    }
  }

  private async look(pid: string): Promise<void> {
    for (const file of ["cmdline", "environ"]) {
      const text = await readFile(join("/proc", pid, file), "utf8").catch(() => "");
      if (text !== "" && !this.seen.has(text)) {
        const program = await readFile(join("/proc", pid, "comm"), "utf8").catch(
          () => "a process that has ended",
        );
        this.seen.set(text, `the ${file} of ${program.trim()}`);
      }
    }
  }

  private async lookForTokens(dataDir: string): Promise<void> {
    for (const region of ["rome", "lisbon", "dublin"]) {
      const token = await readFile(join(dataDir, region, "demotion-token"), "utf8").catch(() => "");
      if (token !== "") {
        this.tokens.add(token);
      }
    }
  }
}
