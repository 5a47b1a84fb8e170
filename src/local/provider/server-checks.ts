import type { dynamic } from "@pulumi/pulumi";
import { dirname, join } from "node:path";
import { changedParameters } from "../../postgres/parameters";
import { namesOf } from "../../region-set";
import { at } from "../../rules";
import { regionFiles, whyNotWritable } from "../postgres/folders";
import { isOfLibraries, refusedByLibraries } from "../postgres/library-trial";
import { refusedParameters } from "../postgres/parameter-trial";
import { whyPortIsTaken } from "../postgres/port";
import { findPrograms } from "../postgres/programs";
import { whyForeign } from "../postgres/topology-folder";
import { whyNotEmpty } from "./existing-data";
import { serverFailoverFailures } from "./failover-rules";
import type { ServerInputs } from "./inputs";
import { isWriter } from "./region";

type Failures = dynamic.CheckFailure[];

/**
 * What the past, or this machine, refuses: in a preview already, and before any server starts. What the past
 * refuses is told alone: it makes the rest pointless.
 */
export async function serverFailures(olds: ServerInputs | undefined, news: ServerInputs): Promise<Failures> {
  const refused = [
    ...replacements(olds, news),
    ...(await forgottenWriter(olds, news)),
    ...serverFailoverFailures(olds, news),
  ];
  if (refused.length > 0 || news.activity === "lost") {
    return refused;
  }
  for (const check of [foreignFolder, unusableFolder, emptyPrimary, takenPort, badParameters]) {
    const failures = await check(news, olds);
    if (failures.length > 0) {
      return failures;
    }
  }
  return [];
}

function replacements(olds: ServerInputs | undefined, news: ServerInputs): Failures {
  return (["folder", "database", "owner"] as const)
    .filter((property) => olds?.[property] !== undefined && olds[property] !== news[property])
    .map((property) => ({
      property,
      reason:
        `cannot change from ${olds![property]} to ${news[property]}: it would replace the database` +
        (property === "folder" ? `. Set dataDir to ${dirname(olds!.folder)} to keep it` : ""),
    }));
}

/** Who writes is told by the folders: what was asked for last may have been refused. */
async function forgottenWriter(olds: ServerInputs | undefined, news: ServerInputs): Promise<Failures> {
  const removed = namesOf(olds?.declared ?? {}).filter((region) => news.declared[region] === undefined);
  const writes = await Promise.all(removed.map((region) => isWriter(join(dirname(news.folder), region))));
  return removed
    .filter((_, index) => writes[index])
    .map((writer) => ({
      property: "primary",
      reason:
        `${writer} is the writer, and is no longer in regions: its database would be deleted. ` +
        "Move the writer first, and remove the region in the next update",
    }));
}

async function foreignFolder(news: ServerInputs, olds: ServerInputs | undefined): Promise<Failures> {
  const owner = { topology: news.topology, formerly: olds?.topology };
  const reason = await whyForeign(regionFiles(news.folder), owner).catch((error: Error) => error.message);
  return reason === undefined ? [] : [{ property: "folder", reason }];
}

async function emptyPrimary(news: ServerInputs, olds: ServerInputs | undefined): Promise<Failures> {
  const reason = await whyNotEmpty(news, olds);
  return reason === undefined ? [] : [{ property: "primary", reason }];
}

async function unusableFolder({ folder }: ServerInputs): Promise<Failures> {
  const reason = await whyNotWritable(folder);
  return reason === undefined ? [] : [{ property: "folder", reason: `is not usable: ${reason}` }];
}

async function takenPort(inputs: ServerInputs): Promise<Failures> {
  if (inputs.activity === "hibernated") {
    return [];
  }
  const reason = await whyPortIsTaken(inputs, regionFiles(inputs.folder));
  return reason === undefined ? [] : [{ property: "port", reason }];
}

/** Only what changes: a check of the writer must not hold up a handover. */
async function badParameters(news: ServerInputs, olds: ServerInputs | undefined): Promise<Failures> {
  const { parameters } = news;
  const changed = typeof parameters === "object" ? changedParameters(olds?.parameters ?? {}, parameters) : {};
  // Programs that are not found are told by the update, with the way on.
  const programs = await findPrograms(news.binDir).catch(() => undefined);
  if (programs === undefined || Object.keys(changed).length === 0) {
    return [];
  }
  const refused = await refusedParameters(changed, programs);
  if (refused.size === 0 && Object.keys(changed).some(isOfLibraries)) {
    const { data } = regionFiles(news.folder);
    const known = changedParameters({}, parameters);
    (await refusedByLibraries(known, data, programs)).forEach((said, name) => refused.set(name, said));
  }
  return [...refused].map(([name, refusal]) => ({
    property: at("parameters", name),
    reason: `is refused by PostgreSQL ${programs.version}: ${refusal}. Nothing has been changed`,
  }));
}
