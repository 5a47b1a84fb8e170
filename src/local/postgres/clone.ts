import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { serverAccount, underAccount } from "./account";
import { replicationConnection, slotName, type Upstream } from "./configuration";
import {
  exists,
  makePrivateFolder,
  putInPlace,
  removeFile,
  removeFolders,
  writePrivateFile,
  type RegionFiles,
} from "./folders";
import type { Programs } from "./programs";
import { run } from "./run";
import { withSession, type Login } from "./session";

/**
 * Makes a region's data folder a copy of the writer's. Once the copy is whole it takes the place of what was there
 * before, which is renamed: it stays until the copy is known to be good.
 */
export async function cloneFrom(
  writer: Login & { readonly data: string },
  region: string,
  files: RegionFiles,
  programs: Programs,
): Promise<void> {
  const unfinished = `${files.data}.clone`;
  await removeFolders([unfinished]);
  if (programs.pgBasebackup === undefined) {
    await copyWhileBackingUp(writer, region, unfinished);
  } else {
    await baseBackup(writer, region, files, unfinished, programs.pgBasebackup);
  }
  await writePrivateFile(join(unfinished, "standby.signal"), "");
  await putInPlace(unfinished, files.data);
}

/** Undoes what a fenced region wrote after the writer had moved on. Says whether that could be done. */
export async function rewindTo(
  writer: Login,
  region: string,
  files: RegionFiles,
  programs: Programs,
): Promise<boolean> {
  if (programs.pgRewind === undefined) {
    return false;
  }
  const account = await serverAccount();
  const source = `${replicationConnection(region, writer, files)} dbname='postgres'`;
  try {
    // Without it a writer that was promoted just now still tells its old timeline.
    await withSession(writer, (client) => client.query("CHECKPOINT"));
    // Crash recovery, which comes before the rewinding, is not to be had of a standby.
    await removeFile(files.standbySignal);
    await run(programs.pgRewind, ["-D", files.data, `--source-server=${source}`], {
      account,
      cwd: files.data,
    });
    return true;
  } catch {
    // The log that it needs is gone, or it stopped half-way: a clone does not depend on either.
    return false;
  }
}

async function baseBackup(
  writer: Upstream,
  region: string,
  files: RegionFiles,
  target: string,
  pgBasebackup: string,
): Promise<void> {
  const account = await serverAccount();
  const connection = replicationConnection(region, writer, files);
  const options = ["--wal-method=stream", `--slot=${slotName(region)}`, "--checkpoint=fast", "--no-manifest"];
  await run(pgBasebackup, ["-D", target, "-d", connection, ...options], { account, cwd: files.folder });
}

/**
 * What pg_basebackup does, where it is not to be had: between the start and the end of a backup the files may
 * be copied while the server writes to them; the log since then, kept by the slot, puts them right.
 */
async function copyWhileBackingUp(
  writer: Login & { readonly data: string },
  region: string,
  target: string,
): Promise<void> {
  await withSession(writer, async (client) => {
    await client.query("SELECT pg_backup_start($1, true)", [`clone of ${region}`]);
    await copyFolder(writer.data, target, "");
    // Last of all: it must not be older than what it speaks of.
    await copyFiles(writer.data, target, "global", ["pg_control"]);
    const { rows } = await client.query<{ labelfile: string }>(
      "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)",
    );
    await writePrivateFile(join(target, "backup_label"), rows[0]!.labelfile);
  });
}

/** Made again by every server. */
const leftOut = new Set([
  "postmaster.pid",
  "postmaster.opts",
  "standby.signal",
  join("global", "pg_control"),
]);

/** Of these the folders alone are copied: what is in them is of one server, or kept by the slot. */
const leftEmpty = new Set([
  "pg_dynshmem",
  "pg_notify",
  "pg_replslot",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  "pg_wal",
]);

async function copyFolder(from: string, to: string, path: string): Promise<void> {
  await makePrivateFolder(join(to, path));
  if (leftEmpty.has(path)) {
    return;
  }
  const entries = await readdir(join(from, path), { withFileTypes: true });
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link !== undefined) {
    const what = join(from, path, link.name);
    throw new Error(`${what} is a link, and only pg_basebackup can copy a database with links: install it`);
  }
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("pgsql_tmp"))
    .map(({ name }) => name)
    .filter((name) => !leftOut.has(join(path, name)));
  for (let start = 0; start < names.length; start += filesAtOnce) {
    await copyFiles(from, to, path, names.slice(start, start + filesAtOnce));
  }
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    await copyFolder(from, to, join(path, name));
  }
}

/** A command line has room for that many. */
const filesAtOnce = 500;

/** Copies files of one folder. A file that the server has removed meanwhile is left out. */
async function copyFiles(from: string, to: string, path: string, names: readonly string[]): Promise<void> {
  const sources = names.map((name) => join(from, path, name));
  try {
    await underAccount('to="$1"; shift; cp -P -- "$@" "$to"', [join(to, path), ...sources]);
  } catch (error) {
    const present = await Promise.all(sources.map(exists));
    const left = names.filter((_, index) => present[index]);
    if (left.length === names.length) {
      throw error;
    }
    if (left.length > 0) {
      await copyFiles(from, to, path, left);
    }
  }
}
