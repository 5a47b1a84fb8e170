// @ts-check
// A region on this machine: its folder, its first process, and what that leaves.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  rmdirSync,
  closeSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Stop } from "../bootstrap/exit.mjs";
import { files } from "./components.mjs";
import { rememberKernelSettings, restoreKernelSettings } from "./kernel-settings.mjs";
import { connect, disconnect, unplug } from "./network.mjs";
import { ensurePki } from "./pki.mjs";
import { MOST_REGIONS, planRegion, STATE } from "./plan.mjs";

/** @typedef {import("./plan.mjs").Region} Region */

const CGROUPS = "/sys/fs/cgroup";
/** Where a region has to have a folder of its own, since no setting moves these. */
const FIXED = { kubelet: "/var/lib/kubelet", cni: "/var/lib/cni", log: "/var/log" };
const FOLDERS = ["log/pods", "log/containers", "network", "volumes", "kubelet", "cni"];

/** Every region that has a folder, whether it runs or not. @returns {Region[]} */
export function knownRegions() {
  if (!existsSync(STATE)) return [];
  return readdirSync(STATE)
    .filter((name) => existsSync(numberFile(name)))
    .map((name) => planRegion(name, Number(readFileSync(numberFile(name), "utf8"))))
    .sort((one, other) => one.number - other.number);
}

/** @param {string} name */
export function knownRegion(name) {
  const regions = knownRegions();
  const region = regions.find((one) => one.name === name);
  if (region !== undefined) return region;
  const known =
    regions.length > 0 ? `there are ${regions.map((one) => one.name).join(", ")}` : "there is none";
  throw new Stop(`No region is called ${name}: ${known}. To make it: npm run regions -- up ${name}`);
}

/**
 * The region of a name; one that is new gets the lowest number that is free. What is left of an `up` or a `down` that
 * was cut short is nobody's data, and may be half of what it was: it goes first.
 * @param {string} name
 * @returns {Promise<Region>}
 */
export async function claimRegion(name) {
  const known = knownRegions().find((region) => region.name === name);
  if (known !== undefined && (wasReady(known) || initOf(known) !== undefined)) return known;
  if (known !== undefined) await remove(known);
  const regions = knownRegions();
  const numbers = Array.from({ length: MOST_REGIONS }, (_, index) => index + 1);
  const free = numbers.find((number) => regions.every((region) => region.number !== number));
  if (free === undefined)
    throw new Stop(`There are ${MOST_REGIONS} regions already, which is all there can be.`);
  mkdirSync(dirname(numberFile(name)), { recursive: true });
  writeFileSync(numberFile(name), `${free}\n`);
  return planRegion(name, free);
}

/** @param {string} name */
const numberFile = (name) => join(STATE, name, "number");

/** @param {Region} region */
const readyFile = ({ folder }) => join(folder, "ready");

/** Whether a region was once all that it should be. @param {Region} region */
export function wasReady(region) {
  return existsSync(readyFile(region));
}

/** @param {Region} region */
export function setReady(region) {
  writeFileSync(readyFile(region), "");
}

/**
 * Starts a region, as a machine is started: what was in its folder is there, what ran is not.
 * @param {Region} region
 * @param {import("./components.mjs").Programs} programs
 */
