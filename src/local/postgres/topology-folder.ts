import { lstat, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import {
  claimPrefix,
  dataHome,
  finishedName,
  makeRegionFolder,
  readIfThere,
  readPublicFile,
  regionFiles,
  removeFile,
  removeFolders,
  replacedData,
  writePrivateFile,
  writePublicFile,
  type RegionFiles,
} from "./folders";
import { removeSocketFolder } from "./socket";

/** A topology's name, and the name that the state has for it: they differ after a rename of the stack. */
export interface Owner {
  readonly topology: string;
  readonly formerly?: string | undefined;
}

/** Why a region's folder is not one of this topology, or undefined if it is, or may become one. */
export async function whyForeign(files: RegionFiles, owner: Owner): Promise<string | undefined> {
  const named = await ownerOf(files);
  if (named !== undefined) {
    return isOwner(named, owner) ? whySharedIsForeign(files, owner) : belongsTo(files.folder, named);
  }
  const present = (await contentOf(files.folder)).filter(
    (name) => finishedName(name) !== basename(files.owner),
  );
  if (present.length > 0) {
    return (
      `${files.folder} holds files that no topology has made: ${shortList(present)}. ` +
      "Nothing is changed there. Give this topology another dataDir, or move these files away"
    );
  }
  return whySharedIsForeign(files, owner);
}

/** The folder of all regions: it is of one topology, since the certificate authority in it is. */
async function whySharedIsForeign(files: RegionFiles, owner: Owner): Promise<string | undefined> {
  const dataDir = dirname(files.folder);
  const named = (await readPublicFile(files.publicOwner))?.trim();
  if (named !== undefined) {
    return isOwner(named, owner) ? undefined : belongsTo(dataDir, named);
  }
  const owners = await ownersIn(dataDir);
  const other = owners.find((each) => !isOwner(each, owner));
  if (other !== undefined) {
    return belongsTo(dataDir, other);
  }
  const ours = owners.length > 0;
  if (!ours && (await lstat(files.publicCa).catch(() => undefined)) !== undefined) {
    return `${files.publicCa} was made by no topology, and would be overwritten: give this topology another dataDir`;
  }
  return undefined;
}

function belongsTo(folder: string, topology: string): string {
  return `${folder} belongs to the topology ${topology}: give this one a dataDir of its own`;
}

/** Makes a region's folder, and marks it and the folder of all regions as this topology's. */
export async function claim(files: RegionFiles, owner: Owner): Promise<void> {
  await refuseForeign(files, owner);
  await makeRegionFolder(files.folder);
  await claimShared(files, owner);
  await writePrivateFile(files.owner, `${owner.topology}\n`);
}

async function refuseForeign(files: RegionFiles, owner: Owner): Promise<void> {
  const reason = await whyForeign(files, owner);
  if (reason !== undefined) {
    throw new Error(reason);
  }
}

async function claimShared(files: RegionFiles, owner: Owner): Promise<void> {
  const content = `${owner.topology}\n`;
  try {
    // Of two topologies that are created at once one is first.
    await writeFile(files.publicOwner, content, { mode: 0o644, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
    await refuseForeign(files, owner);
    await writePublicFile(files.publicOwner, content);
  }
}

/** The topology that a region's folder is marked with. */
async function ownerOf(files: RegionFiles): Promise<string | undefined> {
  return (await readIfThere(files.owner))?.trim();
}

/** Whether a region's folder is marked as this topology's. */
export async function isMarked(files: RegionFiles, owner: Owner): Promise<boolean> {
  const named = await ownerOf(files);
  return named !== undefined && isOwner(named, owner);
}

function isOwner(named: string, { topology, formerly }: Owner): boolean {
  return named === topology || named === formerly;
}

async function ownersIn(dataDir: string): Promise<string[]> {
  const owners = await Promise.all(
    (await namesIn(dataDir)).map((name) => ownerOf(regionFiles(join(dataDir, name))).catch(() => undefined)),
  );
  return owners.filter((owner) => owner !== undefined);
}

/** The regions of a topology that have a folder beside this one. */
export async function siblingsOf(files: RegionFiles, owner: Owner): Promise<RegionFiles[]> {
  const dataDir = dirname(files.folder);
  const siblings = (await namesIn(dataDir))
    .filter((name) => name !== basename(files.folder))
    .map((name) => regionFiles(join(dataDir, name)));
  const owners = await Promise.all(siblings.map((sibling) => ownerOf(sibling).catch(() => undefined)));
  return siblings.filter((_, index) => owners[index] !== undefined && isOwner(owners[index], owner));
}

/**
 * Removes what was made for a region, and the folders that this leaves empty. Gives the paths of what is left,
 * because it was made by somebody else.
 */
export async function removeRegion(files: RegionFiles, owner: Owner): Promise<string[]> {
  if (!(await isMarked(files, owner))) {
    return (await contentOf(files.folder)).length === 0 ? [] : [files.folder];
  }
  await removeSocketFolder(files.folder);
  const made = new Set([
    ...Object.values<string>({ ...files }).map((path) => relative(files.folder, path)),
    ...unnamed,
  ]);
  const paths = (await contentOf(files.folder))
    .filter((name) => made.has(finishedName(name)))
    .map((name) => join(files.folder, name))
    .filter((path) => path !== files.owner);
  await removeFolders([...paths, ...(await replacedData(files))]);
  // Last: where this is interrupted, the next deletion still knows whose the rest is.
  await removeFile(files.owner);
  const foreign = await contentOf(files.folder);
  await rmdir(files.folder).catch(() => undefined);
  await removeShared(files);
  return foreign.map((name) => join(files.folder, name));
}

/** In a region's folder, beside its files: data folders that were never finished among them. */
const unnamed = ["tls", "server.log.1", "data.new", "data.clone"];

async function removeShared({ folder, publicCa, publicOwner }: RegionFiles): Promise<void> {
  const dataDir = dirname(folder);
  if ((await ownersIn(dataDir)).length > 0) {
    return;
  }
  await rm(publicCa, { force: true });
  await rm(publicOwner, { force: true });
  const claims = (await namesIn(dataDir)).filter((name) => name.startsWith(claimPrefix));
  await Promise.all(claims.map((name) => rm(join(dataDir, name), { force: true })));
  await removeWhileEmpty(dataDir, dataDir);
}

/** A folder that is not empty stays, and so does a mount point, or what is not ours to remove. */
async function removeWhileEmpty(folder: string, dataDir: string): Promise<void> {
  if (folder === dataDir || folder.startsWith(`${dataHome()}/`) || folder === dataHome()) {
    await rmdir(folder).then(
      () => removeWhileEmpty(dirname(folder), dataDir),
      () => undefined,
    );
  }
}

/** What is in a region's folder. A file system that is mounted there brings `lost+found`. */
async function contentOf(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => name !== "lost+found");
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      return [];
    }
    throw error;
  });
}

function shortList(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
