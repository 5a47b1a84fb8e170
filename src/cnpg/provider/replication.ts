import type { dynamic } from "@pulumi/pulumi";
import { sameInputs } from "../../same-inputs";
import { isHealthy, isHibernated, isWriter, stateOf, type LiveCluster } from "../kubernetes/live-cluster";
import { clock, TransientError } from "../../kubernetes/transient";
import type { Psql } from "../kubernetes/psql";
import { createPoolerRole } from "../pooler-role";
import {
  judgeReader,
  logQuery,
  positionQuery,
  readHistory,
  type ReaderPosition,
  type Verdict,
  type WriterLogRow,
} from "../../postgres/reader-position";
import { externalWriterCluster } from "../manifests/names";
import { cloneAfresh, type Upstream } from "./clone";
import { ensureReplicationRole, requireDatabase, sessionOutside } from "./external-writer";
import type { ExternalWriterAccess, ReplicationInputs, ReplicationOutputs } from "./inputs";
import { lookAt, namesOfLost, type Seen } from "./regions";
import { whatHinders } from "./streaming";

const creationSeconds = 1800;
const promotionSeconds = 120;
/** For how long a verdict has to stand before it is believed. */
const verdictSeconds = 5;
/** How long a region that follows may take to be on its way again before an update looks after it. */
const lookSeconds = 5;
const pollMilliseconds = 250;

/**
 * After everything has been changed: the primary accepts writes, every reader streams from it, and what cannot
 * follow any more is cloned afresh.
 */
export const replication: dynamic.ResourceProvider<ReplicationInputs, ReplicationOutputs> = {
  async diff(_id, olds, news) {
    return { changes: !sameInputs(olds, news) || !(await isWell(news)) };
  },

  async create(inputs) {
    return { id: "replication", outs: { ...inputs, writableSince: await settle(inputs, []) } };
  },

  async update(_id, olds, news) {
    const since = await settle(news, namesOfLost(olds));
    const isSame =
      olds.primary === news.primary &&
      (olds.externalWriter === undefined) === (news.externalWriter === undefined);
    return { outs: { ...news, writableSince: isSame ? olds.writableSince : since } };
  },
};

async function isWell(inputs: ReplicationInputs): Promise<boolean> {
  const { primary, externalWriter } = inputs;
  const seen = await lookAt(inputs);
  const states = seen.every(({ name, activity, live }) => {
    if (live === undefined) {
      return false;
    }
    return activity === "hibernated"
      ? isHibernated(live)
      : isHealthy(live) && isWriter(live) === (name === primary && externalWriter === undefined);
  });
  if (!states) {
    return false;
  }
  const { region, live } = seen.find(({ name }) => name === primary)!;
  let session: Psql | undefined;
  try {
    session = await region.psql(live!);
    return (
      (externalWriter === undefined || (await streamsFrom(session, externalWriter))) &&
      (await whatHinders(session, readersOf(inputs, seen), lookSeconds)).length === 0
    );
  } catch (error) {
    // An instance that cannot be asked for so long is looked after by the update.
    if (error instanceof TransientError) {
      return false;
    }
    throw error;
  } finally {
    session?.close();
  }
}

/**
 * Gives when the primary was first seen to accept writes, or to follow the writer outside.
 *
 * @param lost Those that were lost until now: what they hold more than the writer was given up.
 */
async function settle(inputs: ReplicationInputs, lost: readonly string[]): Promise<string> {
  const { primary, token, poolers, externalWriter } = inputs;
  const seen = await lookAt(inputs);
  requireClusters(seen);
  const first = seen.find(({ name }) => name === primary)!;
  const { session, since } =
    externalWriter === undefined
      ? await untilWritable(first, token)
      : await untilFollowing(first, externalWriter, poolers);
  const { cluster } = first.region.access;
  const upstream = {
    name: primary,
    source: cluster,
    primary: externalWriter === undefined ? cluster : externalWriterCluster,
  };
  try {
    if (poolers && externalWriter === undefined) {
      await session.run(createPoolerRole);
    }
    await Promise.all([
      ...seen
        .filter(({ activity }) => activity === "hibernated")
        .map(({ region }) =>
          region.waitFor(promotionSeconds, (live) =>
            live !== undefined && isHibernated(live) ? true : "it is not hibernated",
          ),
        ),
      untilHealthy(first),
      ...readersOf(inputs, seen).map((reader) =>
        untilStreaming({ ...reader, isGivenUp: lost.includes(reader.name) }, upstream, session),
      ),
    ]);
  } finally {
    session.close();
  }
  return since;
}

