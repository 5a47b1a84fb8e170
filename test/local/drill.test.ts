import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { Drill, formatReport, type DrillArgs } from "../../src/drill";
import { libpqUri } from "../../src/endpoints";
import { own, serverAccount } from "../../src/local/postgres/account";
import { findPrograms } from "../../src/local/postgres/programs";
import { run as runProgram } from "../../src/local/postgres/run";
import { testFolder } from "../support/folder";
import { freePorts } from "../support/ports";

jest.setTimeout(60_000);

const folder = mkdtempSync(join(testFolder(), "drill-"));
const certificate = join(folder, "server.crt");
const table = "drill_of_test";

/** A PostgreSQL server on this machine. */
class Server {
  readonly #data: string;
  #process: ChildProcess | undefined;
  #exit: Promise<unknown> = Promise.resolve();

  constructor(
    name: string,
    readonly port: number,
  ) {
    this.#data = join(folder, name);
  }

  async create(): Promise<void> {
    const { initdb } = await findPrograms();
    await run(initdb, ["-D", this.#data, "-U", "app", "-A", "trust", "--no-sync", "--no-instructions"]);
    await this.#configure();
  }

  /** A standby of a server that has not started yet. */
  async cloneOf(writer: Server): Promise<void> {
    await run("cp", ["-R", writer.#data, this.#data]);
    await run("touch", [join(this.#data, "standby.signal")]);
    await this.#configure(
      `primary_conninfo = 'host=127.0.0.1 port=${writer.port} user=app application_name=reader sslmode=disable'`,
    );
  }

  async start(): Promise<void> {
    const { postgres } = await findPrograms();
    this.#process = spawn(postgres, ["-D", this.#data, "-p", String(this.port), "-k", folder], {
      ...(await serverAccount()),
      cwd: folder,
      stdio: "ignore",
    });
    this.#exit = new Promise((resolve) => this.#process!.once("exit", resolve));
    for (;;) {
      try {
        return void (await this.sql("SELECT 1"));
      } catch {
        await sleep(50);
      }
    }
  }

  /** At once, as in a crash. */
  async kill(): Promise<void> {
    this.#process?.kill("SIGQUIT");
    await this.#exit;
  }

  async sql(text: string): Promise<unknown[]> {
    const client = new Client({ host: "127.0.0.1", port: this.port, user: "app", database: "postgres" });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async #configure(...settings: string[]): Promise<void> {
    await appendFile(
      join(this.#data, "postgresql.conf"),
      [
        "\nlisten_addresses = '127.0.0.1'",
        "fsync = off",
        "ssl = on",
        `ssl_cert_file = '${certificate}'`,
        `ssl_key_file = '${join(folder, "server.key")}'`,
        ...settings,
        "",
      ].join("\n"),
    );
  }
}

async function run(program: string, args: string[]): Promise<void> {
  await runProgram(program, args, { account: await serverAccount(), cwd: folder });
}

let rome: Server;
let lisbon: Server;
let oslo: Server;

/** Rome writes and lisbon follows it; oslo is a server of its own, which should not write. */
beforeAll(async () => {
  await own(folder);
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-keyout", join(folder, "server.key"), "-out", certificate],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
  ]);
  const ports = await freePorts(3);
  [rome, lisbon, oslo] = [
    new Server("rome", ports[0]!),
    new Server("lisbon", ports[1]!),
    new Server("oslo", ports[2]!),
  ];
  await Promise.all([rome.create(), oslo.create()]);
  await lisbon.cloneOf(rome);
  await rome.start();
  await Promise.all([lisbon.start(), oslo.start()]);
}, 60_000);

afterAll(async () => {
  await Promise.all([rome, lisbon, oslo].map((server) => server.kill()));
  rmSync(folder, { recursive: true });
});

function uriOf(...ports: number[]): string {
  return libpqUri({
    endpoints: ports.map((port) => ({ host: "127.0.0.1", port })),
    username: "app",
    password: "unused",
    database: "postgres",
    target: "read-write",
  });
}

/** From now on rome acknowledges a commit when this standby has it. */
async function waitForStandby(name: string): Promise<void> {
  await rome.sql(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
  await rome.sql("SELECT pg_reload_conf()");
}

const hangingNow = () => rome.sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'");

/** Waits for something to be so; jest's time-out ends it. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await sleep(20);
  }
}

const drills: Drill[] = [];

/** What a failed test leaves running would keep the next ones from passing, and jest from ending. */
afterEach(async () => {
  await waitForStandby("");
  await Promise.allSettled(drills.splice(0).map((drill) => drill.stop()));
  await rome.sql(`DROP TABLE IF EXISTS ${table}, ${table}_probe`);
});

async function start(regions: Record<string, Server>, more: Partial<DrillArgs> = {}): Promise<Drill> {
  const endpoints = Object.entries(regions).map(([name, { port }]) => [name, { host: "127.0.0.1", port }]);
  const drill = await Drill.start({
    connectionUri: uriOf(lisbon.port, rome.port),
    caCertificate: readFileSync(certificate, "utf8"),
    regions: Object.fromEntries(endpoints) as DrillArgs["regions"],
    table,
    ...more,
  });
  drills.push(drill);
  return drill;
}

/** A host in front of a server, which can drop out of the network: nobody is told. */
class Host {
  readonly #sockets: Socket[] = [];
  readonly #listener = createServer((client) => {
    const upstream = connect(this.server.port, "127.0.0.1");
    this.#sockets.push(client, upstream);
    [client, upstream].forEach((socket) => socket.on("error", () => undefined));
    client.pipe(upstream).pipe(client);
  });

  constructor(
    readonly server: Server,
    readonly port: number,
  ) {
    this.#listener.listen(port, "127.0.0.1");
  }

  dropOut(): void {
    this.#listener.close();
    this.#sockets.forEach((socket) => socket.unpipe().pause());
  }

  close(): void {
    this.#sockets.forEach((socket) => socket.destroy());
  }
}

const tablesLeft = (server: Server) =>
  server.sql(`SELECT relname FROM pg_class WHERE relname LIKE '${table}%' AND relkind = 'r'`);

describe("Drill", () => {
  it("finds nothing wrong where nothing is, and samples every region all the time", async () => {
    const drill = await start({ rome, lisbon });
    await until(() => drill.acknowledged >= 50);
    drill.marker("nothing happened");
    const report = await drill.stop();
    expect(report).toMatchObject({ lost: 0, unexpected: 0, inDoubt: 0, secondWriterSamples: 0, errors: [] });
    expect(report.attempted).toBe(report.acknowledged);
    expect(report.longestPauseMs).toBeLessThan(report.durationMs);
    expect(report.lightClient!.longestPauseMs).toBeLessThan(report.durationMs);
    expect(report.markers).toEqual([{ label: "nothing happened", atMs: expect.any(Number) }]);
    expect(report.markers[0]!.atMs).toBeLessThanOrEqual(report.durationMs);
    expect(report.regions["rome"]!.samples).toBeGreaterThan(1);
    expect(report.regions["lisbon"]!.samples).toBeGreaterThan(1);
    expect(report.regions["rome"]!.acknowledged).toBe(report.regions["rome"]!.samples);
    expect(report.regions["lisbon"]!.acknowledged).toBe(0);
    expect(Object.keys(report.readerLag)).toEqual(["lisbon"]);
    expect(formatReport(report)).toContain("lost           0");
    expect(await tablesLeft(rome)).toEqual([]);
  });

  it("reports an acknowledged row that was deleted behind its back as lost", async () => {
    const drill = await start({ rome });
    while ((await rome.sql(`SELECT FROM ${table} WHERE writer = 2 AND sequence > 7`)).length === 0) {
      await sleep(50);
    }
    await rome.sql(`DELETE FROM ${table} WHERE writer = 2 AND sequence = 7`);
    const report = await drill.stop();
    expect(report).toMatchObject({ lost: 1, unexpected: 0 });
    expect(report.lostRows).toEqual([{ writer: 2, sequence: 7, acknowledgedAtMs: expect.any(Number) }]);
  });

  it("reports all rows lost where the table is gone", async () => {
    const drill = await start({});
    while (drill.acknowledged < 20) {
      await sleep(50);
    }
    await rome.sql(`DROP TABLE ${table}`);
    const report = await drill.stop();
    expect(report.lost).toBe(report.acknowledged);
    expect(report.lost).toBeGreaterThanOrEqual(20);
  });

  it("reports a row that no writer sent as unexpected", async () => {
    const drill = await start({ rome });
    await rome.sql(`INSERT INTO ${table} VALUES (99, 0), (0, 1000000)`);
    expect(await drill.stop()).toMatchObject({ lost: 0, unexpected: 2 });
  });

  it("reports two servers that acknowledge writes at once as a second writer, and leaves nothing on either", async () => {
    const drill = await start({ rome, lisbon, oslo });
    await until(() => drill.acknowledged >= 200);
    await sleep(1500);
    const report = await drill.stop();
    expect(report.secondWriterSamples).toBeGreaterThan(0);
    expect([...report.secondWriters[0]!.regions].sort()).toEqual(["oslo", "rome"]);
    expect(await tablesLeft(oslo)).toEqual([]);
  });

  it("reports a server that was gone for a second as a pause of a second, with nothing lost", async () => {
    const drill = await start({ rome });
    await until(() => drill.acknowledged >= 20);
    await rome.kill();
    await sleep(1000);
    await rome.start();
    const before = drill.acknowledged;
    await until(() => drill.acknowledged >= before + 20);
    const report = await drill.stop();
    expect(report).toMatchObject({ lost: 0, unexpected: 0 });
    // A server that is down acknowledges nothing, however busy the machine is. How long the clients take after that is
    // the machine's affair.
    expect(report.longestPauseMs).toBeGreaterThan(1000);
    expect(report.lightClient!.longestPauseMs).toBeGreaterThan(1000);
    expect(report.totalPauseMs).toBe(report.pauses.reduce((sum, { ms }) => sum + ms, 0));
    expect(report.errors.map(({ message }) => message).join()).toMatch(/writer: .*ECONNREFUSED/);
  });

  it("takes a writer whose commits hang for none, ends all the same, and loses nothing", async () => {
    const drill = await start({ rome, oslo });
    await sleep(300);
    await waitForStandby("nobody");
    await until(async () => (await hangingNow()).length === 5);
    drill.marker("all commits hang");
    await sleep(1500);
    const hanging = await hangingNow();
    const report = await drill.stop({ keepTables: true });
    const hangingAtMs = report.markers[0]!.atMs;
    expect(hanging).toHaveLength(5);
    expect(report).toMatchObject({ lost: 0, unexpected: 0, inDoubt: 4 });
    expect(report.longestPauseMs).toBeGreaterThan(1300);
    // From when commits hang on, oslo alone acknowledges.
    expect(report.secondWriters.every(({ to }) => to < hangingAtMs)).toBe(true);
  });

  it("takes no commit for acknowledged whose wait for a standby was cancelled", async () => {
    await waitForStandby("reader");
    const drill = await start({ rome }, { writers: 1 });
    await until(() => drill.acknowledged > 0);
    await waitForStandby("nobody");
    await until(async () => (await hangingNow()).length > 0);
    const before = drill.acknowledged;
    await rome.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    await sleep(300);
    expect(drill.acknowledged).toBe(before);
    await waitForStandby("");
    const report = await drill.stop();
    expect(report.errors.map(({ message }) => message)).toContain("writer: acknowledged with a warning");
    expect(report).toMatchObject({ lost: 0, unexpected: 0 });
  });

  it("measures how far a reader lags", async () => {
    const drill = await start({ lisbon });
    await sleep(200);
    await lisbon.sql("SELECT pg_wal_replay_pause()");
    await sleep(800);
    await lisbon.sql("SELECT pg_wal_replay_resume()");
    const report = await drill.stop();
    expect(report.readerLag["lisbon"]!.maxMs).toBeGreaterThan(650);
  });

  it("leaves a host that drops out of the network after five seconds, as libpq does", async () => {
    const host = new Host(rome, (await freePorts(1))[0]!);
    const drill = await start({}, { connectionUri: uriOf(host.port, rome.port) });
    await sleep(300);
    host.dropOut();
    const before = drill.acknowledged;
    await until(() => drill.acknowledged > before + 10);
    const report = await drill.stop();
    host.close();
    expect(report).toMatchObject({ lost: 0, unexpected: 0, inDoubt: 4 });
    expect(report.longestPauseMs).toBeGreaterThan(3500);
  });

  it("gives up when there is no writer to begin with", async () => {
    await rome.kill();
    await expect(start({}, { patienceMs: 300 })).rejects.toThrow(
      /^no writer: .* takes no writes; .*ECONNREFUSED/,
    );
    await rome.start();
  });

  it("gives up at the end when there is no writer to read the rows from", async () => {
    const drill = await start({}, { patienceMs: 1000 });
    await rome.kill();
    await expect(drill.stop()).rejects.toThrow(/^no writer: /);
    await rome.start();
  });
});
