import { configurationFile } from "../postgres/configuration";
import { exists, readIfThere, writePrivateFile, type RegionFiles } from "../postgres/folders";
import { listeningOn } from "../postgres/listening";
import type { Programs } from "../postgres/programs";
import { conditionOf, reloadServer, startServer, stopServer } from "../postgres/server";
import { withSession, type Login } from "../postgres/session";

/**
 * Makes a region's server run with the configuration in its folder. If the server does not start with it, the last
 * configuration that it started with takes its place, and this throws.
 */
export async function takeUp(login: Login, files: RegionFiles, programs: Programs): Promise<void> {
  try {
    if ((await conditionOf(files)).pid === undefined) {
      await startServer(files, programs);
    } else {
      await takeUpWhileRunning(login, files, programs);
    }
  } catch (error) {
    throw await rollBack(error as Error, login.region, files, programs);
  }
  await writePrivateFile(files.lastConfiguration, (await readIfThere(configurationFile(files))) ?? "");
}

/** By a reload where that is enough. */
async function takeUpWhileRunning(login: Login, files: RegionFiles, programs: Programs): Promise<void> {
  // One that version 0.1.0 started has no socket yet.
  const needsRestart =
    (await listeningOn(files))?.socketFolder === undefined ||
    (await withSession(login, async (client) => {
      const { rows } = await client.query<{ refused: boolean }>(
        "SELECT EXISTS (SELECT FROM pg_file_settings WHERE error IS NOT NULL) AS refused",
      );
      return rows[0]?.refused === true;
    }));
  if (!needsRestart) {
    await reloadServer(files);
  } else {
    await stopServer(files);
    await startServer(files, programs);
  }
}

/** Keeps the configuration of a server that an earlier version of this package started. */
export async function keepRunningConfiguration(files: RegionFiles): Promise<void> {
  if ((await exists(files.lastConfiguration)) || (await conditionOf(files)).pid === undefined) {
    return;
  }
  const running = await readIfThere(configurationFile(files));
  if (running !== undefined) {
    await writePrivateFile(files.lastConfiguration, running);
  }
}

/** Rolls a server that is down back to its last configuration. Gives the error to throw. */
async function rollBack(
  error: Error,
  region: string,
  files: RegionFiles,
  programs: Programs,
): Promise<Error> {
  const last = await readIfThere(files.lastConfiguration);
  const isDown = (await conditionOf(files)).pid === undefined;
  if (!isDown || last === undefined || last === (await readIfThere(configurationFile(files)))) {
    return error;
  }
  await writePrivateFile(configurationFile(files), last);
  try {
    await startServer(files, programs);
  } catch (second) {
    return new Error(
      `${error.message}\n${region} does not start with its last configuration either: ${(second as Error).message}`,
      { cause: error },
    );
  }
  return new Error(
    `${region} does not start with its new parameters, and runs with the last ones again: correct them, and run ` +
      `pulumi up again. ${error.message}`,
    { cause: error },
  );
}
