import { rmSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { interrupted } from "./exit.mjs";
import { hashOf } from "./hash.mjs";
import { say } from "./progress.mjs";

const HEARTBEAT = 2_000;
const SILENT_FOR_TOO_LONG = 20_000;

/** The lock on one checkout. Not inside of it: `npm ci` empties node_modules, and git would see the rest. */
export function checkoutLock(root) {
  return join(tmpdir(), `pulumi-multi-region-postgres-${userInfo().uid}-${hashOf(root).slice(0, 16)}.lock`);
}

/**
 * Runs `work` while no other bootstrap holds the lock. The holder touches the lock file as long as it lives,
 * so one that was killed does not block the others. Should two ever get in, both do the same work:
 * wasteful, but what they make is put in place by a rename.
 */
export async function locked(file, what, work) {
  await acquire(file, what);
  const heartbeat = setInterval(() => touch(file), HEARTBEAT);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  }
}

async function acquire(file, what) {
  const self = `${process.pid}@${hostname()}`;
  for (let told = false; ;) {
    try {
      writeFileSync(file, self, { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isAbandoned(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) say(`Waiting for another bootstrap, which is busy with ${what}.`);
    told = true;
    await sleep(200 + Math.random() * 100, undefined, { signal: interrupted });
  }
}

function isAbandoned(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > SILENT_FOR_TOO_LONG) return true;
    const [pid, host] = readFileSync(file, "utf8").split("@");
    if (host !== hostname()) return false;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Someone took the lock file away; the work goes on all the same.
  }
}
