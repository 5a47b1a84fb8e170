import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import {
  access,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  stat,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { own, serverAccount, underAccount } from "./account";
import { run } from "./run";

/** The files of one region, all below its folder. */
export interface RegionFiles {
  readonly folder: string;
  /** Names the topology that the folder belongs to. */
  readonly owner: string;
  /** PostgreSQL's data folder. */
  readonly data: string;
  readonly log: string;
  /** The last `postgresql.conf` that the server started with. */
  readonly lastConfiguration: string;
  readonly standbySignal: string;
  /** Present while a region that was fenced has not been rewound or cloned afresh. */
  readonly fenced: string;
  /** Present while the region writes because an update made it the writer: without it, somebody promoted it by hand. */
  readonly writer: string;
  /** The token of the last demotion, until the region follows the next writer. */
  readonly demotion: string;
  /** Present while the region's server is created: an update that is killed leaves it, and the server beside it. */
  readonly unfinished: string;
  /** The last update of each resource of the region that began to change it. */
  readonly serverUpdate: string;
  readonly replicationUpdate: string;
  /** Beside the regions' folders: names the topology that these are of. */
  readonly publicOwner: string;
  /** The certificate authority, beside the regions' folders: the one file that clients read. */
  readonly publicCa: string;
  readonly ca: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly replicationCertificate: string;
  readonly replicationKey: string;
}

export function regionFiles(folder: string): RegionFiles {
  const data = join(folder, "data");
  const tls = join(folder, "tls");
  return {
    folder,
    owner: join(folder, "topology"),
    data,
    log: join(folder, "server.log"),
    lastConfiguration: join(folder, "last-postgresql.conf"),
    standbySignal: join(data, "standby.signal"),
    fenced: join(folder, "fenced"),
    writer: join(folder, "writer"),
    demotion: join(folder, "demotion-token"),
    unfinished: join(folder, "unfinished"),
    serverUpdate: join(folder, "server-update"),
    replicationUpdate: join(folder, "replication-update"),
    publicOwner: join(dirname(folder), "topology.txt"),
    publicCa: join(dirname(folder), "ca.crt"),
    ca: join(tls, "ca.crt"),
    serverCertificate: join(tls, "server.crt"),
    serverKey: join(tls, "server.key"),
    replicationCertificate: join(tls, "replication.crt"),
    replicationKey: join(tls, "replication.key"),
  };
}

/**
 * Where data is kept unless told otherwise. Not below root's home: the account that servers run under
 * cannot enter it.
 */
export function dataHome(): string {
  if (process.getuid?.() === 0) {
    return "/var/lib/multi-region-postgres";
  }
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "multi-region-postgres");
}

/** Where what can be made again is kept, under the same constraint. */
export function cacheHome(): string {
  if (process.getuid?.() === 0) {
    return "/var/cache/multi-region-postgres";
  }
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "multi-region-postgres");
}

/** Makes a region's folder, which only the servers' account enters, and the folders above it. */
export async function makeRegionFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await mkdir(path, { recursive: true, mode: 0o700 });
  await own(path);
}

/** Makes a folder inside a region's folder. */
export function makePrivateFolder(path: string): Promise<void> {
  return underAccount('mkdir -p -- "$1"', [path]);
}

/**
 * Writes a file in a region's folder whole or not at all, readable by the servers' account alone. Says whether it
 * changed.
 */
export async function writePrivateFile(path: string, content: string): Promise<boolean> {
  if ((await readIfThere(path).catch(() => undefined)) === content) {
    return false;
  }
  const line = 'cat >"$1" && mv -f -- "$1" "$2" || { rm -f -- "$1"; exit 1; }';
  await underAccount(line, [unfinishedName(path), path], content);
  return true;
}

/** Writes a file beside the regions' folders, for everybody to read. */
export async function writePublicFile(path: string, content: string): Promise<void> {
  if ((await readPublicFile(path)) === content) {
    return;
  }
  const unfinished = unfinishedName(path);
  await writeFile(unfinished, content, { mode: 0o644, flag: "wx" });
  await rename(unfinished, path);
}