export async function start(region, programs) {
  const { folder, namespace, name } = region;
  for (const below of FOLDERS) mkdirSync(join(folder, below), { recursive: true });
  for (const [file, text] of Object.entries(files(region, programs, ensurePki(region)))) {
    writeFileSync(join(folder, file), text, { mode: 0o600 });
  }
  await connect(region);
  for (const folder of Object.values(FIXED)) mkdirSync(folder, { recursive: true });
  rememberKernelSettings();
  const log = openSync(join(folder, "log", "region-init.log"), "a");
  const unshare = ["unshare", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc"];
  const script = [
    'hostname "$1"',
    "mount -t tmpfs tmpfs /run",
    ...Object.entries(FIXED).map(([own, fixed]) => `mount --bind "$2/${own}" ${fixed}`),
    'exec "$3" "$2"',
  ].join("\n");
  const init = /** @type {string} */ (programs.binaries["region-init"]);
  const child = spawn(
    "nsenter",
    [`--net=/run/netns/${namespace}`, ...unshare, "sh", "-e", "-c", script, "sh", name, folder, init],
    { cwd: "/", detached: true, stdio: ["ignore", log, log] },
  );
  closeSync(log);
  child.unref();
  for (const end = Date.now() + 5_000; initOf(region) === undefined; await sleep(20)) {
    if (Date.now() > end)
      throw new Stop(`${name} does not start: see ${join(folder, "log/region-init.log")}`);
  }
}

/**
 * The region's first process, as the host counts.
 * @param {Region} region
 * @returns {number | undefined}
 */
export function initOf({ folder }) {
  const pid = pids().find((name) => {
    const [program, argument] = commandOf(name);
    return argument === folder && basename(program ?? "") === "region-init";
  });
  return pid === undefined ? undefined : Number(pid);
}

function pids() {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
}

/** @param {string} pid */
function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // it has ended
  }
}

/**
 * The command that runs a program beside the region's own, in all its namespaces.
 * @param {Region} region
 * @param {...string} command
 */
export function beside(region, ...command) {
  const init = initOf(region);
  if (init === undefined)
    throw new Stop(`${region.name} does not run. To start it: npm run regions -- heal ${region.name}`);
  return ["nsenter", `--target=${init}`, "--net", "--mount", "--pid", "--uts", "--", ...command];
}

/**
 * Ends all that runs in a region at once, as a power cut does, and takes its wire away.
 * @param {Region} region
 */
export async function kill(region) {
  await unplug(region);
  const init = initOf(region);
  if (init === undefined) return;
  try {
    process.kill(init, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
  // It is the last to go: the kernel ends everybody else of its namespace before it.
  while (existsSync(`/proc/${init}`)) await sleep(20);
}

/**
 * Takes a region away, and all that it has.
 * @param {Region} region
 */
export async function remove(region) {
  rmSync(readyFile(region), { force: true });
  await kill(region);
  endClients(region);
  await disconnect(region);
  await removeCgroups(region);
  // Its number goes last: until then it is known, and can be removed.
  for (const entry of readdirSync(region.folder).filter((name) => name !== "number")) {
    rmSync(join(region.folder, entry), { recursive: true, force: true });
  }
  rmSync(region.folder, { recursive: true, force: true });
}

/** Whoever was started by an `up` that was killed goes on to ask for an API server that is gone. @param {Region} region */
function endClients({ kubeconfig }) {
  for (const pid of pids().filter((pid) => commandOf(pid).includes(`--kubeconfig=${kubeconfig}`))) {
    try {
      process.kill(Number(pid), "SIGTERM");
    } catch {
      // It has ended by itself.
    }
  }
}

/** What is left on the machine when the last region is gone. */
export function removeTraces() {
  restoreKernelSettings();
  for (const folder of [STATE, dirname(STATE), FIXED.kubelet, FIXED.cni]) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

/** The kernel ends processes and gives back their groups a moment later. @param {Region} region */
async function removeCgroups({ cgroup }) {
  const hierarchies = [CGROUPS, ...readdirSync(CGROUPS).map((name) => join(CGROUPS, name))];
  const real = hierarchies.filter((folder) => !isLink(folder) && existsSync(join(folder, cgroup)));
  for (const hierarchy of real) {
    for (const end = Date.now() + 5_000; !removeTree(join(hierarchy, cgroup)) && Date.now() < end;)
      await sleep(50);
    const parent = join(hierarchy, dirname(cgroup));
    if (readdirSync(parent, { withFileTypes: true }).every((entry) => !entry.isDirectory()))
      rmdirSync(parent);
  }
}

/** @param {string} folder */
function removeTree(folder) {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const entry of below) removeTree(join(folder, entry.name));
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false; // somebody in it is still ending
  }
}

/** @param {string} path */
function isLink(path) {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
