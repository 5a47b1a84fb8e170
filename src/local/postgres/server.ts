import { spawn } from "node:child_process";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serverAccount, underAccount } from "./account";
import { readControlFile } from "./control-file";
import { exists, readBytesIfThere, removeFile, type RegionFiles } from "./folders";
import type { ServerProcess } from "./process-records";
import { isPidTaken, pidFileOf, serverProcesses, signalProcess, stillRuns } from "./processes";
import type { Programs } from "./programs";
import { run } from "./run";
import { makeSocketFolder, removeSocketFolder } from "./socket";

/** What a region's folder and process tell, without asking its server. */
export interface Condition {
  /** Whether there is a database at all. */
  readonly initialised: boolean;
  /** Whether the server is, or comes up as, a standby: one that accepts no writes. */
  readonly standby: boolean;
  /** Whether it was fenced, and has to be rewound or cloned afresh before it may start. */
  readonly fenced: boolean;
  /** The server's main process, while it runs, whoever started it. */
  readonly pid: number | undefined;
}

export async function conditionOf(files: RegionFiles): Promise<Condition> {
  const [initialised, standby, fenced, { main }] = await Promise.all([
    exists(join(files.data, "global", "pg_control")),
    exists(files.standbySignal),
    exists(files.fenced),
    serverProcesses(files.data),
  ]);
  return { initialised, standby, fenced, pid: main?.pid };
}

