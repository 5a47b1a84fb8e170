import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { decide, type Decision, type Observation } from "../../handover/decide";
import { handoverSteps } from "../../handover/steps";
import { formatLsn, judgeToken, parseLsn } from "../../handover/token";
import { sameInputs } from "../../same-inputs";
import type { HandoverReport } from "../../topology";
import type { Activity } from "../../topology-plan";
import { demotionTokenOf, isWriter, stateOf } from "../kubernetes/live-cluster";
import type { Psql } from "../kubernetes/psql";
import { RegionCluster } from "../kubernetes/region";
import { readToken } from "../token";
import { fence } from "./clone";
import type { HandoverInputs, HandoverOutputs, TopologyInputs } from "./inputs";
import { lookAt, type Seen } from "./regions";

const demotionSeconds = 90;
const arrivalSeconds = 30;
const farewellSeconds = 1;

/**
 * The passing of the writer's role: it comes after every reader, the old writer among them, and before the writer.
 * It alone sees the writer that was and the one to be. It gives the token, and the writer's `Cluster` shows it.
 */
export const handover: dynamic.ResourceProvider<HandoverInputs, HandoverOutputs> = {
  // The preview shows what is checked here: the steps of the last change of roles, which is the next one by then.
  async check(olds, news) {
    const steps = handoverSteps({
      from: olds.primary,
      to: news.primary,
      before: activities(olds),
      after: activities(news),
    });
    return { inputs: { ...news, steps: steps.length > 0 ? steps : (olds.steps ?? []) } };
  },

  async diff(_id, olds, news) {
    return { changes: !sameInputs(olds, news) };
  },

  async create(inputs) {
    return { id: "handover", outs: await handOver(inputs, undefined) };
  },

  async update(_id, olds, news) {
    return { outs: await handOver(news, olds) };
  },
};

function activities({ regions = {} }: Partial<TopologyInputs>): Record<string, Activity> {
  return Object.fromEntries(Object.entries(regions).map(([name, { activity }]) => [name, activity]));
}

async function handOver(inputs: HandoverInputs, olds: HandoverOutputs | undefined): Promise<HandoverOutputs> {
  const { primary } = inputs;
  const previous = olds?.report.to;
  const lost = Object.keys(inputs.regions).filter((name) => inputs.regions[name]!.activity === "lost");
  const seen = await untilDemoted(await lookAt(inputs), primary, previous);
  const decision = decide({ previous, primary, lost, observations: seen.flatMap(observe) });
  const target = seen.find(({ name }) => name === primary);
  const { token, arrived } = await carryOut(decision, inputs, olds, target, seen);
  const report =
    olds !== undefined && previous === primary
      ? olds.report
      : {
          kind: kindOf(previous, lost),
          ...(previous === undefined ? {} : { from: previous }),
          to: primary,
          ...(arrived === undefined ? {} : { arrived }),
        };
  return { ...inputs, report, token };
}

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
  const [old, target] = [previous, primary].map((wanted) => seen.find(({ name }) => name === wanted));
  if (old?.live === undefined || old === target || (target?.live !== undefined && isWriter(target.live))) {
    return seen;
  }
  const live = await old.region.waitFor(demotionSeconds, (cluster) =>
    cluster === undefined || demotionTokenOf(cluster) !== undefined
      ? true
      : `it has not been demoted: ${stateOf(cluster)}`,
  );
  return seen.map((each) => (each === old ? { ...each, live } : each));
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

async function carryOut(
  decision: Decision,
  inputs: TopologyInputs,
  olds: HandoverOutputs | undefined,
  target: Seen | undefined,
  seen: readonly Seen[],
): Promise<Pick<HandoverOutputs, "token"> & Pick<HandoverReport, "arrived">> {
  switch (decision.action) {
    case "refuse":
      throw new Error(decision.reason);
    case "none":
      return { token: (target?.live?.spec.replica.promotionToken as string | undefined) ?? "" };
    case "switchover":
    case "resume": {
      const from = decision.action === "resume" ? inputs.primary : decision.token.region;
      const token = demotionTokenOf(seen.find(({ name }) => name === from)!.live!);
      if (token === undefined) {
        throw new Error(
          `${from} has left no token: ${stateOf(seen.find(({ name }) => name === from)!.live!)}`,
        );
      }
      await checkToken(token, from, target!);
      return { token };
    }
    case "failover": {
      await bidFarewell(inputs, olds);
      const everyReaderCounts = [inputs.durability, olds?.durability].includes("region");
      return { token: "", arrived: await gatherWhatArrived(target!, seen, everyReaderCounts) };
    }
  }
}

