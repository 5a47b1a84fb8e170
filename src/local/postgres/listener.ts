import { readdir, readFile, readlink } from "node:fs/promises";

/** A program that listens on a port. */
export interface Listener {
  readonly pid: number;
  readonly program: string;
  /** Its working directory: that of a PostgreSQL server is its data folder. */
  readonly folder: string;
}

/** The program that listens on a TCP port of this machine; undefined where Linux does not tell, or not this account. */
export async function listenerOn(port: number): Promise<Listener | undefined> {
  const sockets = await listeningSockets(port);
  if (sockets.size === 0) {
    return undefined;
  }
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (await holdsOneOf(pid, sockets)) {
      return describe(pid);
    }
  }
  return undefined;
}

/** As links in `/proc/PID/fd` name them. */
async function listeningSockets(port: number): Promise<ReadonlySet<string>> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((table) => readFile(table, "utf8").catch(() => "")),
  );
  return new Set(tables.flatMap((table) => socketsIn(table, port)));
}

/** The sockets that listen on a port, in a table as `/proc/net/tcp` has it. */
export function socketsIn(table: string, port: number): string[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = "", , state]) => state === "0A" && Number.parseInt(local.split(":")[1]!, 16) === port)
    .map((fields) => `socket:[${fields[9]}]`);
}

async function holdsOneOf(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const files = await readdir(folder).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => "")));
  return links.some((link) => sockets.has(link));
}

async function describe(pid: string): Promise<Listener | undefined> {
  try {
    const [program, folder] = await Promise.all([
      readFile(`/proc/${pid}/comm`, "utf8"),
      readlink(`/proc/${pid}/cwd`),
    ]);
    return { pid: Number(pid), program: program.trim(), folder };
  } catch {
    return undefined;
  }
}
