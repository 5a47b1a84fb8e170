// The Kubernetes regions of the tests that need some: a user's own, or made here and taken away again.

import { spawn } from "node:child_process";
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
  const there = knownRegions().map(({ name }) => name);
  toTakeDown = names.filter((name) => !there.includes(name));
  if ((await run("node", [tool, "up", ...names, ...wishes])) !== 0) return undefined;
  return knownRegions()
    .filter(({ name }) => names.includes(name))
    .map(({ name, kubeconfig }) => `${name}=${kubeconfig}`)
    .join(",");
}

/** Takes down those that were made here. In a group of its own: no further signal ends it half-way. */
export function takeDownRegions() {
  const there = knownRegions().map(({ name }) => name);
  const leaving = toTakeDown.filter((name) => there.includes(name));
  toTakeDown = [];
  if (leaving.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const options = { stdio: ["ignore", "inherit", "inherit"], detached: true };
    spawn("node", [tool, "down", ...leaving], options).on("close", resolve);
  });
}
