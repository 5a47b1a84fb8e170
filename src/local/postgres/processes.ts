import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readIfThere } from "./folders";
import {
  isChildTitle,
  isFolder,
  isServerProgram,
  parseLsof,
  parsePidFile,
  parseProcStat,
  parsePs,
  sortOut,
  type PidFile,
  type ProcessRecord,
  type ServerProcess,
  type ServerProcesses,
} from "./process-records";
import { run } from "./run";

/**
 * The processes of the server of a data folder, however it was started. Every process of PostgreSQL has its data
 * folder as its working directory, for as long as it lives; a command line may say `-D .` or nothing at all, and
 * postmaster.pid may be gone, or name a process that has nothing to do with it.
 */
export async function serverProcesses(
  data: string,
  platform: NodeJS.Platform = process.platform,
): Promise<ServerProcesses> {
  const pidFile = await pidFileOf(data);
  const processes =
    platform === "linux" ? linuxProcesses(data, pidFile) : await otherProcesses(data, pidFile);
  return sortOut(processes, pidFile?.pid);
}

/** Where the file cannot be read, processes are found without it. */
export async function pidFileOf(data: string): Promise<PidFile | undefined> {
  return parsePidFile(await readIfThere(join(data, "postmaster.pid")).catch(() => undefined));
}

/** What the system tells of this very process. */
export async function ownRecord(): Promise<ProcessRecord> {
  const record = await recordOf(process.pid);
  if (record === undefined) {
    throw new Error(`the system tells nothing of process ${process.pid}: neither /proc nor ps`);
  }
  return record;
}

/** Whether a process that was found before still runs. */
export async function stillRuns({ pid, started }: Pick<ProcessRecord, "pid" | "started">): Promise<boolean> {
  const now = await recordOf(pid);
  return now !== undefined && !now.ended && now.started === started;
}

/** Whether there is any process of this number, be it one that has ended and is still listed. */
export async function isPidTaken(pid: number): Promise<boolean> {
  return (await recordOf(pid)) !== undefined;
}

/** Sends a signal, unless the process has ended and its pid may be another's. */
export async function signalProcess(target: ProcessRecord, signal: NodeJS.Signals): Promise<void> {
  if (!(await stillRuns(target))) {
    return;
  }
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPERM") {
      throw new Error(`process ${target.pid} runs under another account: stop it there`, { cause: error });
    }
    if (code !== "ESRCH") {
      throw error;
    }
  }
}

async function recordOf(pid: number): Promise<ProcessRecord | undefined> {
  if (process.platform === "linux") {
    return parseProcStat(attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "");
  }
  return (await ps([pid]))[0];
}

// Synchronous: asynchronous calls for each process of a machine take several times as long, and writes may wait.
function linuxProcesses(data: string, pidFile: PidFile | undefined): ServerProcess[] {
  const place: Place = {
    data,
    folder: resolved(data),
    identity: attempt(() => statSync(data)),
    namespace: attempt(() => readlinkSync("/proc/self/ns/mnt")),
    pidFile,
  };
  const servers = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => linuxServer(name, place));
  const here = servers.filter(({ runsHere }) => runsHere);
  return servers
    .filter(({ runsHere, parent }) => runsHere || here.some(({ pid }) => pid === parent))
    .map(({ runsHere: _, ...each }) => each);
}

interface Place {
  readonly data: string;
  /** The same without links. */
  readonly folder: string;
  /** What a folder is, whichever path leads there. */
  readonly identity: { readonly dev: number; readonly ino: number } | undefined;
  /** Paths of containers look like ours, and are others. */
  readonly namespace: string | undefined;
  readonly pidFile: PidFile | undefined;
}

/** A server's process, whosever it is. */
function linuxServer(pid: string, place: Place): (ServerProcess & { readonly runsHere: boolean })[] {
  const of = (file: string) => `/proc/${pid}/${file}`;
  const program = attempt(() => readlinkSync(of("exe")), "EACCES");
  if (program === undefined || (program !== denied && !isServerProgram(program))) {
    return [];
  }
  const record = parseProcStat(attempt(() => readFileSync(of("stat"), "utf8")) ?? "");
  if (record === undefined || record.ended || (program === denied && !isServerProgram(record.name))) {
    return [];
  }
  const command = attempt(() => readFileSync(of("cmdline"), "utf8")) ?? "";
  const runsHere = program === denied ? isNamed(record, place.pidFile) : isAt(of, command, place);
  return [{ ...withoutName(record), child: isChildTitle(command), runsHere }];
}

