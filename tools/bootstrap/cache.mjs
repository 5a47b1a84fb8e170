import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";

import { Stop } from "./exit.mjs";

/**
 * The home of the user, also where HOME is empty or unset, as in some containers and CI jobs: npm, Go and
 * Pulumi all need one, so it is set for them.
 */
export function settleHome() {
  process.env.HOME ||= homeOfUser() ?? "";
}

function homeOfUser() {
  try {
    return userInfo().homedir;
  } catch {
    return undefined; // a user id that nobody has given a name
  }
}

export function home() {
  if (process.env.HOME) return process.env.HOME;
  throw new Stop(
    "HOME is not set and this user has no home folder. Set one: export HOME=/some/writable/folder",
  );
}

/** Where everything is kept that checkouts share. */
export function cacheFolder(...names) {
  const { XDG_CACHE_HOME } = process.env;
  const base =
    XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)
      ? XDG_CACHE_HOME
      : join(home(), process.platform === "darwin" ? "Library/Caches" : ".cache");
  return join(base, "pulumi-multi-region-postgres", ...names);
}

/** The cache folder, which must be writable from here on. */
export function writableCache() {
  const folder = cacheFolder();
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(mkdtempSync(join(folder, "writable-")), { recursive: true });
    return folder;
  } catch (error) {
    throw new Stop(
      `The cache folder ${folder} is not writable (${error.code}). It keeps Pulumi for every checkout.\n` +
        "Make it writable, or name another place: XDG_CACHE_HOME=/some/writable/folder",
    );
  }
}

/** Fills a folder of the cache so that it exists only once it is complete. */
export async function fillFolder(folder, fill) {
  const temporary = `${folder}.tmp-${process.pid}`;
  for (const name of readdirSync(dirname(folder))) {
    // Left by a bootstrap that was killed: whoever fills this folder holds its lock.
    if (name.startsWith(`${basename(folder)}.tmp-`)) rmSync(join(dirname(folder), name), { recursive: true });
  }
  mkdirSync(temporary);
  try {
    await fill(temporary);
    renameSync(temporary, folder);
  } catch (error) {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error; // someone else was first
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const REMEMBERED = "remembered.json";

/** What an earlier run found out at some cost. Only ever an optimisation: unreadable is the same as empty. */
export function recall(key) {
  try {
    return JSON.parse(readFileSync(cacheFolder(REMEMBERED), "utf8"))[key];
  } catch {
    return undefined;
  }
}

export function remember(key, value) {
  const file = cacheFolder(REMEMBERED);
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const all = { ...everythingIn(file), [key]: value };
    writeFileSync(temporary, `${JSON.stringify(all, undefined, 2)}\n`);
    renameSync(temporary, file);
  } catch {
    // Then the next run finds it out again.
  }
}

function everythingIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}