/** Starts a server that is down, and waits until it answers; `now` leaves the waiting to somebody else. */
export async function startServer(
  files: RegionFiles,
  programs: Programs,
  wait: "wait" | "now" = "wait",
): Promise<void> {
  const account = await serverAccount();
  await rotateLog(files.log);
  await clearTheWay(files);
  // The socket's lock of a server that was killed names a process that may not be buried yet: PostgreSQL takes it for alive.
  await removeSocketFolder(files.folder);
  await makeSocketFolder(files.folder);
  const size = (await readBytesIfThere(files.log))?.length ?? 0;
  // The log is opened under the servers' account, which could have put a link in its place.
  const line = 'umask 077; exec "$1" -D "$2" >>"$3" 2>&1';
  const child = spawn("/bin/sh", ["-c", line, "sh", programs.postgres, files.data, files.log], {
    cwd: files.data,
    detached: true,
    stdio: "ignore",
    env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
    ...(account ?? {}),
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  child.unref();
  if (wait === "now") {
    return;
  }
  const failure = await Promise.race([ended, whyNotReady(files, child.pid)]);
  if (failure !== undefined) {
    throw new Error(
      `the server in ${files.folder} did not start: ${failure}\n${await endOf(files.log, size)}`,
    );
  }
}

/** Keeps the last log, once there is much of it: a server appends to its log for as long as it runs. */
async function rotateLog(log: string): Promise<void> {
  if ((await exists(log)) && (await lstat(log)).size > largestLog) {
    await underAccount('mv -f -- "$1" "$2"', [log, `${log}.1`]);
  }
}

const largestLog = 16 << 20;

/**
 * A server that already runs stays. What a killed postmaster left behind goes: its processes may go on with what
 * they were asked. A postmaster.pid stays where PostgreSQL can judge by itself that its process is gone.
 */
async function clearTheWay(files: RegionFiles): Promise<void> {
  const { main } = await serverProcesses(files.data);
  if (main !== undefined) {
    throw new Error(`a server already runs in ${files.folder} (process ${main.pid})`);
  }
  await endAll(files);
  const named = await pidFileOf(files.data);
  if (named !== undefined && (await isPidTaken(named.pid))) {
    // After a reboot that pid is another program's, or a dead process's that is still listed: PostgreSQL would
    // take either for a server of this folder.
    await removeFile(join(files.data, "postmaster.pid"));
  }
}

/** Waits until a server that was started accepts connections. */
async function whyNotReady(files: RegionFiles, pid: number | undefined): Promise<string | undefined> {
  for (const end = Date.now() + startSeconds * 1000; Date.now() < end; await sleep(5)) {
    const file = await pidFileOf(files.data);
    if (file?.ready === true && file.pid === pid) {
      return undefined;
    }
  }
  return `it does not answer after ${startSeconds} s`;
}

/** Recovery after a crash takes as long as there is log since the last checkpoint, by default five minutes' worth. */
const startSeconds = 120;

/**
 * Stops a server that runs, whoever started it, and every process of it. `fast` ends its connections and writes a
 * shutdown checkpoint, which readers receive before it goes; `immediate` is for one whose writes no longer count.
 * When this returns, nothing of the server is left.
 */
export async function stopServer(files: RegionFiles, mode: "fast" | "immediate" = "fast"): Promise<void> {
  const { main, all } = await serverProcesses(files.data);
  if (main !== undefined && mode === "fast") {
    await shutDown(main, files);
  } else if (main !== undefined && !all.some(({ suspended }) => suspended)) {
    await signalProcess(main, "SIGQUIT");
    await haveEnded([main], 10);
  }
  await endAll(files);
}

async function shutDown(main: ServerProcess, files: RegionFiles): Promise<void> {
  await signalProcess(main, "SIGINT");
  if (!(await haveEnded([main], 60))) {
    const why = main.suspended ? `: it is suspended, and goes on after \`kill -CONT ${main.pid}\`` : "";
    throw new Error(
      `the server in ${files.folder} (process ${main.pid}) did not stop within 60 s${why}. Its log is ${files.log}`,
    );
  }
}

/**
 * Ends every process that is left of a server. A backend whose postmaster was killed while both were suspended
 * would, once it goes on, acknowledge what it was asked before.
 */
async function endAll(files: RegionFiles): Promise<void> {
  const { all } = await serverProcesses(files.data);
  if (!all.some(({ suspended }) => suspended)) {
    // They notice that the postmaster is gone; its logging collector still writes down what the others said.
    await haveEnded(all, 1);
  }
  for (const end = Date.now() + 10_000; ;) {
    const left = (await serverProcesses(files.data)).all;
    if (left.length === 0) {
      return;
    }
    if (Date.now() > end) {
      const pids = left.map(({ pid }) => pid).join(", ");
      throw new Error(`the server in ${files.folder} cannot be stopped: processes ${pids} survive SIGKILL`);
    }
    // The main one is first: it makes no other afterwards.
    await Promise.all(left.map((each) => signalProcess(each, "SIGKILL")));
    await haveEnded(left, 1);
  }
}

async function haveEnded(processes: readonly ServerProcess[], seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(5)) {
    const running = await Promise.all(processes.map(stillRuns));
    if (!running.includes(true)) {
      return true;
    }
    if (Date.now() > end) {
      return false;
    }
  }
}

/** Makes a running server read its configuration again. */
export async function reloadServer(files: RegionFiles): Promise<void> {
  const { main } = await serverProcesses(files.data);
  if (main !== undefined) {
    await signalProcess(main, "SIGHUP");
  }
}

/**
 * Makes an empty database whose superuser can log in with a password. The password's verifier goes in by
 * single-user mode: no file, argument or statement ever holds the password, and no port is open yet.
 */
export async function initialise(data: string, programs: Programs, superuserVerifier: string): Promise<void> {
  const account = await serverAccount();
  const options = [
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--data-checksums",
    "--auth=reject",
  ];
  await run(programs.initdb, ["-D", data, ...options], { account, cwd: "/" });
  await setSuperuserVerifier(data, programs, superuserVerifier);
}

/** Sets the superuser's password in a database whose server is down. */
export async function setSuperuserVerifier(
  data: string,
  programs: Programs,
  verifier: string,
): Promise<void> {
  const account = await serverAccount();
  const statement = `ALTER ROLE postgres PASSWORD '${verifier}'\n`;
  await run(programs.postgres, ["--single", "-D", data, "postgres"], {
    account,
    cwd: data,
    input: statement,
  });
}

/** Whether a database was left in order, so that its control file says where it ends. */
export async function wasShutDown(files: RegionFiles): Promise<boolean> {
  return (await readControlFile(files.data)).state === "shut down";
}

async function endOf(log: string, from: number): Promise<string> {
  const said = ((await readBytesIfThere(log)) ?? Buffer.of()).subarray(from).toString().trim().split("\n");
  return said.slice(-10).join("\n");
}
