import { removeFile, writePrivateFile, type RegionFiles } from "../postgres/folders";
import { conditionOf, stopServer } from "../postgres/server";

/**
 * Makes sure that a server does not write, now or when somebody starts it by hand: it is stopped, and comes up
 * as a standby. It may hold what the others have not, so that it must not just follow them.
 */
export async function fence(files: RegionFiles): Promise<void> {
  if (!(await conditionOf(files)).initialised) {
    return;
  }
  await writePrivateFile(files.fenced, "rewind or clone before use\n");
  await writePrivateFile(files.standbySignal, "");
  await stopServer(files, "immediate");
  await removeFile(files.writer);
}
