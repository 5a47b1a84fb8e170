import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseLibpqUri } from "../../src/endpoints";
import { LocalTopology } from "../support/local";
import { ask } from "../support/region";
import type { TopologyOutputs } from "../support/stack";

/** Texts in which secrets are looked for, by where they are. */
type Places = Record<string, string | Buffer>;

describe("the secrets of a topology", () => {
  let topology: LocalTopology;
  let processes: ProcessWatch | undefined;
  let secrets: Record<string, string>;
  const printed: Places = {};
  let beforeRotation: { outputs: TopologyOutputs; servers: unknown; serial: string };

  // Everything that has to do with secrets, once: what follows looks at what it left behind.
  beforeAll(async () => {
    topology = await LocalTopology.createAsUsersDo({
      // The worst that a user can ask for: every statement is written to the log.
      parameters: { log_statement: "all", log_connections: true, log_min_messages: "debug1" },
      roles: { report: { memberOf: ["pg_read_all_data"] } },
    });
    processes = ProcessWatch.start(topology.dataDir);
    const preview = (primary: string, option: string) =>
      topology.stack.preview({ db: { ...topology.args, primary } }, option);

    printed["the creation"] = await topology.up();
    printed["a refusal"] = (await topology.tryUp({ database: { name: "orders", owner: "app" } })).output;
    printed["a preview of the switchover"] = await preview("lisbon", "--json");
    printed["a preview of the switchover with --diff"] = await preview("lisbon", "--diff");
    printed["the switchover"] = await topology.up({ primary: "lisbon" });
    await topology.region("lisbon").kill();
    printed["the failover"] = await topology.up({ primary: "dublin", lost: ["lisbon"] });
    const old = await secretsOf(topology);
    beforeRotation = {
      outputs: await topology.outputs(),
      servers: await startsOf("rome", "dublin"),
      serial: serialIn("rome"),
    };
    printed["the rejoin, and a rotation"] = await topology.up({
      lost: [],
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

  async function startsOf(...regions: string[]): Promise<unknown> {
    const outputs = await topology.outputs();
    const statement = "SELECT pg_postmaster_start_time()::text AS at";
    return Promise.all(regions.map((region) => ask(outputs, outputs.regions[region]!.endpoint, statement)));
  }

  function serialIn(region: string): string {
    return new X509Certificate(readFileSync(topology.region(region).files.serverCertificate)).serialNumber;
  }

  it("are rotated without a restart, and the old password lets nobody in", async () => {
    const { outputs: old, servers, serial } = beforeRotation;
    const rotated = await topology.outputs();
    expect(rotated.credentials["app"]!.password).not.toBe(old.credentials["app"]!.password);
    await expect(ask(old, old.writerEndpoint, "SELECT 1", { role: "app" })).rejects.toThrow(/password/);
    await ask(rotated, rotated.writerEndpoint, "SELECT 1", { role: "app" });
    expect(serialIn("rome")).not.toBe(serial);
    expect(await startsOf("rome", "dublin")).toEqual(servers);
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
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
    const shown = (...command: string[]) => topology.stack.pulumi(["stack", ...command, "--show-secrets"]);
    const outputs = { outputs: await shown("output", "--json") };
    const state = { state: await shown("export") };
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
    expect(leaksIn({ export: await topology.stack.pulumi(["stack", "export"]) })).toEqual([]);
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
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        this.look(pid);
      }
      this.lookForTokens(dataDir);
      await sleep(20);
    }
  }

  private look(pid: string): void {
    for (const file of ["cmdline", "environ"]) {
      const text = readIfThere(join("/proc", pid, file));
      if (text !== "" && !this.seen.has(text)) {
        const program = readIfThere(join("/proc", pid, "comm")).trim();
        this.seen.set(text, `the ${file} of ${program || "a process that has ended"}`);
      }
    }
  }

  private lookForTokens(dataDir: string): void {
    for (const region of ["rome", "lisbon", "dublin"]) {
      const token = readIfThere(join(dataDir, region, "demotion-token"));
      if (token !== "") {
        this.tokens.add(token);
      }
    }
  }
}

/** Not left to other threads: that costs several times as much, and this is done all the time. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
