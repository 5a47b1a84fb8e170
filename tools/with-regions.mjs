// Runs a command that needs Kubernetes regions: it finds them in REGIONS.

import { spawn } from "node:child_process";

import { haveRegions, missingForRegions, takeDownRegions } from "./test-regions.mjs";

const command = process.argv.slice(2);
let child;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child?.kill(signal));

const missing = await missingForRegions();
if (missing.length > 0) {
  console.error(`${missing.join("\n")}\nOr give your own: REGIONS=rome=/path/kubeconfig,lisbon=…,dublin=…`);
  process.exit(1);
}
const regions = await haveRegions((program, args) => run(program, args));
process.exitCode = regions === undefined ? 1 : await run(command[0], command.slice(1), { REGIONS: regions });
await takeDownRegions();

function run(program, args, environment = {}) {
  return new Promise((resolve) => {
    child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    child.on("error", (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}
