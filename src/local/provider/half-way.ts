import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readControlFile } from "../postgres/control-file";
import { exists, regionFiles, removeFile, type RegionFiles } from "../postgres/folders";
import { conditionOf, stopServer } from "../postgres/server";
import type { HandoverInputs, ServerInputs } from "./inputs";

/**
 * Takes back the fence of a failover that ended before it promoted another region: the old writer, which is named
 * primary again, holds everything that was acknowledged, and goes on. Throws if another region was promoted.
 */
export async function takeFenceBack({ primary, regions }: HandoverInputs): Promise<void> {
  const files = regionFiles(regions[primary]!.folder);
  const { initialised, fenced } = await conditionOf(files);
  if (!initialised || !fenced) {
    return;
  }
  const own = await newestTimeline(files);
  for (const region of Object.keys(regions).filter((other) => other !== primary)) {
    if (await wasPromotedSince(regionFiles(regions[region]!.folder), own)) {
      throw new Error(
        `${primary} was fenced by a failover, and ${region} has been promoted since. Run pulumi up with primary ` +
          `${region} and lost [${primary}], then take ${primary} out of lost: it rejoins as a reader, without the ` +
          `commits that it alone holds, and can be made primary in the next update`,
      );
    }
  }
  await stopServer(files, "immediate");
  // The mark goes last: where this is interrupted, the next update finds it.
  await removeFile(files.standbySignal);
  await removeFile(files.fenced);
}

async function wasPromotedSince(files: RegionFiles, timeline: number): Promise<boolean> {
  const { initialised, standby, fenced } = await conditionOf(files);
  return initialised && !fenced && (!standby || (await newestTimeline(files)) > timeline);
}

/** A promotion shows in the names of a region's log files at once, and in its control file later. */
async function newestTimeline({ data }: RegionFiles): Promise<number> {
  const names = await readdir(join(data, "pg_wal"));
  const timelines = names
    .filter((name) => /^[0-9A-F]{24}$/.test(name))
    .map((name) => Number.parseInt(name.slice(0, 8), 16));
  return Math.max((await readControlFile(data)).timeline, ...timelines);
}

/** The error of a failover that promoted no region, with the way on and the way back. */
export async function failedFailover(
  error: Error,
  { primary, regions }: HandoverInputs,
  previous: string,
): Promise<Error> {
  return (await isPromoted(regions[primary]!.folder))
    ? error
    : withWays(error, `${previous} is fenced if it could be reached`, previous);
}

/**
 * The error of a region's server in an update that moves the writer: the handover, which comes later, does not get to say
 * the two ways. The old writer's own error says how it was left.
 */
export async function failedBeforeHandover(
  error: Error,
  { primary: old }: Pick<ServerInputs, "primary">,
  { region, primary: next }: Pick<ServerInputs, "region" | "primary">,
): Promise<Error> {
  return old.region === next.region || old.region === region || (await isPromoted(next.folder))
    ? error
    : withWays(error, `${old.region} may have stopped writing`, old.region);
}

/** Whether a region is promoted, or is about to be. */
function isPromoted(folder: string): Promise<boolean> {
  return exists(regionFiles(folder).writer).catch(() => true);
}

function withWays(error: Error, state: string, previous: string): Error {
  return new Error(
    `${error.message}. No region was promoted, and ${state}. To go on: repair that, and run pulumi up again. To go ` +
      `back, with nothing lost: run pulumi up with primary ${previous} and without ${previous} in lost`,
    { cause: error },
  );
}
