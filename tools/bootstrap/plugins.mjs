import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { cacheFolder, home, writableCache } from "./cache.mjs";
import { interrupted } from "./exit.mjs";
import { contentsOf, filesBelow, hashOf } from "./hash.mjs";
import { locked } from "./lock.mjs";
import { run } from "./process.mjs";
import { during, say } from "./progress.mjs";
import { hostAnswers, rememberAnswer } from "./releases.mjs";

const PROVIDERS = ["aws", "kubernetes", "random", "tls"];
const INSTALL_TIMEOUT = 600_000; // aws alone is hundreds of megabytes

/**
 * The provider plugins, as released where they can be had: then in the user's own PULUMI_HOME.
 * Stand-ins get a PULUMI_HOME of their own, so that none is ever mistaken for the real one in a user's home.
 */
export async function preparePlugins(root, cli, options) {
  const plugins = PROVIDERS.flatMap((name) => wanted(root, name));
  const own = process.env.PULUMI_HOME || join(home(), ".pulumi");
  const missing = plugins.filter((plugin) => !isInstalled(own, plugin));
  if (missing.length === 0) return { home: undefined, source: own };
  if ((await hostAnswers(cli.version, options)) && (await install(cli, missing))) {
    return { home: undefined, source: own };
  }
  const folder = await standIns(root, plugins);
  say(
    `Stand-ins of this project replace the provider plugins ${enumerated(plugins.map(({ name }) => name))}, ` +
      "because the download host of Pulumi is out of reach.",
  );
  return { home: folder, source: `stand-ins in ${folder}` };
}

function enumerated(names) {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");
}

function wanted(root, name) {
  const manifest = join(root, "node_modules/@pulumi", name, "package.json");
  if (!existsSync(manifest)) return [];
  return [{ name, version: JSON.parse(readFileSync(manifest, "utf8")).version }];
}

/** As the engine sees it: a folder per plugin, and beside it a `.partial` file while it is unpacked. */
function isInstalled(pulumiHome, { name, version }) {
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  return existsSync(join(folder, `pulumi-resource-${name}`)) && !existsSync(`${folder}.partial`);
}

async function install(cli, plugins) {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  try {
    for (const { name, version } of plugins) {
      await during(
        `Installing the provider plugin ${name} ${version}.`,
        `The plugin ${name} is installed`,
        () =>
          run(join(cli.folder, "pulumi"), ["plugin", "install", "resource", name, version], {
            env,
            timeout: INSTALL_TIMEOUT,
          }),
      );
    }
    return true;
  } catch (error) {
    interrupted.throwIfAborted();
    say(`The plugin could not be installed: ${error.message}`);
    rememberAnswer(false);
    return false;
  }
}

/** One folder per checkout, Node.js, content and versions: a stand-in looks things up in its checkout. */
async function standIns(root, plugins) {
  const source = join(root, "tools/plugins");
  const made = [
    ...contentsOf(source, filesBelow(source)),
    ...contentsOf(root, [join(root, "package-lock.json")]),
  ];
  const hash = hashOf(root, plugins, made, process.execPath).slice(0, 16);
  const folder = cacheFolder(`stand-ins-${hash}`);
  const complete = join(folder, ".complete");
  if (existsSync(complete)) return folder;
  writableCache();
  await locked(`${folder}.lock`, "the stand-ins of the plugins", async () => {
    if (existsSync(complete)) return;
    const { installStandIns } = await import(pathToFileURL(join(source, "install.mjs")).href);
    await installStandIns(folder);
    writeFileSync(complete, "");
  });
  return folder;
}
