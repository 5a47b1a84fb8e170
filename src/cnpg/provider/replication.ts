import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { sameInputs } from "../../same-inputs";
import { isHealthy, isHibernated, isWriter, stateOf, type LiveCluster } from "../kubernetes/live-cluster";
import { lastingPsql } from "../kubernetes/lasting-psql";
import type { Psql } from "../kubernetes/psql";
import { createPoolerRole } from "../pooler-role";
import { judgeReader, readHistory, type ReaderPosition, type WriterLog } from "../reader-position";
import { externalWriterCluster } from "../manifests/names";
import { cloneAfresh, type Upstream } from "./clone";
import { ensureReplicationRole, requireDatabase, sessionOutside } from "./external-writer";
import type { ExternalWriterAccess, ReplicationInputs, ReplicationOutputs } from "./inputs";
import { lookAt, type Seen } from "./regions";
import { lagOf, newestTimeline } from "./streaming";

const creationSeconds = 1800;
const promotionSeconds = 120;
const patienceSeconds = 5;
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
    return { id: "replication", outs: { ...inputs, writableSince: await settle(inputs) } };
  },

  async update(_id, olds, news) {
    const since = await settle(news);
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
  const session = await region.psql(live!);
  try {
    return (
      (externalWriter === undefined || (await streamsFrom(session, externalWriter))) &&
      (await notStreaming(session, readersOf(inputs, seen))).length === 0
    );
  } finally {
    session.close();
  }
}

/** Gives when the primary was first seen to accept writes, or to follow the writer outside. */
async function settle(inputs: ReplicationInputs): Promise<string> {
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
      ...readersOf(inputs, seen).map((reader) => untilStreaming(reader, upstream, session)),
    ]);
  } finally {
    session.close();
  }
  return since;
}

/** Pulumi knows only what it did itself. */
function requireClusters(seen: readonly Seen[]): void {
  const deleted = seen.filter(({ live }) => live === undefined).map(({ name }) => name);
  if (deleted.length > 0) {
    throw new Error(
      `${deleted.join(" and ")} had a Cluster, and somebody has deleted it: pulumi up --refresh makes it anew`,
    );
  }
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
    await untilStreaming(first, { name: `${host}:${port}`, primary, source }, outside, async () => {
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
  // With an archive it is restarted once it is promoted.
  const session = lastingPsql(await untilAnswering(writer, live!), async () =>
    untilAnswering(writer, (await writer.region.read()) ?? live!),
  );
  for (const end = Date.now() + promotionSeconds * 1000; ; await sleep(100)) {
    const [row] = await session.query<{ writable: boolean }>("SELECT NOT pg_is_in_recovery() AS writable");
    if (row?.writable === true) {
      return { session, since: new Date().toISOString() };
    }
    if (Date.now() > end) {
      throw new Error(`${writer.name} was promoted, but does not accept writes within ${promotionSeconds} s`);
    }
  }
}

/** A new instance is the one that leads before it can be asked anything. */
async function untilAnswering(writer: Seen, live: LiveCluster): Promise<Psql> {
  for (const end = Date.now() + promotionSeconds * 1000; ; await sleep(500)) {
    try {
      const session = await writer.region.psql(live);
      await session.query("SELECT 1 AS one");
      return session;
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
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
 * @param again Opens the session at the upstream again, where that was in the reader that has been cloned afresh.
 */
async function untilStreaming(
  reader: Seen,
  upstream: Upstream & { readonly name: string },
  atUpstream: Psql,
  again = async () => atUpstream,
): Promise<void> {
  const { name, region } = reader;
  await turnBack(reader, upstream);
  let session = atUpstream;
  let doomedSince = Infinity;
  let cloned = false;
  for (const end = Date.now() + creationSeconds * 1000; ; await sleep(pollMilliseconds)) {
    const live = await region.read();
    const streams = (await notStreaming(session, [reader])).length === 0;
    if (streams && live !== undefined && isHealthy(live)) {
      return;
    }
    const verdict = streams || live === undefined ? undefined : await judge(reader, live, session);
    doomedSince = verdict === undefined ? Infinity : Math.min(doomedSince, Date.now());
    if (!cloned && live !== undefined && Date.now() - doomedSince > patienceSeconds * 1000) {
      console.log(`${name} is cloned afresh: ${verdict}`);
      const { primary, source } = upstream;
      await cloneAfresh(region, live, { primary, source });
      session = await again();
      cloned = true;
    } else if (Date.now() > end) {
      throw new Error(
        `${name} does not stream from ${upstream.name} after ${creationSeconds} s: ${stateOf(live)}`,
      );
    }
  }
}

/** A catch-up that was interrupted leaves a region following another reader, of which Pulumi knows nothing. */
async function turnBack({ region, live }: Seen, { primary, source }: Upstream): Promise<void> {
  if (live?.spec.replica.primary === primary && live.spec.replica.source !== source) {
    const { apiVersion, kind, metadata } = live;
    const { name, namespace } = metadata;
    const spec = { replica: { source } };
    await region.merge({ apiVersion, kind, metadata: { name, namespace }, spec } as object);
  }
}

async function notStreaming(session: Psql, readers: readonly Seen[]): Promise<Seen[]> {
  const streaming = await lagOf(session);
  return readers.filter(({ region }) => !streaming.has(region.access.cluster));
}

async function streamsFrom(session: Psql, { host, port }: ExternalWriterAccess): Promise<boolean> {
  const [receiver] = await session.query<{ place: string }>(
    "SELECT sender_host || ':' || sender_port AS place FROM pg_stat_wal_receiver WHERE status = 'streaming'",
  );
  return receiver?.place === `${host}:${port}`;
}

/** Why a reader can never follow the writer again, if that is so. */
async function judge(reader: Seen, live: LiveCluster, writer: Psql): Promise<string | undefined> {
  const session = await reader.region.psql(live).catch(() => undefined);
  if (session === undefined) {
    return undefined;
  }
  try {
    const [[position], [log]] = await Promise.all([
      session.query<ReaderPosition>(positionQuery),
      writer.query<Omit<WriterLog, "history"> & { history: string | null }>(logQuery),
    ]);
    return judgeReader(position!, { ...log!, history: readHistory(log!.history ?? "") });
  } catch {
    return undefined;
  } finally {
    session.close();
  }
}

const positionQuery = `
  SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text AS lsn,
         ${newestTimeline} AS timeline`;

const logQuery = `
  SELECT CASE WHEN pg_is_in_recovery()
              THEN ${newestTimeline}
              ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline,
         (SELECT min(right(name, 16)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$') AS oldest,
         (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size') AS "segmentSize",
         pg_read_file((SELECT 'pg_wal/' || max(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{8}[.]history$'),
                      true) AS history`;
