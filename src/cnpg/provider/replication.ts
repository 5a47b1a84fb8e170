import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { sameInputs } from "../../same-inputs";
import { isHealthy, isHibernated, isWriter, stateOf, type LiveCluster } from "../kubernetes/live-cluster";
import type { Psql } from "../kubernetes/psql";
import { createPoolerRole } from "../pooler-role";
import { judgeReader, readHistory, type ReaderPosition, type WriterLog } from "../reader-position";
import { cloneAfresh } from "./clone";
import type { ReplicationInputs, ReplicationOutputs } from "./inputs";
import { lookAt, type Seen } from "./regions";
import { lagOf } from "./streaming";

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
    return { outs: { ...news, writableSince: olds.primary === news.primary ? olds.writableSince : since } };
  },
};

async function isWell(inputs: ReplicationInputs): Promise<boolean> {
  const seen = await lookAt(inputs);
  const states = seen.every(({ name, activity, live }) => {
    if (live === undefined) {
      return false;
    }
    return activity === "hibernated"
      ? isHibernated(live)
      : isHealthy(live) && isWriter(live) === (name === inputs.primary);
  });
  if (!states) {
    return false;
  }
  const { region, live } = seen.find(({ name }) => name === inputs.primary)!;
  const session = await region.psql(live!);
  try {
    return (await notStreaming(session, readersOf(inputs, seen))).length === 0;
  } finally {
    session.close();
  }
}

/** Gives when the primary was first seen to accept writes. */
async function settle(inputs: ReplicationInputs): Promise<string> {
  const seen = await lookAt(inputs);
  requireClusters(seen);
  const writer = seen.find(({ name }) => name === inputs.primary)!;
  const { session, since } = await untilWritable(writer, inputs.token);
  try {
    if (inputs.poolers) {
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
      untilHealthy(writer),
      ...readersOf(inputs, seen).map((reader) => untilStreaming(reader, writer, session)),
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

/** A verdict is only believed when it has stood for a while: what has just begun to follow is not there yet. */
async function untilStreaming(reader: Seen, writer: Seen, session: Psql): Promise<void> {
  const { name, region } = reader;
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
      await cloneAfresh(region, live, writer.region.access.cluster);
      cloned = true;
    } else if (Date.now() > end) {
      throw new Error(
        `${name} does not stream from ${writer.name} after ${creationSeconds} s: ${stateOf(live)}`,
      );
    }
  }
}

async function notStreaming(session: Psql, readers: readonly Seen[]): Promise<Seen[]> {
  const streaming = await lagOf(session);
  return readers.filter(({ region }) => !streaming.has(region.access.cluster));
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

// Which timeline a server is on shows in the names of its log files at once, and in its control file later.
const positionQuery = `
  SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text AS lsn,
         (SELECT max(left(name, 8)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$') AS timeline`;

const logQuery = `
  SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline,
         (SELECT min(right(name, 16)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$') AS oldest,
         (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size') AS "segmentSize",
         pg_read_file((SELECT 'pg_wal/' || max(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{8}[.]history$'),
                      true) AS history`;
