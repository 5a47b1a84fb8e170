import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { followsOutside, isWriter } from "../kubernetes/live-cluster";
import { claimPromotion } from "./claim";
import { requireFollowers, requirePromotion } from "./external-writer";
import { requireFailover } from "./failover-preflight";
import { changeRefusals } from "./failover-rules";
import { successorOf } from "./fence";
import type { PreflightInputs, TopologyInputs } from "./inputs";
import { keptParameters, keptWarnings } from "./kept-parameters";
import { checkOperator } from "./operator";
import { parameterFailures, type ParameterFailure } from "./parameters";
import { lookAt, namesOfLost, requireHealth, type Seen } from "./regions";
import { returnAsReader } from "./clone";
import { upstreamPosition } from "../../postgres/following";
import { changedParameters } from "../../postgres/parameters";
import { sameInputs } from "../../same-inputs";
import { requireParameters, waitUntilStreaming } from "./streaming";

/**
 * Before anything is changed: what comes back from being lost is fenced and made a reader, and a writer is only
 * demoted where the next one is about to have everything.
 */
export const preflight: dynamic.ResourceProvider<PreflightInputs, PreflightInputs> = {
  async check(olds: Partial<PreflightInputs>, news) {
    if (!isKnown(olds, news)) {
      return { inputs: { ...news, kept: olds.kept ?? {} }, failures: [] };
    }
    const seen = mayChangeParameters(olds, news) ? await lookAtThoseInReach(news) : [];
    const failures = [...changeRefusals(olds, news), ...(await refusedParameters(olds, news, seen))];
    return { inputs: { ...news, kept: await keptParameters(olds, news, seen) }, failures };
  },

  async diff(_id, olds, news) {
    if (!isKnown(olds, news)) {
      return { changes: true };
    }
    const seen = await lookAt(news);
    if (news.externalWriter === undefined) {
      requireHolder(news.primary, seen);
    }
    const isToBePromoted =
      news.externalWriter === undefined &&
      seen.some(({ name, live }) => name === news.primary && live !== undefined && followsOutside(live));
    return {
      changes:
        !sameInputs(olds, news) ||
        isToBePromoted ||
        writersBeside(news, seen).length > 0 ||
        fencedBeside(news, seen).length > 0,
    };
  },

  async create(inputs) {
    return { id: "preflight", outs: await prepared(inputs, {}) };
  },

  async update(_id, olds, news) {
    return { outs: await prepared(news, olds) };
  },
};

/** In a preview some values may be unknown yet. */
function isKnown(olds: Partial<PreflightInputs>, news: PreflightInputs): boolean {
  return [olds.regions ?? {}, news.regions, news.parameters ?? {}].every(
    (known) => typeof known === "object",
  );
}

/** Whether a region's PostgreSQL may be given other parameters than it has. */
function mayChangeParameters(olds: Partial<PreflightInputs>, news: PreflightInputs): boolean {
  const { primary, parameters, kept = {} } = olds;
  return (
    primary !== news.primary ||
    Object.keys(kept).length > 0 ||
    !isDeepStrictEqual(parameters, news.parameters)
  );
}

/** What cannot be reached is told by what follows. */
async function lookAtThoseInReach({ regions }: PreflightInputs): Promise<Seen[]> {
  const looks = await Promise.allSettled(
    Object.entries(regions).map(([name, region]) => lookAt({ regions: { [name]: region } })),
  );
  return looks.flatMap((look) => (look.status === "fulfilled" ? look.value : []));
}

/** A preview refuses what PostgreSQL would refuse; what it does not know yet, the update does. */
async function refusedParameters(
  { parameters: before = {} }: Partial<PreflightInputs>,
  { parameters = {}, primary }: PreflightInputs,
  seen: readonly Seen[],
): Promise<ParameterFailure[]> {
  const writerFirst = [...seen].sort(
    (one, other) => Number(other.name === primary) - Number(one.name === primary),
  );
  return parameterFailures(writerFirst, changedParameters(before, parameters));
}

async function prepared(inputs: PreflightInputs, olds: Partial<PreflightInputs>): Promise<PreflightInputs> {
  await prepare(inputs, olds);
  keptWarnings(inputs.kept).forEach((warning) => console.warn(`warning: ${warning}`));
  return inputs;
}

