// @ts-check
// All regions together: what it takes to have some, and to have none.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { interrupted, Stop } from "../bootstrap/exit.mjs";
import { locked } from "../bootstrap/lock.mjs";
import { say } from "../bootstrap/progress.mjs";
import { ensureBinaries } from "./build/binaries.mjs";
import { ensureImages } from "./build/images.mjs";
import { clusterManifests, furnish } from "./cluster.mjs";
import { ensureBridge, nameOnHost, removeBridge } from "./network.mjs";
import { hostsLines } from "./plan.mjs";
import {
  claimRegion,
  initOf,
  kill,
  knownRegions,
  remove,
  removeTraces,
  setReady,
  start,
  wasReady,
} from "./region.mjs";
import { requireMachine } from "./requirements.mjs";

/** @typedef {import("./plan.mjs").Region} Region */

const LOCK = "/run/lock/pulumi-multi-region-postgres-regions.lock";

/**
 * @typedef {object} Wishes
 * @property {boolean} [backups] whether there is to be what CloudNativePG needs for backups
 */

/**
 * Brings regions up, whatever there is of them; an interrupt takes down those that were not yet ready.
 * @param {readonly string[]} names
 * @param {Wishes} [wishes]
 * @returns {Promise<Region[]>}
 */
export async function up(names, { backups = false } = {}) {
  return exclusively(async () => {
    const programs = { ...(await buildAll({ backups })), manifests: await clusterManifests(), backups };

    const regions = [];
    for (const name of names) regions.push(await claimRegion(name));
    tellNames();
    await ensureBridge();
    const results = await Promise.allSettled(regions.map((region) => upOne(region, programs)));
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    if (interrupted.aborted) await tidy();
    interrupted.throwIfAborted();
    if (failures.length > 0) throw new Stop(failures.map(({ message }) => message).join("\n"));
    return regions;
  });
}

/** Makes what regions are made of, where it is not there yet. @param {Wishes} [wishes] */
export function build(wishes) {
  return exclusively(() => buildAll(wishes));
}

/** @param {Wishes} [wishes] */
async function buildAll(wishes) {
  const system = await requireMachine();
  const binaries = await ensureBinaries(wishes);
  const archives = await ensureImages(binaries);
  interrupted.throwIfAborted();
  return { ...system, binaries, archives };
}

/**
 * @param {Region} region
 * @param {import("./components.mjs").Programs & import("./cluster.mjs").Built} programs
 */
async function upOne(region, programs) {
  const started = Date.now();
  const tell = (/** @type {string} */ text) =>
    say(`${region.name}: ${text} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  const ran = initOf(region) !== undefined;
  try {
    if (!ran) await start(region, programs);
    await furnish(region, programs, tell);
    setReady(region);
    tell(ran ? "ready; it ran already" : "ready");
  } catch (error) {
    // One that had data keeps it.
    if (interrupted.aborted && !ran) await (wasReady(region) ? kill : remove)(region);
    throw error;
  }
}

/**
 * Takes regions away with all that they have.
 * @param {readonly Region[]} regions
 */
export async function down(regions) {
  await exclusively(async () => {
    await Promise.all(regions.map(remove));
    await tidy();
  });
}

/** Once a region has gone, no other knows its name; once all have, nothing is left on the machine. */
async function tidy() {
  tellNames();
  if (knownRegions().length === 0) {
    await removeBridge();
    removeTraces();
  }
}

/** Every region, and the host, knows every region by name. */
function tellNames() {
  const regions = knownRegions();
  for (const { folder } of regions) writeFileSync(join(folder, "hosts"), hostsLines(regions));
  nameOnHost(regions);
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
function exclusively(work) {
  mkdirSync("/run/lock", { recursive: true });
  return locked(LOCK, "the regions", work);
}
