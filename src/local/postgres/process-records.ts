/** What the system tells of one process. */
export interface ProcessRecord {
  readonly pid: number;
  readonly parent: number;
  /** When it started, in the system's own unit: a pid is used again, a pid with its start is not. */
  readonly started: string;
  /** Suspended by a signal or a debugger: it acts on no signal but SIGKILL. */
  readonly suspended: boolean;
  /** It has ended, and its parent has not asked for its exit code yet. */
  readonly ended: boolean;
}

/** A process of one data folder's server. */
export interface ServerProcess extends ProcessRecord {
  /** Whether a postmaster started it. All children are named "postgres: …". */
  readonly child: boolean;
}

export interface ServerProcesses {
  /** The postmaster, or a server in single-user mode. */
  readonly main: ServerProcess | undefined;
  /** All processes, the main one first. Without a main one they are orphans: their postmaster was killed. */
  readonly all: readonly ServerProcess[];
}

/** Tells the postmaster from the others. `named` is the pid in postmaster.pid. */
export function sortOut(processes: readonly ServerProcess[], named: number | undefined): ServerProcesses {
  const roots = processes.filter(({ child }) => !child);
  // A postmaster that has forked a child which is not renamed yet looks like two.
  const main =
    roots.find(({ pid }) => pid === named) ??
    roots.find(({ parent }) => !roots.some(({ pid }) => pid === parent));
  return { main, all: main === undefined ? processes : [main, ...processes.filter((each) => each !== main)] };
}

/** What postmaster.pid says. A server in single-user mode writes its pid with a minus. */
export interface PidFile {
  readonly pid: number;
  /** Seconds since 1970. */
  readonly started: number;
  readonly port: number;
  readonly ready: boolean;
}

export function parsePidFile(text: string | undefined): PidFile | undefined {
  const lines = text?.split("\n") ?? [];
  const pid = Math.abs(Number(lines[0]));
  return Number.isInteger(pid) && pid > 0
    ? { pid, started: Number(lines[2]), port: Number(lines[3]), ready: lines[7]?.trim() === "ready" }
    : undefined;
}

/** Whether an executable is PostgreSQL's server; Linux adds a word to the path of one that was upgraded. */
export function isServerProgram(path: string): boolean {
  return /(^|\/)(postgres|postmaster)( \(deleted\))?$/.test(path);
}

/** Whether a process's working directory, as Linux tells it, is a folder, or was it until somebody deleted it. */
export function isFolder(workingDirectory: string, folder: string): boolean {
  return workingDirectory === folder || workingDirectory === `${folder} (deleted)`;
}

/** Whether a command line is that of a child of a postmaster. */
export function isChildTitle(commandLine: string): boolean {
  return commandLine.startsWith("postgres: ");
}

/** /proc/PID/stat: `pid (name) state parent …`, the start in the 22nd field. A name may hold anything. */
export function parseProcStat(text: string): (ProcessRecord & { readonly name: string }) | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  const [state, parent, ...rest] = text.slice(close + 2).split(" ");
  const started = rest[17];
  if (open < 0 || close < 0 || started === undefined) {
    return undefined;
  }
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    parent: Number(parent),
    started,
    ...meaningOf(state!),
  };
}

/** `ps -o pid=,ppid=,state=,lstart=,command=`: the start is five words, such as `Sat Nov 28 01:54:40 2026`. */
export function parsePs(text: string): (ProcessRecord & { readonly command: string })[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+((?:\S+\s+){4}\S+)\s*(.*)$/.exec(line);
    if (match === null) {
      return [];
    }
    const [, pid, parent, state, started, command] = match;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        started: started!.replace(/\s+/g, " "),
        command: command!,
        ...meaningOf(state!),
      },
    ];
  });
}

/** `lsof -F pn -d cwd`: lines `pPID` and `nFOLDER`. */
export function parseLsof(text: string): { pid: number; folder: string }[] {
  let pid = 0;
  return text.split("\n").flatMap((line) => {
    if (line.startsWith("p")) {
      pid = Number(line.slice(1));
    }
    return line.startsWith("n") ? [{ pid, folder: line.slice(1) }] : [];
  });
}

function meaningOf(state: string): Pick<ProcessRecord, "suspended" | "ended"> {
  return { suspended: /^[Tt]/.test(state), ended: /^[ZXx]/.test(state) };
}
