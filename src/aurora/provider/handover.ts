import type { dynamic } from "@pulumi/pulumi";
import { announce, dangersOf, withoutDangers } from "../../handover/announcement";
import { sameInputs } from "../../same-inputs";
import type { HandoverReport } from "../../topology";
import type { Activity } from "../../topology-plan";
import { decidedOnceFailures } from "../rules/decided-once";
import { auroraSteps } from "../steps";
import { decide, type Decision } from "./decide";
import type { HandoverInputs, HandoverOutputs, Member } from "./inputs";
import { isChanging, lookAt, writerOf, isOf, type Seen } from "./observe";
import { obstacles } from "./preflight";
import { AwsRdsApi, type RdsApi } from "./rds-api";
import { clock, waitUntil, type Clock } from "./waiting";

const patienceSeconds = 300;
const changeSeconds = 3_600;

/**
 * The passing of the writer's role: it comes after every member. AWS demotes and promotes; what is done here is to see
 * that it may, to ask for it once, and to wait until it is so. Whatever interrupts that, the next update goes on.
 */
export const handover: dynamic.ResourceProvider<HandoverInputs, HandoverOutputs> = {
  // The preview shows what is checked here: the steps of the last change of roles, which is the next one by then.
  async check(olds: Partial<HandoverInputs>, news) {
    const change = {
      from: news.follows ? undefined : olds.primary,
      to: news.primary,
      before: activities(olds.regions),
      after: activities(news.regions),
    };
    const steps = news.follows ? [] : auroraSteps(change);
    const dangers = dangersOf({ ...change, durability: undefined, fateOf });
    return {
      inputs: announce(olds, news, { steps, dangers }),
      failures: decidedOnceFailures(olds, news),
    };
  },

  async diff(_id, olds, news) {
    return { changes: await isDue(olds, news, new AwsRdsApi(news.profile)) };
  },

  async create(inputs) {
    return {
      id: "handover",
      outs: withoutDangers(await handOver(inputs, undefined, new AwsRdsApi(inputs.profile), clock)),
    };
  },

  async update(_id, olds, news) {
    return { outs: withoutDangers(await handOver(news, olds, new AwsRdsApi(news.profile), clock)) };
  },
};

function fateOf(_region: string, before: Activity): string {
  return before === "lost"
    ? "it is forgotten, and what is left of it in AWS is not deleted"
    : "its cluster and its data are deleted, unless deletion protection refuses that";
}

function activities(regions: HandoverInputs["regions"] = {}): Record<string, Activity> {
  return Object.fromEntries(Object.entries(regions).map(([name, { activity }]) => [name, activity]));
}

/** Whether there is something to do: somebody may have moved the writer by hand, or an update was killed. */
export async function isDue(olds: HandoverOutputs, news: HandoverInputs, api: RdsApi): Promise<boolean> {
  if (!sameInputs(olds, news)) {
    return true;
  }
  const seen = await lookAt(news, api);
  return (!news.follows && !writes(news, seen)) || strangers(news, seen).length > 0;
}

/**
 * Regions whose cluster is no member of the global database: they count as readers, and are none. While a region is lost
 * AWS rebuilds the others.
 */
function strangers(inputs: HandoverInputs, { regions }: Seen): string[] {
  return (hasLost(inputs) ? [] : regions)
    .filter(({ cluster, membership }) => cluster !== undefined && membership === undefined)
    .map(({ name }) => name);
}

function hasLost({ regions }: HandoverInputs): boolean {
  return Object.values(regions).some(({ activity }) => activity === "lost");
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
    await untilMoved(inputs, look, time);
  }
  const last = await look();
  const alone = strangers(inputs, last);
  if (alone.length > 0) {
    throw new Error(
      `${alone.join(" and ")} left the global database: its cluster is a database of its own, which follows no writer ` +
        "and may accept writes. Save what only that cluster holds, take the region out of regions, which deletes " +
        "the cluster, and add the region again afterwards",
    );
  }
  const { database } = last;
  return {
    ...inputs,
    report: reportOf(decision, inputs, olds?.report, new Date(time.now())),
    globalWriterHost: database.writerHost,
  };
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
      decide(inputs, known, seen).action === "wait" ? [`the global database is ${seen.database.status}`] : [],
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
  await untilMoved(inputs, look, time);
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
 * since AWS rebuilds the others for up to hours.
 */
async function untilMoved(inputs: HandoverInputs, look: () => Promise<Seen>, time: Clock): Promise<void> {
  const { primary } = inputs;
  const isFailover = hasLost(inputs);
  const otherwise = `${primary} has become the writer, but not everything is well`;
  await waitUntil(time, changeSeconds, otherwise, look, (seen) => {
    const { status } = seen.database;
    return [
      ...(writes(inputs, seen) ? [] : [`${primary} does not write yet`]),
      ...(isChanging(seen.database) ? [`the global database is ${status}`] : []),
      ...seen.regions.flatMap(({ name, cluster }) =>
        cluster === undefined ||
        ["available", "backing-up"].includes(cluster.status) ||
        (isFailover && name !== primary)
          ? []
          : [`${name} is ${cluster.status}`],
      ),
    ];
  });
}

function reportOf(
  decision: Decision,
  { primary, follows, regions }: HandoverInputs,
  last: HandoverReport | undefined,
  now: Date,
): HandoverReport {
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
  const { to: from } = last;
  return { kind: regions[from]?.activity === "lost" ? "failover" : "switchover", from, ...done };
}