/** Pulumi knows only what it did itself. */
function requireClusters(seen: readonly Seen[]): void {
  const deleted = seen.filter(({ live }) => live === undefined).map(({ name }) => name);
  if (deleted.length === 0) {
    return;
  }
  throw new Error(
    deleted.length === seen.length
      ? `no region has its Cluster (${deleted.join(", ")}). Look where it is before anything else: ` +
          "kubectl get clusters.postgresql.cnpg.io --all-namespaces, with the kubeconfig of each region. " +
          "Do not refresh the stack: the next update would found an empty database. If the data is gone for good, " +
          "run pulumi destroy, and pulumi up"
      : `${deleted.join(" and ")} had a Cluster, and somebody has deleted it: ` +
          "pulumi up --refresh creates it again, as a copy of the writer",
  );
}

/** The first region streams from outside, and what the others need to follow it is there. */
async function untilFollowing(
  first: Seen,
  access: ExternalWriterAccess,
  poolers: boolean,
): Promise<{ session: Psql; since: string }> {
  let outside = await openOutside(first, access);
  try {
    await requireDatabase(outside, access);
    await ensureReplicationRole(outside);
    if (poolers) {
      await outside.run(createPoolerRole);
    }
    const { host, port } = access;
    const [primary, source] = [externalWriterCluster, externalWriterCluster];
    const upstream = { name: `${host}:${port}`, primary, source };
    await untilStreaming({ ...first, isGivenUp: false }, upstream, outside, async () => {
      outside.close();
      return (outside = await openOutside(first, access));
    });
  } finally {
    outside.close();
  }
  const session = await untilAnswering(first, (await first.region.read())!);
  return { session, since: new Date().toISOString() };
}

/** psql at the writer outside runs in the first region's instance, once there is one. */
async function openOutside(first: Seen, access: ExternalWriterAccess): Promise<Psql> {
  const live = await first.region.waitFor(creationSeconds, (cluster) =>
    cluster?.status?.currentPrimary === undefined ? stateOf(cluster) : true,
  );
  (await untilAnswering(first, live!)).close();
  return sessionOutside({ ...first, live }, access);
}

function readersOf({ primary }: ReplicationInputs, seen: readonly Seen[]): Seen[] {
  return seen.filter(({ name, activity }) => name !== primary && activity === "active");
}

async function untilWritable(writer: Seen, token: string): Promise<{ session: Psql; since: string }> {
  const isNew = writer.live?.status?.currentPrimary === undefined;
  const live = await writer.region.waitFor(isNew ? creationSeconds : promotionSeconds, (cluster) => {
    if (cluster?.status?.currentPrimary === undefined || !isWriter(cluster)) {
      return cluster === undefined ? "it has no Cluster" : `it does not write: ${stateOf(cluster)}`;
    }
    return token === "" || cluster.status.lastPromotionToken === token
      ? true
      : `it has not taken up the token of the handover: ${stateOf(cluster)}`;
  });
  const session = await untilAnswering(writer, live!);
  for (const end = clock.now() + promotionSeconds * 1000; ; await clock.sleep(100)) {
    const [row] = await session.query<{ writable: boolean }>("SELECT NOT pg_is_in_recovery() AS writable");
    if (row?.writable === true) {
      return { session, since: new Date().toISOString() };
    }
    if (clock.now() > end) {
      session.close();
      throw new Error(`${writer.name} was promoted, but does not accept writes within ${promotionSeconds} s`);
    }
  }
}

