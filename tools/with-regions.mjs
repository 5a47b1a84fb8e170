// Runs a command that needs Kubernetes regions: it finds them in REGIONS.

import { runInForeground } from "./bootstrap/foreground.mjs";
import { haveRegions, missingForRegions, takeDownRegions } from "./test-regions.mjs";

const [program, ...args] = process.argv.slice(2);

const missing = await missingForRegions();
if (missing.length > 0) {
  console.error(`${missing.join("\n")}\nOr give your own: REGIONS=rome=/path/kubeconfig,lisbon=…,dublin=…`);
  process.exit(1);
}
const regions = await haveRegions((tool, options) => runInForeground(tool, options));
process.exitCode = regions === undefined ? 1 : await runInForeground(program, args, { REGIONS: regions });
await takeDownRegions();