function withoutName({ pid, parent, started, suspended, ended }: ProcessRecord): ProcessRecord {
  return { pid, parent, started, suspended, ended };
}

function isAt(of: (file: string) => string, command: string, place: Place): boolean {
  const { data, folder, identity, namespace } = place;
  if (
    isSame(
      attempt(() => statSync(of("cwd"))),
      identity,
    )
  ) {
    return true;
  }
  if (namespace === undefined || attempt(() => readlinkSync(of("ns/mnt"))) !== namespace) {
    return false;
  }
  return (
    isFolder(attempt(() => readlinkSync(of("cwd"))) ?? "", folder) ||
    // A folder that is out of reach cannot be compared, and may have another name by now.
    (identity === undefined && command.split("\0").some((word) => word === data || word === folder))
  );
}

const denied = "denied";

/**
 * Whether postmaster.pid means a process of another account, whose folder we may not know: its number and its start
 * agree. The file is written within a second of the start; clocks that are set drift apart.
 */
function isNamed({ pid, started }: ProcessRecord, pidFile: PidFile | undefined): boolean {
  const boot = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
  const ticksPerSecond = 100;
  return pidFile?.pid === pid && Math.abs(boot + Number(started) / ticksPerSecond - pidFile.started) < 60;
}

/** Where there is no /proc: by lsof and ps. */
async function otherProcesses(data: string, pidFile: PidFile | undefined): Promise<ServerProcess[]> {
  const folder = resolved(data);
  const listed = parseLsof(await lsof());
  const here = listed.filter((each) => isFolder(each.folder, folder)).map(({ pid }) => pid);
  const unknown = pidFile !== undefined && !listed.some(({ pid }) => pid === pidFile.pid);
  const records = await ps([...here, ...(unknown ? [pidFile.pid] : [])]);
  return records
    .filter(({ pid, started, command, ended }) => {
      const isMeant =
        isServerProgram(command.split(" ")[0]!) &&
        Math.abs(Date.parse(started) / 1000 - (pidFile?.started ?? NaN)) < 60;
      return !ended && (here.includes(pid) || isMeant);
    })
    .map(({ command, ...record }) => ({ ...record, child: isChildTitle(command) }));
}

async function lsof(): Promise<string> {
  const options = ["-w", "-a", "-d", "cwd", "-c", "/^(postgres|postmaster)$/", "-F", "pn"];
  return run("lsof", options).catch((error: Error) => {
    // It ends with 1 where there is no such process.
    if (error.message === "lsof failed (exit code 1): ") {
      return "";
    }
    throw error;
  });
}

async function ps(pids: readonly number[]): Promise<ReturnType<typeof parsePs>> {
  if (pids.length === 0) {
    return [];
  }
  const options = ["-ww", "-p", pids.join(","), "-o", "pid=,ppid=,state=,lstart=,command="];
  return parsePs(
    await run("ps", options).catch((error: Error) => {
      if (error.message === "ps failed (exit code 1): ") {
        return "";
      }
      throw error;
    }),
  );
}

/** A folder's path without links, also where the folder itself is gone. */
function resolved(path: string): string {
  return (
    attempt(() => realpathSync(path)) ??
    join(attempt(() => realpathSync(dirname(path))) ?? dirname(path), basename(path))
  );
}

function isSame(
  one: { dev: number; ino: number } | undefined,
  other: { dev: number; ino: number } | undefined,
): boolean {
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** What a process or folder tells, or undefined where it is gone or not ours to read. */
function attempt<T>(read: () => T): T | undefined;
function attempt<T>(read: () => T, deniedBy: "EACCES"): T | typeof denied | undefined;
function attempt<T>(read: () => T, deniedBy?: "EACCES"): T | typeof denied | undefined {
  try {
    return read();
  } catch (error) {
    return deniedBy !== undefined && (error as NodeJS.ErrnoException).code === deniedBy ? denied : undefined;
  }
}
