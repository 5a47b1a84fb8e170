import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { announce, dangersOf, withoutDangers } from "../../handover/announcement";
import { decide, type Decision, type Observation } from "../../handover/decide";
import { handoverSteps } from "../../handover/steps";
import { formatLsn, judgeToken, parseLsn } from "../../handover/token";
import { sameInputs } from "../../same-inputs";
import type { HandoverReport } from "../../topology";
import type { Activity } from "../../topology-plan";
import { followingSteps } from "../following-steps";
import { leftBehind } from "../left-behind";
import {
  demotionTokenOf,
  followsOutside,
  isBeingDemoted,
  isWriter,
  stateOf,
  type LiveCluster,
} from "../kubernetes/live-cluster";
import type { Psql } from "../kubernetes/psql";
import type { RegionCluster } from "../kubernetes/region";
import { readToken } from "../token";
import { claimPromotion } from "./claim";
import { fenceLostWriter, liftFence, successorOf } from "./fence";
import type { HandoverInputs, HandoverOutputs, TopologyInputs } from "./inputs";
import { lookAt, type Seen } from "./regions";
import { stillness } from "./stillness";
import { newestTimeline, replayedAll } from "../../postgres/following";

const demotionSeconds = 90;
/** For how long a reader that need not be asked is asked, while nobody writes. */
const receiverSeconds = 3;
const arrivalSeconds = 30;

/**
 * The passing of the writer's role: it comes after every reader, the old writer among them, and before the writer.
 * It alone sees the writer that was and the one to be. It gives the token, and the writer's `Cluster` shows it.
 */
export const handover: dynamic.ResourceProvider<HandoverInputs, HandoverOutputs> = {
  // The preview shows what is checked here: the steps of the last change of roles, which is the next one by then.
  async check(olds, news) {
    const change = {
      from: olds.primary,
      to: news.primary,
      before: activities(olds),
      after: activities(news),
    };
    const outside = news.externalWriter ?? olds.externalWriter;
    const steps =
      outside === undefined
        ? [...handoverSteps(change), ...leftBehind(change)]
        : followingSteps({ ...change, outside, isLeft: news.externalWriter === undefined });
    const from = outside === undefined ? olds.primary : undefined;
    const dangers = dangersOf({ ...change, from, durability: olds.durability, fateOf });
    return { inputs: announce(olds, news, { steps, dangers }) };
  },

  async diff(_id, olds, news) {
    const target = (await lookAt(news)).find(({ name }) => name === news.primary);
    const live = news.externalWriter === undefined ? target?.live : undefined;
    const isStopped = live !== undefined && (!isWriter(live) || successorOf(live) !== undefined);
    return { changes: isStopped || !sameInputs(olds, news) };
  },

  async create(inputs) {
    return { id: "handover", outs: withoutDangers(await handOver(inputs, undefined)) };
  },

  async update(_id, olds, news) {
    return { outs: withoutDangers(await handOver(news, olds)) };
  },
};

function fateOf(_region: string, before: Activity): string {
  return before === "lost"
    ? "it is forgotten, and what is left of it in its Kubernetes is neither deleted nor fenced"
    : "its Cluster and its data are deleted, unless they are protected";
}

function activities({ regions = {} }: Partial<TopologyInputs>): Record<string, Activity> {
  return Object.fromEntries(Object.entries(regions).map(([name, { activity }]) => [name, activity]));
}

async function handOver(inputs: HandoverInputs, olds: HandoverOutputs | undefined): Promise<HandoverOutputs> {
  const { primary } = inputs;
  if (inputs.externalWriter !== undefined) {
    return { ...inputs, report: { kind: "following", to: primary }, token: "" };
  }
  const previous = olds?.report.to;
  const lost = Object.keys(inputs.regions).filter((name) => inputs.regions[name]!.activity === "lost");
  const present = await lookAt(inputs);
  const target = present.find(({ name }) => name === primary);
  if (target?.live !== undefined && followsOutside(target.live)) {
    return { ...inputs, report: await promotion(target, present), token: "" };
  }
  if (target?.live !== undefined && isWriter(target.live) && successorOf(target.live) !== undefined) {
    await liftFence(target, present, inputs);
  }
  // Writes wait for this: psql is there by the time that the token is.
  const session = target?.live === undefined || isWriter(target.live) ? undefined : sessionIn(target);
  session?.catch(() => undefined);
  try {
    const seen = session === undefined ? present : await untilDemoted(present, primary, previous);
    const decision = decide({ previous, primary, lost, observations: seen.flatMap(observe) });
    if (decision.action === "refuse") {
      throw new Error(decision.reason);
    }
    const prepared =
      decision.action === "none" || session === undefined
        ? { token: tokenShownBy(target) }
        : await prepare(decision, inputs, olds, { ...target!, session: await session }, seen);
    if (olds !== undefined && previous === primary) {
      return { ...inputs, report: olds.report, token: prepared.token };
    }
    const { token, ...found } = prepared;
    const from = previous === undefined ? {} : { from: previous };
    return { ...inputs, report: { kind: kindOf(previous, lost), ...from, to: primary, ...found }, token };
  } finally {
    await session?.then(
      (open) => open.close(),
      () => undefined,
    );
  }
}

