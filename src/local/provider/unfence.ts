import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readControlFile } from "../postgres/control-file";
import { regionFiles, removeFile, type RegionFiles } from "../postgres/folders";
import { conditionOf, stopServer } from "../postgres/server";
import type { HandoverInputs } from "./inputs";

/**
 * A failover that ended half-way may have fenced the writer without promoting another region. The writer that is
 * named primary again goes on then: it holds everything that was ever acknowledged.
 */
export async function takeFenceBack(primary: string, regions: HandoverInputs["regions"]): Promise<void> {
  const files = regionFiles(regions[primary]!.folder);
  const { initialised, fenced } = await conditionOf(files);
  if (!initialised || !fenced) {
    return;
  }
  const own = await newestTimeline(files);
  for (const region of Object.keys(regions).filter((other) => other !== primary)) {
    const others = regionFiles(regions[region]!.folder);
    const condition = await conditionOf(others);
    const isPast = condition.initialised && !condition.fenced && (await newestTimeline(others)) > own;
    if (isPast || (condition.initialised && !condition.standby)) {
      throw new Error(
        `${primary} was fenced, and ${region} has been promoted since: run pulumi up with primary ${region} and with ` +
          `${primary} in lost, and again without. ${primary} comes back as a reader, and can be made primary then`,
      );
    }
  }
  await stopServer(files, "immediate");
  await removeFile(files.standbySignal);
  await removeFile(files.fenced);
}

/** The timeline of a region shows in the names of its log files at once, and in the control file later. */
async function newestTimeline({ data }: RegionFiles): Promise<number> {
  const names = await readdir(join(data, "pg_wal"));
  const timelines = names
    .filter((name) => /^[0-9A-F]{24}$/.test(name))
    .map((name) => Number.parseInt(name.slice(0, 8), 16));
  return Math.max((await readControlFile(data)).timeline, ...timelines);
}
