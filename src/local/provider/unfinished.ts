import {
  regionFiles,
  readIfThere,
  removeFile,
  writePrivateFile,
  type RegionFiles,
} from "../postgres/folders";
import { conditionOf, stopServer } from "../postgres/server";
import { removeRegion, siblingsOf } from "../postgres/topology-folder";
import type { HandoverInputs, ServerInputs, ServerOutputs } from "./inputs";

/** What a server found in its folder when its creation began. */
type Before = "data" | "no data";

/**
 * Notes that a server is being created. What an update that is killed has made by then is in no state: the note is
 * what the deletion of the topology finds it by.
 */
export async function markUnfinished(files: RegionFiles): Promise<void> {
  if ((await readIfThere(files.unfinished)) === undefined) {
    const before: Before = (await conditionOf(files)).initialised ? "data" : "no data";
    await writePrivateFile(files.unfinished, before);
  }
}

/**
 * Creates a server. What a creation that fails has made until then comes into the state, so that the next update
 * goes on with it and a deletion removes it: Pulumi takes an error with an `id` for that.
 */
export async function creating(
  inputs: ServerInputs,
  create: () => Promise<ServerOutputs>,
): Promise<ServerOutputs> {
  try {
    return await create();
  } catch (error) {
    const properties: ServerOutputs = { ...inputs, status: "unfinished", observedRole: "none", version: "" };
    const { message } = error as Error;
    const reasons = [message];
    throw Object.assign(new Error(message, { cause: error }), { id: inputs.folder, properties, reasons });
  }
}

/** Stops the servers that are in no state, since the update that created them was killed, and removes what it made. */
export async function removeUnfinished({ topology, regions, primary }: HandoverInputs): Promise<void> {
  if (topology === undefined) {
    return;
  }
  const owner = { topology };
  const files = regionFiles(regions[primary]!.folder);
  for (const each of [files, ...(await siblingsOf(files, owner))]) {
    const before = await readIfThere(each.unfinished);
    if (before === undefined) {
      continue;
    }
    await stopServer(each);
    if (before === "no data") {
      await removeRegion(each, owner);
    } else {
      await removeFile(each.unfinished);
    }
  }
}
