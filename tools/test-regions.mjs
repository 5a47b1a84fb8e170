// The Kubernetes regions of the tests that need some: a user's own, or made here and taken away again.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { knownRegions } from "./regions/region.mjs";
import { missingHere } from "./regions/requirements.mjs";

const tool = fileURLToPath(new URL("regions/main.mjs", import.meta.url));
const names = ["rome", "lisbon", "dublin"];
const own = process.env["REGIONS"];

let toTakeDown = [];

/** Why there can be no regions here: nothing where there can. */
export async function missingForRegions() {
  return own ? [] : missingHere();
}

/** Makes what regions are made of, beside whatever else is going on. */
export function buildRegions(run, wishes = []) {
  return own ? Promise.resolve(0) : run("nice", ["node", tool, "build", ...wishes]);
}

/** Has regions, and gives them as REGIONS has them: nothing if they do not come up. */
export async function haveRegions(run, wishes = []) {
  if (own) return own;
  await takeDown(knownRegions().filter(isLeftBehind));
  const there = knownRegions().map(({ name }) => name);
  toTakeDown = names.filter((name) => !there.includes(name));
  if ((await run("node", [tool, "up", ...names, ...wishes])) !== 0) return undefined;
  const regions = knownRegions().filter(({ name }) => names.includes(name));
  for (const region of regions.filter(({ name }) => toTakeDown.includes(name))) {
    writeFileSync(ownerFile(region), `${process.pid} ${startOf(process.pid)}`);
  }
  return regions.map(({ name, kubeconfig }) => `${name}=${kubeconfig}`).join(",");
}

/** Takes down those that were made here. */
export async function takeDownRegions() {
  const leaving = knownRegions().filter(({ name }) => toTakeDown.includes(name));
  toTakeDown = [];
  await takeDown(leaving);
}

/** In a group of its own: no further signal ends it half-way. */
function takeDown(regions) {
  if (regions.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const options = { stdio: ["ignore", "inherit", "inherit"], detached: true };
    spawn("node", [tool, "down", ...regions.map(({ name }) => name)], options).on("close", resolve);
  });
}

/** Names the run of tests that a region was made for. */
const ownerFile = ({ folder }) => join(folder, "tests");

/** Whether a region was made for a run of tests that was killed: what the run left there would be in the way. */
function isLeftBehind(region) {
  if (!existsSync(ownerFile(region))) return false;
  const [pid, start] = readFileSync(ownerFile(region), "utf8").split(" ");
  return startOf(pid) !== start;
}

/** When a process was started, in the kernel's clock, for another may have its number by now: nothing if it has ended. */
function startOf(pid) {
  try {
    // The name, which may have blanks, ends with the last bracket.
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[19];
  } catch {
    return undefined;
  }
}
