import { constants } from "node:fs";
import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { own, serverAccount } from "./account";
import { replicationConnection, slotName, type Upstream } from "./configuration";
import { putInPlace, type RegionFiles } from "./folders";
import type { Programs } from "./programs";
import { run } from "./run";
import { withSession, type Login } from "./session";

/** Makes a region's data folder a copy of the writer's. What was there before is replaced once the copy is whole. */
export async function cloneFrom(
  writer: Login & { readonly data: string },
  region: string,
  files: RegionFiles,
  programs: Programs,
): Promise<void> {
  const unfinished = `${files.data}.clone`;
  await rm(unfinished, { recursive: true, force: true });
  if (programs.pgBasebackup === undefined) {
    await copyWhileBackingUp(writer, region, unfinished);
  } else {
    await baseBackup(writer, region, files, unfinished, programs.pgBasebackup);
  }
  await writeFile(join(unfinished, "standby.signal"), "", { mode: 0o600 });
  await own(join(unfinished, "standby.signal"));
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
    await rm(files.standbySignal, { force: true });
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
    await copyOwned(join(writer.data, controlFile), join(target, controlFile));
    const { rows } = await client.query<{ labelfile: string }>(
      "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)",
    );
    await writeFile(join(target, "backup_label"), rows[0]!.labelfile, { mode: 0o600 });
    await own(join(target, "backup_label"));
  });
}

const controlFile = join("global", "pg_control");

/** Made anew by every server. */
const leftOut = new Set(["postmaster.pid", "postmaster.opts", "standby.signal", controlFile]);

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
  await mkdir(join(to, path), { recursive: true, mode: 0o700 });
  await own(join(to, path));
  if (leftEmpty.has(path)) {
    return;
  }
  for (const entry of await readdir(join(from, path), { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) {
      await copyFolder(from, to, inside);
    } else if (!leftOut.has(inside) && !entry.name.startsWith("pgsql_tmp")) {
      await copyOwned(join(from, inside), join(to, inside)).catch(ignoreVanished);
    }
  }
}

async function copyOwned(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await own(to);
}

function ignoreVanished(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") {
    throw error;
  }
}
