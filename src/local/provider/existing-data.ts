import { basename } from "node:path";
import { formatLsn } from "../../handover/token";
import { readControlFile } from "../postgres/control-file";
import { regionFiles, type RegionFiles } from "../postgres/folders";
import { conditionOf } from "../postgres/server";
import { siblingsOf } from "../postgres/topology-folder";
import type { RegionInputs, ServerInputs, ServerOutputs } from "./inputs";

/** A region that holds a database. */
export interface Holder {
  readonly region: string;
  readonly writable: boolean;
  readonly systemIdentifier: string;
  /** Its last checkpoint: it holds at least that much. */
  readonly timeline: number;
  readonly checkpoint: string;
}

/**
 * Why the primary must not be created empty, or undefined if it may: as long as another region holds data, a new
 * database would be the one that all others are cloned from.
 */
export async function whyNotEmpty(
  inputs: ServerInputs,
  previous: Pick<ServerOutputs, "topology"> | undefined,
): Promise<string | undefined> {
  const files = regionFiles(inputs.primary.folder);
  if ((await conditionOf(files)).initialised) {
    return undefined;
  }
  const owner = { topology: inputs.topology, formerly: previous?.topology };
  const holders = await Promise.all((await siblingsOf(files, owner)).map(holderIn));
  return explain(
    inputs.primary,
    holders.filter((holder) => holder !== undefined),
  );
}

async function holderIn(files: RegionFiles): Promise<Holder | undefined> {
  const { initialised, standby, fenced } = await conditionOf(files);
  if (!initialised) {
    return undefined;
  }
  const { systemIdentifier, timeline, checkpoint } = await readControlFile(files.data);
  return {
    region: basename(files.folder),
    writable: !standby && !fenced,
    systemIdentifier: String(systemIdentifier),
    timeline,
    checkpoint: formatLsn(checkpoint),
  };
}

/** The refusal, with the way on. */
export function explain(
  { region, folder }: RegionInputs["primary"],
  holders: readonly Holder[],
): string | undefined {
  if (holders.length === 0) {
    return undefined;
  }
  const list = holders
    .map(
      ({ region, systemIdentifier, timeline, checkpoint }) =>
        `${region} (system identifier ${systemIdentifier}, timeline ${timeline}, checkpoint ${checkpoint})`,
    )
    .join(", ");
  const writer = holders.find(({ writable }) => writable);
  const wayOn =
    writer !== undefined
      ? `${writer.region} accepts writes: keep primary ${writer.region}, run pulumi up, which makes ${region} a reader, ` +
        `and set primary to ${region} in the next update`
      : `Set primary to one of them. If ${region} was the writer and is gone for good, name it in lost as well: what ` +
        `only ${region} held is lost then`;
  return `the data of ${region} is gone from ${folder}, or was never there, while there is data in ${list}. Nothing is changed. ${wayOn}`;
}

/** Before a region becomes a copy of the writer: throws if it holds another database. */
export async function refuseOtherDatabase({ region, folder, primary }: RegionInputs): Promise<void> {
  const files = regionFiles(folder);
  if (!(await conditionOf(files)).initialised) {
    return;
  }
  const [here, writers] = await Promise.all([
    readControlFile(files.data),
    readControlFile(regionFiles(primary.folder).data),
  ]);
  if (here.systemIdentifier !== writers.systemIdentifier) {
    throw new Error(
      `${region} is not made a copy of ${primary.region}: its database is another one, with system identifier ` +
        `${here.systemIdentifier}, and that of ${primary.region} has ${writers.systemIdentifier}. Nothing is changed. ` +
        `Rename ${files.data} if its data is to be replaced, and run pulumi up again`,
    );
  }
}