/** @param olds What it was given when this was last done. */
async function prepare(inputs: TopologyInputs, olds: Partial<TopologyInputs>): Promise<void> {
  const { primary } = inputs;
  const lost = namesOfLost(olds);
  const seen = await lookAt(inputs);
  await Promise.all(seen.map(({ region }) => checkOperator(region)));
  if (inputs.externalWriter !== undefined) {
    requireFollowers(seen);
    return;
  }
  const target = seen.find(({ name }) => name === primary);
  if (target?.live !== undefined && followsOutside(target.live)) {
    await requirePromotion(target, seen, olds.externalWriter);
    return;
  }
  requireHolder(primary, seen);
  const others = writersBeside(inputs, seen);
  const present = others.filter(({ name, live }) => !lost.includes(name) && successorOf(live!) === undefined);
  const returned = [...new Set([...others, ...fencedBeside(inputs, seen)])].filter(
    (each) => !present.includes(each),
  );
  const targetWrites = target?.live !== undefined && isWriter(target.live);
  if (targetWrites && lost.includes(primary) && others.length > 0) {
    const writer = others[0]!.name;
    throw new Error(
      `${primary} was lost, and ${writer} has written since: ${primary} comes back as a reader first. ` +
        `Run pulumi up with primary ${writer}, and move the writer then`,
    );
  }
  if (present.length > 0 && (targetWrites || present.length > 1)) {
    const writers = [...(targetWrites ? [primary] : []), ...present.map(({ name }) => name)];
    throw new Error(
      `${writers.join(" and ")} both accept writes: name those in lost whose writes may go, for one pulumi up, ` +
        "and they come back as readers in the next",
    );
  }
  await Promise.all(returned.map((each) => returnAsReader(each, target, present[0])));
  if (present.length === 1) {
    // A region that this update adds is cloned from the writer, whichever that is by then.
    const known = seen.filter(({ name, live }) => live !== undefined || olds.regions?.[name] !== undefined);
    const timeline = await requireHandover(present[0]!, primary, known);
    // An update from another state may be about to give the role to somebody else: nothing is turned or demoted then.
    await claimPromotion({ timeline, to: primary }, present, seen, Object.keys(inputs.regions));
  } else if (target?.live !== undefined && !targetWrites && namesOfLost(inputs).length > 0) {
    await requireFailover(target, seen, inputs, olds);
  }
}

/**
 * Refuses a primary without a `Cluster` beside regions that hold data: it is about to be made one, and a writer's is
 * empty.
 */
function requireHolder(primary: string, seen: readonly Seen[]): void {
  const target = seen.find(({ name }) => name === primary);
  const holders = seen.filter(({ live }) => live?.status?.systemID !== undefined).map(({ name }) => name);
  if (target?.live === undefined && holders.length > 0) {
    throw new Error(
      `${primary} has no Cluster, and ${holders.join(" and ")} hold the data. A new region is made as a reader, ` +
        `and the writer moves there in the next update. If ${primary} was deleted by hand, run pulumi up ` +
        `with primary ${holders[0]} and lost [${primary}]`,
    );
  }
}

function writersBeside({ primary }: TopologyInputs, seen: readonly Seen[]): Seen[] {
  return seen.filter(({ name, live }) => name !== primary && live !== undefined && isWriter(live));
}

/** The regions that a failover has fenced, whether they are told to write or not. */
function fencedBeside({ primary }: TopologyInputs, seen: readonly Seen[]): Seen[] {
  return seen.filter(
    ({ name, live }) => name !== primary && live !== undefined && successorOf(live) !== undefined,
  );
}

/** The writer stays where it is unless everything is as a handover needs it. Gives the timeline that is to end. */
async function requireHandover(writer: Seen, primary: string, seen: readonly Seen[]): Promise<number> {
  const stays = `the writer stays in ${writer.name}`;
  const active = seen.filter(({ activity }) => activity === "active");
  const target = active.find(({ name }) => name === primary)!;
  requireHealth(active, stays);
  const majors = new Set(active.map(({ live }) => live!.status?.pgDataImageInfo?.majorVersion));
  if (majors.size > 1) {
    const versions = active.map(
      ({ name, live }) => `${name} has ${live!.status?.pgDataImageInfo?.majorVersion ?? "an unknown one"}`,
    );
    throw new Error(`${stays}: all regions must have one major version, and ${versions.join(", ")}`);
  }
  const session = await writer.region.psql(writer.live!);
  const next = await target.region.psql(target.live!);
  try {
    await requireParameters(session, next, stays, primary);
    const readers = active.filter(({ name }) => name !== writer.name);
    await waitUntilStreaming(session, readers, stays);
    const [position] = await session.query<{ timeline: string }>(`SELECT ${upstreamPosition}`);
    return Number.parseInt(position!.timeline, 16);
  } finally {
    session.close();
    next.close();
  }
}