/** The operator would call a region unrecoverable that is shown a token of another past. */
async function checkToken(token: string, from: string, target: Seen): Promise<void> {
  const session = await target.region.psql(target.live!);
  try {
    const [position] = await session.query<{ identifier: string; timeline: string; replayed: string | null }>(
      `SELECT (SELECT system_identifier FROM pg_control_system())::text AS identifier,
              (SELECT max(left(name, 8)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$') AS timeline,
              pg_last_wal_replay_lsn()::text AS replayed`,
    );
    const judgement = judgeToken(readToken(token, from), {
      systemIdentifier: position!.identifier,
      timeline: Number.parseInt(position!.timeline, 16),
      replayed: parseLsn(position!.replayed ?? "0/0"),
    });
    if (judgement.verdict === "refused") {
      throw new Error(`${target.name} is not promoted: ${judgement.reason}`);
    }
  } finally {
    session.close();
  }
}

/** Fences the writer that is lost if it can still be reached; if not, nobody waits for it. */
async function bidFarewell({ regions }: TopologyInputs, olds: HandoverOutputs | undefined): Promise<void> {
  const access = regions[olds!.report.to]?.access;
  if (access !== undefined) {
    const leaving = RegionCluster.connect(access, farewellSeconds).then(fence);
    await leaving.catch(() => undefined);
  }
}

/**
 * Whatever any reader received comes to the one that will write. With `durability: "region"` that is everything that
 * was acknowledged, whichever reader confirmed it.
 */
async function gatherWhatArrived(
  target: Seen,
  seen: readonly Seen[],
  everyReaderCounts: boolean,
): Promise<NonNullable<HandoverReport["arrived"]>> {
  const session = await target.region.psql(target.live!);
  try {
    const others = seen.filter(
      (each) => each !== target && each.activity === "active" && each.live !== undefined,
    );
    const received = await Promise.all(
      others.map((each) => receivedByOther(each, target, everyReaderCounts)),
    );
    const furthest = received.sort((a, b) => Number(b.lsn - a.lsn))[0];
    if (furthest !== undefined && furthest.lsn > (await receivedBy(session))) {
      await follow(target, furthest.cluster);
      await waitUntil(
        `${furthest.name} has more than ${target.name}, and ${target.name} has not received it`,
        async () => (await receivedBy(session)) >= furthest.lsn,
      );
    }
    await waitUntil(`${target.name} has not replayed all that it received`, async () => {
      const [{ done }] = (await session.query<{ done: boolean }>(
        "SELECT coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), true) AS done",
      )) as [{ done: boolean }];
      return done;
    });
    const [last] = await session.query<{ at: string | null; behind: number | null }>(
      `SELECT to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
              round(extract(epoch FROM now() - pg_last_xact_replay_timestamp())::numeric, 3)::float8 AS behind`,
    );
    const { at, behind } = last!;
    return {
      lsn: formatLsn(await receivedBy(session)),
      ...(at === null ? {} : { lastCommitAt: at }),
      ...(behind === null ? {} : { secondsBehind: behind }),
    };
  } finally {
    session.close();
  }
}

async function receivedByOther(
  { name, region, live }: Seen,
  target: Seen,
  everyReaderCounts: boolean,
): Promise<{ name: string; cluster: string; lsn: bigint }> {
  const { cluster } = region.access;
  try {
    const session = await region.psql(live!);
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

/** For a moment, until the writer's own `Cluster` is applied. */
function follow({ region, live }: Seen, source: string): Promise<void> {
  const { cluster: name, namespace } = region.access;
  const { apiVersion, kind } = live!;
  return region.merge({
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec: { replica: { source } },
  } as object);
}

async function waitUntil(otherwise: string, done: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + arrivalSeconds * 1000; !(await done()); await sleep(20)) {
    if (Date.now() > end) {
      throw new Error(`${otherwise} within ${arrivalSeconds} s`);
    }
  }
}
