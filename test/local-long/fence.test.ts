import { spawn } from "node:child_process";
import { mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { serverAccount } from "../../src/local/postgres/account";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { alive, signal } from "../support/processes";
import { ask, connectTo, writersOf, type ByHand } from "../support/region";

describe("a lost writer", () => {
  let topology: LocalTopology;
  let writer = "rome";
  let next = "lisbon";

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE kept (id int)");
  });
  afterAll(() => topology.dispose());

  /** Fails over, and says what was printed. */
  async function failOver(): Promise<string> {
    return topology.up({ primary: next, lost: [writer] });
  }

  /** The lost writer comes back as a reader; the next test loses the other one. */
  async function rejoin(): Promise<void> {
    await topology.up({ lost: [] });
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual([next]);
    [writer, next] = [next, writer];
  }

  test.each<ByHand>(["in its folder", "by a link", "by PGDATA"])(
    "that somebody started by hand is stopped before the next one writes: %s",
    async (how) => {
      const lost = topology.region(writer);
      await lost.kill();
      await lost.startByHand(how);
      const processes = await lost.processes();
      expect(processes.length).toBeGreaterThan(1);
      await failOver();

      expect(await alive(processes)).toEqual([]);
      expect(await lost.condition()).toMatchObject({ standby: true, fenced: true });
      expect(await writersOf(await topology.outputs())).toEqual([next]);
      await rejoin();
    },
  );

  test("whose postmaster.pid is gone is stopped all the same", async () => {
    const lost = topology.region(writer);
    const processes = await lost.processes();
    await rm(`${lost.files.data}/postmaster.pid`);
    await failOver();
    expect(await alive(processes)).toEqual([]);
    await rejoin();
  });

  test("that starts again after the failover is fenced by the next update, which needs no other change", async () => {
    const lost = topology.region(writer);
    await lost.kill();
    await failOver();
    // As a region that could not be reached: nothing of the fence has arrived there.
    await rm(lost.files.fenced);
    await rm(lost.files.standbySignal);
    await lost.startByHand();
    const outputs = await topology.outputs();
    expect((await writersOf(outputs)).sort()).toEqual([writer, next].sort());
    await topology.up();
    expect(await writersOf(outputs)).toEqual([next]);
    expect(await lost.condition()).toMatchObject({ standby: true, fenced: true, pid: undefined });
    await rejoin();
  });

  test("that cannot be marked is stopped, and nobody is promoted until it can", async () => {
    const lost = topology.region(writer);
    const processes = await lost.processes();
    await mkdir(lost.files.fenced);
    const { code, output } = await topology.tryUp({ primary: next, lost: [writer] });

    expect(code).not.toBe(0);
    expect(output).toContain("cannot be kept from being started as a writer");
    expect(await alive(processes)).toEqual([]);
    expect(await writersOf(await topology.outputs())).toEqual([]);

    await rmdir(lost.files.fenced);
    await failOver();
    await rejoin();
  });

  test("whose folder is out of reach is passed over with a warning, and stopped where it runs", async () => {
    const lost = topology.region(writer);
    const processes = await lost.processes();
    const elsewhere = `${lost.folder}-elsewhere`;
    await rename(lost.folder, elsewhere);
    try {
      expect(await failOver()).toContain(`warning: ${writer}, which is lost, is not fenced`);
      expect(await writersOf(await topology.outputs())).toContain(next);
    } finally {
      processes.forEach((pid) => signal(pid, "SIGKILL"));
      await rename(elsewhere, lost.folder);
    }
    await rejoin();
  });

  test.each(["is frozen with its postmaster", "outlives its postmaster"])(
    "acknowledges nothing more when a process of it %s and goes on later",
    async (what) => {
      const lost = topology.region(writer);
      const clients = await connect(await topology.outputs(), 12);
      for (const client of clients) {
        await client.query("BEGIN");
        await client.query("INSERT INTO kept VALUES (1)");
      }
      const [postmaster, ...children] = await lost.processes();
      children.forEach((pid) => signal(pid, "SIGSTOP"));
      signal(postmaster!, what === "outlives its postmaster" ? "SIGKILL" : "SIGSTOP");
      let acknowledged = 0;
      const commits = clients.map((client) =>
        client.query("COMMIT").then(
          () => acknowledged++,
          () => undefined,
        ),
      );
      await failOver();

      children.forEach((pid) => signal(pid, "SIGCONT"));
      await Promise.race([Promise.all(commits), sleep(3000)]);
      expect(acknowledged).toBe(0);
      expect(await alive(children)).toEqual([]);
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
      await rejoin();
    },
  );

  test("that is killed while the log ends within a record does not hold the failover up", async () => {
    const outputs = await topology.outputs();
    const client = await connectTo(outputs, outputs.writerEndpoint);
    await client.query("BEGIN");
    const positions = () =>
      ask<{ received: string; replayed: string }>(
        outputs,
        outputs.regions[next]!.endpoint,
        "SELECT pg_last_wal_receive_lsn() AS received, pg_last_wal_replay_lsn() AS replayed",
      );
    // Whole pages are written before the commit: the last record that is on the last page goes on where nothing is written.
    await eventually(async () => {
      await client.query("INSERT INTO kept SELECT generate_series(1, 1000)");
      await sleep(500);
      const [before] = await positions();
      await sleep(500);
      const [after] = await positions();
      expect(after).toEqual(before);
      expect(after!.replayed).not.toBe(after!.received);
    }, 60);
    await topology.region(writer).kill();
    await failOver();
    await client.end().catch(() => undefined);
    await rejoin();
  });

  test("that is down does not fill its readers' logs", async () => {
    await topology.region(writer).stopByHand();
    const { log } = topology.region(next).files;
    const failures = async () =>
      (await readFile(log, "utf8")).split("could not connect to the primary").length;
    const before = await failures();
    await sleep(20_000);
    const after = await failures();
    expect(after).toBeGreaterThan(before);
    // Ten a second would be 200.
    expect(after - before).toBeLessThan(10);
    await topology.up();
    expect(await writersOf(await topology.outputs())).toEqual([writer]);
  });

  test("whose postmaster.pid names another program's process starts again", async () => {
    const region = topology.region(writer);
    const file = `${region.files.data}/postmaster.pid`;
    const lines = (await readFile(file, "utf8")).split("\n");
    await region.kill();
    // As after a reboot: the pid is that of another program of the same account.
    const other = spawn("sleep", ["600"], { cwd: "/", ...(await serverAccount()) });
    await writeFile(file, [other.pid, ...lines.slice(1)].join("\n"));
    await topology.up();
    expect(await writersOf(await topology.outputs())).toEqual([writer]);
    expect(await alive([other.pid!])).toEqual([other.pid]);
    other.kill();
  });
});

async function connect(outputs: Awaited<ReturnType<LocalTopology["outputs"]>>, count: number) {
  return Promise.all(Array.from({ length: count }, () => connectTo(outputs, outputs.writerEndpoint)));
}