/** A new instance is the one that leads before it can be asked anything, and one with an archive restarts. */
async function untilAnswering(writer: Seen, live: LiveCluster): Promise<Psql> {
  const session = await writer.region.psql(live, promotionSeconds);
  try {
    await session.query("SELECT 1 AS one");
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

function untilHealthy({ region }: Seen): Promise<unknown> {
  return region.waitFor(creationSeconds, (live) =>
    live !== undefined && isHealthy(live) ? true : stateOf(live),
  );
}

/**
 * A verdict is only believed when it has stood for a while: what has just begun to follow is not there yet.
 *
 * @param again Opens the session at the upstream again, where that was in the reader that has been cloned again.
 */
async function untilStreaming(
  reader: Seen & { readonly isGivenUp: boolean },
  upstream: Upstream & { readonly name: string },
  atUpstream: Psql,
  again = async () => atUpstream,
): Promise<void> {
  const { name, region } = reader;
  await turnBack(reader, upstream);
  let session = atUpstream;
  let standsSince = Infinity;
  let cloned = false;
  for (const end = clock.now() + creationSeconds * 1000; ; await clock.sleep(pollMilliseconds)) {
    const { streams, live, verdict } = await lookAtReader(reader, session);
    if (streams) {
      return;
    }
    standsSince = verdict === undefined ? Infinity : Math.min(standsSince, clock.now());
    const stands = clock.now() - standsSince > verdictSeconds * 1000;
    if (stands && verdict?.kind === "ahead" && !reader.isGivenUp) {
      throw new Error(isAhead(name, upstream.name, verdict.reason));
    }
    if (!cloned && stands && live !== undefined) {
      console.log(`${name} is cloned again: ${verdict!.reason}`);
      const { primary, source } = upstream;
      await cloneAfresh(region, live, { primary, source });
      session = await again();
      cloned = true;
    } else if (clock.now() > end) {
      throw new Error(
        `${name} does not stream from ${upstream.name} after ${creationSeconds} s: ${stateOf(live)}`,
      );
    }
  }
}

/**
 * Turns a reader to the writer where another update has turned it to another region: a catch-up that was interrupted,
 * or a handover from another state that was refused. Pulumi knows nothing of either.
 */
export async function turnBack({ region, live }: Seen, { primary, source }: Upstream): Promise<void> {
  if (live === undefined || isWriter(live)) {
    return;
  }
  const { replica } = live.spec;
  if (replica.primary !== primary || replica.source !== source) {
    const { apiVersion, kind, metadata } = live;
    const { name, namespace } = metadata;
    const spec = { replica: { primary, source } };
    await region.merge({ apiVersion, kind, metadata: { name, namespace }, spec } as object);
  }
}

/** Only `lost` throws data away. */
function isAhead(reader: string, writer: string, reason: string): string {
  return (
    `${reader} is ahead of ${writer}: ${reason}. ${writer} has lost what ${reader} still holds, and nothing is cloned. ` +
    `To go on with what ${reader} holds, run pulumi up with primary ${reader} and lost [${writer}]. To go on with ` +
    `${writer}, which loses the rest for good, run pulumi up with lost [${reader}], and then without`
  );
}

/** How a reader follows; where it cannot be asked just now, nothing is known of it. */
async function lookAtReader(
  reader: Seen,
  atUpstream: Psql,
): Promise<{ streams: boolean; live: LiveCluster | undefined; verdict: Verdict | undefined }> {
  let live: LiveCluster | undefined;
  try {
    live = await reader.region.read();
    if (live === undefined) {
      return { streams: false, live, verdict: undefined };
    }
    const streams = isHealthy(live) && (await whatHinders(atUpstream, [{ ...reader, live }], 0)).length === 0;
    return { streams, live, verdict: streams ? undefined : await judge(reader, live, atUpstream) };
  } catch (error) {
    if (!(error instanceof TransientError)) {
      throw error;
    }
    return { streams: false, live, verdict: undefined };
  }
}

async function streamsFrom(session: Psql, { host, port }: ExternalWriterAccess): Promise<boolean> {
  const [receiver] = await session.query<{ place: string }>(
    "SELECT sender_host || ':' || sender_port AS place FROM pg_stat_wal_receiver WHERE status = 'streaming'",
  );
  return receiver?.place === `${host}:${port}`;
}

/** Why a reader does not follow the writer, if it will not by itself. */
async function judge(reader: Seen, live: LiveCluster, writer: Psql): Promise<Verdict | undefined> {
  const session = await reader.region.psqlOnce(live).catch(() => undefined);
  if (session === undefined) {
    return undefined;
  }
  try {
    const [position] = await session.query<ReaderPosition>(positionQuery);
    // After the reader's: so a reader is not ahead by what it was sent meanwhile.
    const [log] = await writer.query<WriterLogRow>(logQuery);
    return judgeReader(position!, { ...log!, history: readHistory(log!.history ?? "") });
  } catch {
    return undefined;
  } finally {
    session.close();
  }
}