/** Nobody outside is asked, or told: what has arrived is all there is. */
async function promotion(target: Seen, seen: readonly Seen[]): Promise<HandoverOutputs["report"]> {
  const session = await sessionIn(target);
  try {
    const arrived = await gatherWhatArrived({ ...target, session }, seen, false);
    return { kind: "promotion", to: target.name, arrived };
  } finally {
    session.close();
  }
}

function sessionIn({ region, live }: Seen): Promise<Psql> {
  return region.psql(live!);
}

function tokenShownBy(target: Seen | undefined): string {
  return (target?.live?.spec.replica.promotionToken as string | undefined) ?? "";
}

/** The region to be promoted, and psql in it. */
type Target = Seen & { readonly session: Psql };

function kindOf(previous: string | undefined, lost: readonly string[]): HandoverReport["kind"] {
  if (previous === undefined) {
    return "founding";
  }
  return lost.includes(previous) ? "failover" : "switchover";
}

/** Waits for the operator to shut down the writer that has just been told to become a reader. */
async function untilDemoted(
  seen: readonly Seen[],
  primary: string,
  previous: string | undefined,
): Promise<readonly Seen[]> {
  const old = seen.find(({ name }) => name === previous);
  if (old?.live === undefined || previous === primary) {
    return seen;
  }
  const isStill = stillness();
  const live = await old.region.waitFor(demotionSeconds, async (cluster) => {
    if (cluster === undefined || demotionTokenOf(cluster) !== undefined) {
      return true;
    }
    if (isBeingDemoted(cluster) && isStill(cluster.metadata.resourceVersion)) {
      await nudge(old.region, cluster);
    }
    return `it has not been demoted: ${stateOf(cluster)}`;
  });
  return seen.map((each) => (each === old ? { ...each, live } : each));
}

/**
 * An instance that has been fenced goes on with its demotion when its `Cluster` changes next. Nothing need change for
 * half a minute, during which nobody writes: so this does.
 */
function nudge(region: RegionCluster, { apiVersion, kind, metadata }: LiveCluster): Promise<void> {
  const { name, namespace } = metadata;
  const annotations = { "multi-region-postgres/awaited-at": new Date().toISOString() };
  return region.merge({ apiVersion, kind, metadata: { name, namespace, annotations } });
}

function observe({ name, live }: Seen): Observation[] {
  if (live === undefined) {
    return [];
  }
  const token = demotionTokenOf(live);
  return [
    {
      region: name,
      writable: isWriter(live),
      reached: [live.status?.timelineID ?? 0, 0n],
      ...(token === undefined ? {} : { token: readToken(token, name) }),
    },
  ];
}

/** Makes sure that the target may become the writer, and gives what it has to show for that. */
async function prepare(
  decision: Decision,
  inputs: TopologyInputs,
  olds: HandoverOutputs | undefined,
  target: Target,
  seen: readonly Seen[],
): Promise<Pick<HandoverOutputs, "token"> & Pick<HandoverReport, "arrived">> {
  const claim = (timeline: number, on: readonly Seen[]) =>
    claimPromotion({ timeline, to: target.name }, on, seen, Object.keys(inputs.regions));
  const present = seen.filter(({ live }) => live !== undefined);
  if (decision.action === "failover") {
    await fenceLost(inputs, olds!.report.to);
    const everyReaderCounts = [inputs.durability, olds?.durability].includes("region");
    const arrived = await gatherWhatArrived(target, seen, everyReaderCounts);
    await claim(await timelineOf(target), present);
    return { token: "", arrived };
  }
  const from = decision.action === "switchover" ? decision.token.region : target.name;
  const source = seen.find(({ name }) => name === from)!;
  if (decision.action === "resume" && olds?.report.kind === "failover" && !hasToken(source)) {
    // The update that failed over to it was killed before it was told.
    await claim(await timelineOf(target), present);
    return { token: "" };
  }
  const token = tokenOf(source);
  await checkToken(token, from, target);
  await claim(readToken(token, from).timeline, [source]);
  return { token };
}

async function timelineOf({ session }: Target): Promise<number> {
  const [row] = await session.query<{ timeline: string }>(`SELECT ${newestTimeline} AS timeline`);
  return Number.parseInt(row!.timeline, 16);
}

/** Whether a region was the last to be demoted: one that has followed somebody since is on a later timeline. */
function hasToken({ name, live }: Seen): boolean {
  const token = live === undefined ? undefined : demotionTokenOf(live);
  return token !== undefined && readToken(token, name).timeline >= (live?.status?.timelineID ?? 0);
}

