import { existsSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { cacheFolder, fillFolder, recall, remember, writableCache } from "./cache.mjs";
import { buildEngine, engineHash } from "./engine.mjs";
import { interrupted, Stop } from "./exit.mjs";
import { locked } from "./lock.mjs";
import { requireAll } from "./prerequisites.mjs";
import { findOnPath, isExecutable, run } from "./process.mjs";
import { say } from "./progress.mjs";
import { archiveUrl, download, hostAnswers, rememberAnswer } from "./releases.mjs";
import { isAtLeast } from "./version.mjs";

const OLDEST = "3.212.0"; // replacementTrigger, which rotates certificates
const HOST = "pulumi-language-nodejs";

/**
 * Finds out where the Pulumi CLI comes from, without installing anything yet:
 * the user's own, one that an earlier run has put in the cache, a release, or a build.
 * `provide()` then makes it exist and tells its folder.
 */
export async function planPulumi(root, options) {
  const version = pinnedVersion(root);
  const own = await onPath();
  if (own) return { provide: () => own };

  const release = cacheFolder(`release-${version}-${process.platform}-${process.arch}`);
  const engine = cacheFolder(`engine-${engineHash(root)}`);
  const cached = [release, engine].find((folder) => existsSync(join(folder, "pulumi")));
  if (cached) return { provide: () => ({ folder: cached, version, source: "from the cache" }) };

  writableCache();
  const reachable = await hostAnswers(version, options);
  return {
    needsGo: !reachable,
    provide: async () => {
      if (reachable && (await downloaded(release, version))) {
        return { folder: release, version, source: "downloaded" };
      }
      if (reachable) await requireAll(root, { go: true });
      await built(root, engine, version);
      return { folder: engine, version, source: "built here" };
    },
  };
}

/** One version for both ways to get Pulumi: the one that the Go module pins. */
function pinnedVersion(root) {
  const goMod = readFileSync(join(root, "tools/engine/cli/go.mod"), "utf8");
  return goMod.match(/github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/)[1];
}

async function onPath() {
  // A bootstrap that runs inside another one finds the cache on PATH, which is not the user's own.
  const program = findOnPath("pulumi", { except: (folder) => folder.startsWith(cacheFolder()) });
  if (!program) return undefined;
  const version = await versionOf(program);
  const folder = dirname(program);
  if (!version || !isAtLeast(version, OLDEST)) {
    say(
      `${program} is ${version ?? "not a working Pulumi"} and ${OLDEST} is needed, so another one is used here.`,
    );
  } else if (!isExecutable(join(dirname(realpathSync(program)), HOST)) && !findOnPath(HOST)) {
    say(`${program} comes without ${HOST}, so another Pulumi is used here.`);
  } else {
    return { folder, version, source: "found on PATH" };
  }
}

/** Asking takes 0.2 s, so the answer is remembered for as long as the file stays the same. */
async function versionOf(program) {
  const file = realpathSync(program);
  const { size, mtimeMs } = statSync(file);
  const key = `${file} ${size} ${mtimeMs}`;
  const known = recall("pulumi");
  if (known?.key === key) return known.version;
  const version = await askVersion(program);
  if (version) remember("pulumi", { key, version });
  return version;
}

async function askVersion(program) {
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    return (await run(program, ["version"], { env, timeout: 20_000 })).match(/^v?(\d+\.\d+\.\d+\S*)/)?.[1];
  } catch {
    return undefined;
  }
}

async function downloaded(folder, version) {
  try {
    await locked(`${folder}.lock`, "Pulumi", async () => {
      if (existsSync(folder)) return;
      await fillFolder(folder, async (temporary) => {
        const archive = join(temporary, "pulumi.tar.gz");
        await download(archiveUrl(version), archive);
        await run("tar", ["-xzf", archive, "-C", temporary, "--strip-components=1"]);
        rmSync(archive);
        await check(temporary, version);
      });
    });
    return true;
  } catch (error) {
    interrupted.throwIfAborted();
    say(`The release could not be had: ${error.message}`);
    rememberAnswer(false);
    return false;
  }
}

async function built(root, folder, version) {
  await locked(`${folder}.lock`, "building Pulumi", async () => {
    if (existsSync(folder)) return;
    await fillFolder(folder, async (temporary) => {
      await buildEngine(root, temporary);
      await check(temporary, version);
    });
  });
}

async function check(folder, version) {
  const found = await askVersion(join(folder, "pulumi"));
  if (found !== version)
    throw new Stop(`This Pulumi does not work: it should be ${version}, it says ${found}.`);
  if (!isExecutable(join(folder, HOST))) throw new Stop(`This Pulumi comes without ${HOST}.`);
}