/** Reads a file beside the regions' folders. */
export async function readPublicFile(path: string): Promise<string | undefined> {
  return (await readNoLink(path, () => true))?.toString();
}

function unfinishedName(path: string): string {
  return `${path}.${randomUUID()}`;
}

/** The name of what a file is, or was going to be when its writing was interrupted. */
export function finishedName(name: string): string {
  return name.replace(/\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "");
}

/** Removes a file in a region's folder. */
export async function removeFile(path: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) !== undefined) {
    await underAccount('rm -f -- "$1"', [path]);
  }
}

/** Removes folders in a region's folder, and all that is in them. */
export async function removeFolders(paths: readonly string[]): Promise<void> {
  if (paths.length > 0) {
    await underAccount('rm -rf -- "$@"', paths);
  }
}

/** Reads a file in a region's folder. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return (await readBytesIfThere(path))?.toString();
}

/** Reads a file in a region's folder: never one of others, to which a link in that folder leads. */
export async function readBytesIfThere(path: string): Promise<Buffer | undefined> {
  const account = await serverAccount();
  return readNoLink(path, (owner) => account === undefined || account.uid === owner);
}

/** `O_NONBLOCK`: a named pipe would be waited for. */
async function readNoLink(path: string, mayOwn: (uid: number) => boolean): Promise<Buffer | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw code === "ELOOP" ? new Error(`${path} is a link: put a file in its place`) : error;
  }
  try {
    const status = await file.stat();
    if (!status.isFile() || !mayOwn(status.uid)) {
      const found = status.isFile() ? `it belongs to user ${status.uid}` : "it is no file";
      throw new Error(`${path} is not read: ${found}, and has to be a file of the servers' account`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Throws where that cannot be told: what cannot be read is not taken for absent. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") {
        return false;
      }
      throw error;
    },
  );
}

/**
 * Makes an empty file in a region's folder, unless it is there: that needs no room on a full disk.
 */
export async function writeMark(path: string): Promise<void> {
  const line = 'umask 077; set -C; { [ -f "$1" ] && [ ! -L "$1" ]; } || : >"$1"';
  await underAccount(line, [path]);
}

/**
 * Gives a data folder that was just made the place of the one before, which is renamed: it is removed when the new
 * one is known to be good. PostgreSQL wants its folder closed to everybody else.
 */
export async function putInPlace(made: string, place: string): Promise<void> {
  const aside = `${place}${replacedMark}${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`;
  const line = 'chmod 700 "$1" && { [ ! -e "$2" ] || mv -- "$2" "$3"; } && mv -- "$1" "$2"';
  await underAccount(line, [made, place, aside]);
}

const replacedMark = ".replaced-";

/** So begin the names of the files that say which update changes a topology. They lie beside the regions' folders. */
export const claimPrefix = ".update-";

/** The data folders that copies have taken the place of. */
export async function replacedData(files: RegionFiles): Promise<string[]> {
  const names = await readdir(files.folder).catch(() => [] as string[]);
  return names
    .filter((name) => name.startsWith(`${basename(files.data)}${replacedMark}`))
    .map((name) => join(files.folder, name));
}

/** Why a folder cannot be made at a path, or undefined if it can. */
export async function whyNotWritable(path: string): Promise<string | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      if (!(await stat(folder)).isDirectory()) {
        return `${folder} is not a folder`;
      }
      await access(folder, constants.W_OK | constants.X_OK);
      return await whyNotEntered(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOTDIR") {
        continue;
      }
      if (code !== "ENOENT") {
        return `${folder} cannot be written to (${code})`;
      }
      if (folder === dirname(folder)) {
        return `${path} cannot be made`;
      }
    }
  }
}

async function whyNotEntered(folder: string): Promise<string | undefined> {
  const account = await serverAccount();
  return run("test", ["-x", folder], { account, cwd: "/" }).then(
    () => undefined,
    () => `${folder} cannot be entered by the account that the servers run under`,
  );
}
