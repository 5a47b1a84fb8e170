import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serverAccount } from "./account";
import { readControlFile } from "./control-file";
import { exists, readBytesIfThere, readIfThere, removeFile, type RegionFiles } from "./folders";
import type { Programs } from "./programs";
import { run } from "./run";
import { makeSocketFolder } from "./socket";

/** What a region's folder and process tell, without asking its server. */
export interface Condition {
  /** Whether there is a database at all. */
  readonly initialised: boolean;
  /** Whether the server is, or comes up as, a standby: one that accepts no writes. */
  readonly standby: boolean;
  /** Whether it was fenced, and has to be rewound or cloned afresh before it may start. */
  readonly fenced: boolean;
  /** The server's process, while it runs. */
  readonly pid: number | undefined;
}

export async function conditionOf(files: RegionFiles): Promise<Condition> {
  const [initialised, standby, fenced, pid] = await Promise.all([
    exists(join(files.data, "global", "pg_control")),
    exists(files.standbySignal),
    exists(files.fenced),
    runningPid(files),
  ]);
  return { initialised, standby, fenced, pid };
}

/** Starts a server that is down, and waits until it answers; `now` leaves the waiting to somebody else. */
export async function startServer(
  files: RegionFiles,
  programs: Programs,
  wait: "wait" | "now" = "wait",
): Promise<void> {
  const account = await serverAccount();
  await removeFile(join(files.data, "postmaster.pid"));
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
  const failure = await Promise.race([ended, whyNotReady(files)]);
  if (failure !== undefined) {
    throw new Error(
      `the server in ${files.folder} did not start: ${failure}\n${await endOf(files.log, size)}`,
    );
  }
}

/** Waits until a server that was started accepts connections. */
async function whyNotReady(files: RegionFiles): Promise<string | undefined> {
  for (const end = Date.now() + startSeconds * 1000; Date.now() < end; await sleep(5)) {
    const lines = (await readIfThere(join(files.data, "postmaster.pid")))?.split("\n");
    if (lines?.[7]?.trim() === "ready") {
      return undefined;
    }
  }
  return `it does not answer after ${startSeconds} s`;
}

/** Recovery after a crash takes as long as there is log since the last checkpoint, by default five minutes' worth. */
const startSeconds = 120;

/**
 * Stops a server that runs. `fast` ends its connections and writes a shutdown checkpoint, which readers
 * receive before it goes; `immediate` is for one whose writes no longer count, and always succeeds.
 */
export async function stopServer(files: RegionFiles, mode: "fast" | "immediate" = "fast"): Promise<void> {
  const pid = await runningPid(files);
  if (pid === undefined) {
    return;
  }
  signal(pid, mode === "fast" ? "SIGINT" : "SIGQUIT");
  if (await hasEnded(pid, files, mode === "fast" ? 60 : 10)) {
    return;
  }
  if (mode === "fast") {
    throw new Error(
      `the server in ${files.folder} (process ${pid}) did not stop within 60 s: its log is ${files.log}`,
    );
  }
  signal(pid, "SIGKILL");
  await hasEnded(pid, files, 10);
}

async function hasEnded(pid: number, files: RegionFiles, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(5)) {
    if (!(await exists(join(files.data, "postmaster.pid"))) || !(await isServerOf(pid, files))) {
      return true;
    }
  }
  return false;
}

/** Makes a running server read its configuration again. */
export async function reloadServer(files: RegionFiles): Promise<void> {
  const pid = await runningPid(files);
  if (pid !== undefined) {
    signal(pid, "SIGHUP");
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

async function runningPid(files: RegionFiles): Promise<number | undefined> {
  const pid = Number((await readIfThere(join(files.data, "postmaster.pid")))?.split("\n")[0]);
  return Number.isInteger(pid) && pid > 0 && (await isServerOf(pid, files)) ? pid : undefined;
}

/** After a reboot the number in postmaster.pid may be another process's, or a dead one's not yet buried. */
async function isServerOf(pid: number, files: RegionFiles): Promise<boolean> {
  try {
    if (process.platform !== "linux") {
      return (await run("ps", ["-p", String(pid), "-o", "command="])).includes(files.data);
    }
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).includes(files.data);
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}

async function endOf(log: string, from: number): Promise<string> {
  const said = ((await readBytesIfThere(log)) ?? Buffer.of()).subarray(from).toString().trim().split("\n");
  return said.slice(-10).join("\n");
}
