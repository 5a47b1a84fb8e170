import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import {
  access,
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { own, serverAccount } from "./account";
import { run } from "./run";

/** The files of one region, all below its folder. */
export interface RegionFiles {
  readonly folder: string;
  /** Names the topology that the folder belongs to. */
  readonly owner: string;
  /** PostgreSQL's data folder. */
  readonly data: string;
  readonly log: string;
  readonly standbySignal: string;
  /** Present while a region that was fenced has not been rewound or cloned afresh. */
  readonly fenced: string;
  /** The token of the last demotion, until the region follows the next writer. */
  readonly demotion: string;
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
    standbySignal: join(data, "standby.signal"),
    fenced: join(folder, "fenced"),
    demotion: join(folder, "demotion-token"),
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

/** Makes a folder that only the servers' account enters, and the folders above it. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await mkdir(path, { recursive: true, mode: 0o700 });
  await own(path);
}

/** Writes a file whole or not at all, readable by the servers' account alone. Says whether it changed. */
export function writePrivateFile(path: string, content: string): Promise<boolean> {
  return writeWhole(path, content, 0o600);
}

/** Writes a file that everybody may read. */
export function writePublicFile(path: string, content: string): Promise<boolean> {
  return writeWhole(path, content, 0o644);
}

async function writeWhole(path: string, content: string, mode: number): Promise<boolean> {
  if ((await readIfThere(path)) === content) {
    return false;
  }
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, content, { mode });
  await own(unfinished);
  await rename(unfinished, path);
  return true;
}

export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      return undefined;
    }
    throw error;
  });
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Takes a folder's place with another one, as PostgreSQL wants it: closed to everybody else. */
export async function putInPlace(made: string, place: string): Promise<void> {
  await chmod(made, 0o700);
  await rm(place, { recursive: true, force: true });
  await rename(made, place);
}

/** Removes a region, and the folders above it that this leaves empty. */
export async function removeRegion(files: RegionFiles): Promise<void> {
  await rm(files.folder, { recursive: true, force: true });
  const topology = dirname(files.folder);
  const left = await readdir(topology).catch(() => []);
  if (left.every((name) => name === basename(files.publicCa))) {
    await rm(topology, { recursive: true, force: true });
    await removeWhileEmpty(dirname(topology));
  }
}

async function removeWhileEmpty(folder: string): Promise<void> {
  if (folder.startsWith(dataHome())) {
    await rmdir(folder).then(
      () => removeWhileEmpty(dirname(folder)),
      () => undefined,
    );
  }
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
