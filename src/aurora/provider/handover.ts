import type { dynamic } from "@pulumi/pulumi";
import { announce, dangersOf, withoutDangers } from "../../handover/announcement";
import { sameInputs } from "../../same-inputs";
import type { HandoverReport } from "../../topology";
import type { Activity } from "../../topology-plan";
import { decidedOnceFailures } from "../rules/decided-once";
import { auroraSteps } from "../steps";
import { accessFor, configure } from "./access";
import { decide, type Decision } from "./decide";
import type { HandoverInputs, HandoverOutputs, Member } from "./inputs";
import { isAvailable, isChanging, isOf, isRebuilding, lookAt, writerOf, type Seen } from "./observe";
import { obstacles, unavailability } from "./preflight";
import { AwsRdsApi, type GlobalDatabase, type RdsApi } from "./rds-api";
import { clock, waitUntil, type Clock } from "./waiting";

const patienceSeconds = 300;
const changeSeconds = 3_600;

/**
 * The passing of the writer's role: it comes after every member. AWS demotes and promotes; what is done here is to see
 * that it may, to ask for it once, and to wait until it is so. Whatever interrupts that, the next update goes on.
 */
export const handover: dynamic.ResourceProvider<HandoverInputs, HandoverOutputs> = {
  configure,

  // The preview shows what is checked here: the steps of the last change of roles, which is the next one by then.
  async check(olds: Partial<HandoverInputs>, news) {
    const change = {
      from: news.follows ? undefined : olds.primary,
      to: news.primary,
      before: activities(olds.regions),
      after: activities(news.regions),
    };
    const steps = news.follows ? [] : auroraSteps(change);
    const fate = (region: string, before: Activity) => fateOf(olds.regions![region]!, before);
    const dangers = dangersOf({ ...change, durability: undefined, fateOf: fate });
    return {
      inputs: announce(olds, news, { steps, dangers }),
      failures: decidedOnceFailures(olds, news),
    };
  },

  async diff(_id, olds, news) {
    return { changes: await isDue(olds, news, new AwsRdsApi(accessFor(news))) };
  },

  async create(inputs) {
    return {
      id: "handover",
      outs: withoutDangers(await handOver(inputs, undefined, new AwsRdsApi(accessFor(inputs)), clock)),
    };
  },

  async update(_id, olds, news) {
    return { outs: withoutDangers(await handOver(news, olds, new AwsRdsApi(accessFor(news)), clock)) };
  },
};

function fateOf({ awsRegion, cluster }: Member, before: Activity): string {
  return before === "lost"
    ? `it is forgotten, and the cluster ${cluster} and all else of it in ${awsRegion} is yours to delete: see docs/aws-operations.md`
    : "its cluster and its data are deleted";
}

function activities(regions: HandoverInputs["regions"] = {}): Record<string, Activity> {
  return Object.fromEntries(Object.entries(regions).map(([name, { activity }]) => [name, activity]));
}

/**
 * Whether there is something to do: somebody may have moved the writer by hand, or an update was killed.
 *
 * @throws If a region is no member any more: it counts as a reader, and may accept writes.
 */
export async function isDue(olds: HandoverOutputs, news: HandoverInputs, api: RdsApi): Promise<boolean> {
  if (!sameInputs(olds, news)) {
    return true;
  }
  const seen = await lookAt(news, api);
  if (!news.follows && !writes(news, seen)) {
    return true;
  }
  refuseStrangers(seen);
  return false;
}

/** Regions whose cluster is at work and no member of the global database: they count as readers, and are none. */
function strangers({ database, regions }: Seen): string[] {
  return (isChanging(database) ? [] : regions)
    .filter(({ cluster, membership }) => cluster && isAvailable(cluster) && membership === undefined)
    .map(({ name }) => name);
}

function refuseStrangers(seen: Seen): void {
  const alone = strangers(seen);
  if (alone.length > 0) {
    throw new Error(
      `${alone.join(" and ")} left the global database: its cluster is a database of its own, which follows no writer ` +
        "and may accept writes. Save what only that cluster holds, take the region out of regions, which deletes " +
        "the cluster, and add the region again afterwards",
    );
  }
}

function writes({ primary, regions }: HandoverInputs, { database }: Seen): boolean {
  return database.members.some(({ arn, isWriter }) => isWriter && isOf(arn, regions[primary]!));
}

/** @param olds What was given and found when this was last done. */
export async function handOver(
  inputs: HandoverInputs,
  olds: HandoverOutputs | undefined,
  api: RdsApi,
  time: Clock,
): Promise<HandoverOutputs> {
  const look = () => lookAt(inputs, api);
  const known: Record<string, Member> = { ...olds?.regions, ...inputs.regions };
  const seen = await untilCalm(inputs, known, look, time);
  const decision = decide(inputs, known, seen);
  if (decision.action === "refuse") {
    throw new Error(decision.reason);
  }
  if (decision.action === "switchover" || decision.action === "failover") {
    await move(decision, inputs, known, seen, api, time);
  } else if (olds?.report.to !== inputs.primary && !inputs.follows) {
    // An update that was killed has asked for it, or the cluster was made just now.
    await untilMoved(kindOf(inputs, olds?.report), inputs, look, time);
  }
  const report = reportOf(decision, inputs, olds?.report, new Date(time.now()));
  const last = await look();
  if (report.kind === "failover" && report !== olds?.report) {
    tellOthers(inputs, last, time);
  } else {
    refuseStrangers(last);
  }
  return { ...inputs, report, globalWriterHost: last.database.writerHost };
}

