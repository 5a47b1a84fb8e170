#!/usr/bin/env node
// Prepares everything that this project needs and then runs a command in it: see `--help`.
// Plain Node.js without dependencies, since it runs before node_modules exists.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { build, buildIsStale } from "./bootstrap/build.mjs";
import { settleHome } from "./bootstrap/cache.mjs";
import { runCommand } from "./bootstrap/command.mjs";
import { environmentFor, report } from "./bootstrap/environment.mjs";
import { exitWith, untilInterrupted } from "./bootstrap/exit.mjs";
import { installNodeModules, nodeModulesAreStale } from "./bootstrap/node-modules.mjs";
import { help, parseOptions } from "./bootstrap/options.mjs";
import { preparePlugins } from "./bootstrap/plugins.mjs";
import { requireAll } from "./bootstrap/prerequisites.mjs";
import { planPulumi } from "./bootstrap/pulumi.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function prepare(options) {
  // Everything missing is named at once, and before anyone has waited for an installation.
  const pulumi = options.pulumi ? await planPulumi(root, options) : undefined;
  const runsNpm = nodeModulesAreStale(root) || (options.build && buildIsStale(root));
  await requireAll(root, { npm: runsNpm, go: pulumi?.needsGo });

  await installNodeModules(root);
  if (options.build) await build(root);
  const cli = await pulumi?.provide();
  const plugins = cli && (await preparePlugins(root, cli, options));
  return { root, cli, plugins };
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(help);
  } else {
    settleHome();
    const prepared = await untilInterrupted(() => prepare(options));
    if (options.command) await runCommand(options.command, environmentFor(prepared));
    else report(prepared);
  }
} catch (error) {
  exitWith(error);
}