function tokenOf({ name, live }: Seen): string {
  const token = live === undefined ? undefined : demotionTokenOf(live);
  if (token === undefined) {
    throw new Error(`${name} has left no token: ${stateOf(live)}`);
  }
  return token;
}

/** The operator would call a region unrecoverable that is shown a token of another past. */
async function checkToken(token: string, from: string, { name, session }: Target): Promise<void> {
  const [position] = await session.query<{ identifier: string; timeline: string; replayed: string | null }>(
    `SELECT (SELECT system_identifier FROM pg_control_system())::text AS identifier,
            ${newestTimeline} AS timeline,
            pg_last_wal_replay_lsn()::text AS replayed`,
  );
  const judgement = judgeToken(readToken(token, from), {
    systemIdentifier: position!.identifier,
    timeline: Number.parseInt(position!.timeline, 16),
    replayed: parseLsn(position!.replayed ?? "0/0"),
  });
  if (judgement.verdict === "refused") {
    throw new Error(`${name} is not promoted: ${judgement.reason}`);
  }
}

/** A lost writer that cannot be reached is not waited for. */
async function fenceLost({ regions, primary }: TopologyInputs, writer: string): Promise<void> {
  const access = regions[writer]?.access;
  const obstacle = access && (await fenceLostWriter(access, primary));
  if (obstacle !== undefined) {
    console.log(
      `warning: ${obstacle}. If ${writer} still runs or comes back by itself, it accepts writes of clients that ` +
        `reach it, and they are discarded: take ${writer} out of lost as soon as its Kubernetes API answers`,
    );
  }
}

/**
 * Whatever any reader received comes to the one that will write. With `durability: "region"` that is everything that
 * was acknowledged, whichever reader confirmed it.
 */
async function gatherWhatArrived(
  target: Target,
  seen: readonly Seen[],
  everyReaderCounts: boolean,
): Promise<NonNullable<HandoverReport["arrived"]>> {
  const { session } = target;
  const others = seen.filter(
    (each) => each !== target && each.activity === "active" && each.live !== undefined,
  );
  const received = await Promise.all(others.map((each) => receivedByOther(each, target, everyReaderCounts)));
  const furthest = received.sort((a, b) => Number(b.lsn - a.lsn))[0];
  if (furthest !== undefined && furthest.lsn > (await receivedBy(session))) {
    await follow(target, furthest.cluster);
    try {
      await waitUntil(
        arrivalSeconds,
        `${furthest.name} has more than ${target.name}, and ${target.name} has not received it`,
        async () => (await receivedBy(session)) >= furthest.lsn,
      );
    } catch (error) {
      await follow(target, target.live!.spec.replica.source);
      throw error;
    }
  }
  await waitUntil(arrivalSeconds, `${target.name} has not replayed all that it received`, async () => {
    const [{ done }] = (await session.query<{ done: boolean }>(`SELECT ${replayedAll} AS done`)) as [
      { done: boolean },
    ];
    return done;
  });
  const [last] = await session.query<{ at: string | null }>(
    `SELECT to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`,
  );
  const { at } = last!;
  return {
    lsn: formatLsn(await receivedBy(session)),
    ...(at === null ? {} : { lastCommitAt: at }),
  };
}

async function receivedByOther(
  { name, region, live }: Seen,
  target: Seen,
  everyReaderCounts: boolean,
): Promise<{ name: string; cluster: string; lsn: bigint }> {
  const { cluster } = region.access;
  try {
    const session = await region.psql(live!, everyReaderCounts ? undefined : receiverSeconds);
    try {
      return { name, cluster, lsn: await receivedBy(session) };
    } finally {
      session.close();
    }
  } catch (error) {
    if (everyReaderCounts) {
      const reason = `${name} may hold commits that nobody else has, and cannot be asked: ${(error as Error).message}`;
      throw new Error(`${target.name} is not promoted: ${reason}. Name ${name} in lost if it is gone too`, {
        cause: error,
      });
    }
    return { name, cluster, lsn: 0n };
  }
}

async function receivedBy(session: Psql): Promise<bigint> {
  const [row] = await session.query<{ lsn: string | null }>(
    "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text AS lsn",
  );
  return parseLsn(row?.lsn ?? "0/0");
}

/** For a moment, until it is promoted. */
function follow({ region, live }: Seen, source: string): Promise<void> {
  const { apiVersion, kind, metadata } = live!;
  const { name, namespace } = metadata;
  return region.merge({
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec: { replica: { source } },
  } as object);
}

async function waitUntil(seconds: number, otherwise: string, done: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await done()); await sleep(20)) {
    if (Date.now() > end) {
      throw new Error(`${otherwise} within ${seconds} s`);
    }
  }
}