/** How the other regions are after a failover: nothing waits for them but the next handover. */
function tellOthers({ primary }: HandoverInputs, seen: Seen, time: Clock): void {
  const alone = strangers(seen);
  const others = seen.regions.filter(({ name }) => name !== primary);
  for (const { name, cluster } of others) {
    const state = alone.includes(name)
      ? "is no member of the global database any more: run pulumi up again, which says what to do"
      : cluster !== undefined && !isAvailable(cluster)
        ? `is ${cluster.status}: AWS rebuilds readers after a failover, for minutes to hours, and the next handover waits for them`
        : `is ${cluster?.status ?? "gone"}`;
    time.log(`${primary} writes; ${name} ${state}`);
  }
}

/** Waits for the end of a change of the writer that somebody else, or an update that was killed, has asked for. */
function untilCalm(
  inputs: HandoverInputs,
  known: Readonly<Record<string, Member>>,
  look: () => Promise<Seen>,
  time: Clock,
): Promise<Seen> {
  return waitUntil(
    time,
    changeSeconds,
    "the change of the writer that is under way has not ended",
    look,
    (seen) =>
      decide(inputs, known, seen).action === "wait"
        ? [`the global database is ${changeOf(seen.database)}`]
        : [],
  );
}

async function move(
  { action, from, target }: Decision & { action: "switchover" | "failover" },
  inputs: HandoverInputs,
  known: Readonly<Record<string, Member>>,
  seen: Seen,
  api: RdsApi,
  time: Clock,
): Promise<void> {
  const { primary, globalDatabaseId } = inputs;
  const look = () => lookAt(inputs, api);
  requireSame(from, decide(inputs, known, await untilClear(action, primary, seen, look, time)), primary);
  // AWS takes a switchover where the writer is, and a failover where the next one is.
  const awsRegion = known[action === "switchover" ? from : primary]!.awsRegion;
  time.log(`${action} from ${from} to ${primary}: writes wait until ${primary} accepts them`);
  try {
    await api[action](awsRegion, globalDatabaseId, target);
  } catch (error) {
    // The answer may have got lost where the request did not.
    const { database } = await look();
    const isUnderWay = isChanging(database) && [undefined, target].includes(database.change?.to);
    if (!isUnderWay && writerOf(database)?.arn !== target) {
      throw error;
    }
  }
  await untilMoved(action, inputs, look, time);
}

/** Another update may have moved the writer while this one waited: a failover would throw that writer's commits away. */
function requireSame(from: string, now: Decision, primary: string): void {
  if (!("from" in now) || now.from !== from) {
    const writer = "from" in now ? now.from : primary;
    throw new Error(
      `the writer stays where it is: ${writer} has become the writer meanwhile. Run pulumi up again`,
    );
  }
}

/** Waits until nothing is in the way of asking AWS, and gives what was seen then. Until then nothing has changed. */
async function untilClear(
  action: "switchover" | "failover",
  primary: string,
  first: Seen,
  look: () => Promise<Seen>,
  time: Clock,
): Promise<Seen> {
  const otherwise = `the writer stays where it is: ${primary} cannot take over`;
  const { lasting } = obstacles(action, primary, first);
  if (lasting.length > 0) {
    throw new Error(`${otherwise}: ${lasting.join("; ")}`);
  }
  let next: Seen | undefined = first;
  const lookAgain = () => {
    const seen = next === undefined ? look() : Promise.resolve(next);
    next = undefined;
    return seen;
  };
  return waitUntil(
    time,
    patienceSeconds,
    otherwise,
    lookAgain,
    (seen) => obstacles(action, primary, seen).passing,
  );
}

/**
 * Waits until the primary writes, and every member that is not lost is available: after a failover the primary alone,
 * since AWS rebuilds the others for up to hours, and everybody who writes waits.
 */
async function untilMoved(
  kind: "switchover" | "failover",
  inputs: HandoverInputs,
  look: () => Promise<Seen>,
  time: Clock,
): Promise<void> {
  const { primary } = inputs;
  const isFailover = kind === "failover";
  const otherwise = `${primary} has been asked to write, but not everything is well`;
  await waitUntil(time, changeSeconds, otherwise, look, (seen) => {
    const { database, regions } = seen;
    const isOver = !isChanging(database) || (isFailover && isRebuilding(database));
    return [
      ...(writes(inputs, seen) ? [] : [`${primary} does not write yet`]),
      ...(isOver ? [] : [`the global database is ${changeOf(database)}`]),
      ...regions.filter(({ name }) => !isFailover || name === primary).flatMap(unavailability),
    ];
  });
}

/** What AWS is at: the status of the change where that of the database does not tell. */
function changeOf({ status, change }: GlobalDatabase): string {
  return status === "available" ? (change?.status ?? status) : status;
}

/** The handover that a killed update had started. */
function kindOf({ regions }: HandoverInputs, last: HandoverReport | undefined): "switchover" | "failover" {
  return last !== undefined && regions[last.to]?.activity === "lost" ? "failover" : "switchover";
}

function reportOf(
  decision: Decision,
  inputs: HandoverInputs,
  last: HandoverReport | undefined,
  now: Date,
): HandoverReport {
  const { primary, follows } = inputs;
  const done = { to: primary, at: now.toISOString() };
  if (decision.action === "switchover" || decision.action === "failover") {
    return { kind: decision.action, from: decision.from, ...done };
  }
  if (last?.to === primary) {
    return last;
  }
  if (follows || last === undefined) {
    return { kind: follows ? "following" : "founding", ...done };
  }
  return { kind: kindOf(inputs, last), from: last.to, ...done };
}
