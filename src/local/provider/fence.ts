import { stat } from "node:fs/promises";
import { removeFile, writeMark, type RegionFiles } from "../postgres/folders";
import { conditionOf, stopServer } from "../postgres/server";

/**
 * Makes sure that a server does not write, now or when somebody starts it by hand: it is stopped, and comes up
 * as a standby. It may hold what the others have not, so that it must not just follow them.
 */
export async function fence(files: RegionFiles): Promise<void> {
  await stopServer(files, "immediate");
  if (!(await conditionOf(files)).initialised) {
    return;
  }
  try {
    await writeMark(files.fenced);
    await writeMark(files.standbySignal);
  } catch (error) {
    throw new Error(
      `the server in ${files.folder} is stopped, but cannot be kept from being started as a writer: ` +
        `${(error as Error).message}. Make that file writable, and run pulumi up again`,
      { cause: error },
    );
  }
  // Somebody may have started it before the marks were there. After them it comes up as a standby.
  await stopServer(files, "immediate");
  await removeFile(files.writer);
}

/**
 * Fences a region that is lost. Its folder may be out of reach, on a disk that is gone: then what runs on this
 * machine is stopped all the same, and the user is warned. Everything else that fails, fails the update.
 */
export async function fenceLost(region: string, files: RegionFiles): Promise<void> {
  await stopServer(files, "immediate");
  const reason = await whyOutOfReach(files);
  if (reason !== undefined) {
    console.warn(
      `warning: ${region}, which is lost, is not fenced: ${reason}. No process of its server runs on this machine. ` +
        `Do not start it again before pulumi up has fenced it or made it a reader: it would accept writes`,
    );
    return;
  }
  await fence(files);
}

/** Whether a lost region that can be reached could write, or be started as a writer. */
export async function isUnfenced(files: RegionFiles): Promise<boolean> {
  if ((await whyOutOfReach(files)) !== undefined) {
    return false;
  }
  const { initialised, standby, fenced, pid } = await conditionOf(files);
  return pid !== undefined || (initialised && !(standby && fenced));
}

async function whyOutOfReach({ folder, data }: RegionFiles): Promise<string | undefined> {
  try {
    await stat(folder);
    await stat(data).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") {
        throw error;
      }
    });
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? `${folder} is not there` : `${folder} cannot be read (${code})`;
  }
}
