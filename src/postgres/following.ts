import { formatLsn, parseLsn } from "../handover/token";

/** The region that others follow, as it tells itself. */
export interface UpstreamState {
  /** Its timeline, as in the names of log files: 8 hexadecimal digits. */
  readonly timeline: string;
  /** How far it has written its log, or received it where it follows somebody itself. */
  readonly lsn: string;
  /** For how many seconds those that stream from it have been connected, by the names that they stream under. */
  readonly streams: Readonly<Record<string, number>>;
}

/** A region that follows, as it tells itself. */
export interface ReaderState {
  readonly recovering: boolean;
  readonly replayed: string | null;
  readonly received: string | null;
  /** The timeline of what it receives: null where it receives nothing. */
  readonly timeline: number | null;
  readonly paused: boolean;
  /** Whether replay waits for more log, having replayed every whole record that the region received. */
  readonly waiting: boolean;
  /** `recovery_min_apply_delay` in milliseconds. */
  readonly delay: number;
  /** The oldest transaction that replay may have to wait for. */
  readonly reader: { readonly pid: number; readonly user: string; readonly seconds: number } | null;
}

/**
 * Whether replay has nothing to do. A server writes its log page by page: the log that the others have of it may end within a
 * record, where it is killed for good, and where a transaction is idle until the next commit.
 */
const replayWaits = `coalesce((SELECT wait_event IN ('RecoveryWalStream', 'RecoveryRetrieveRetryInterval')
                                FROM pg_stat_activity WHERE backend_type = 'startup'), false)`;

/** Whether a region has replayed every whole record that it received. */
export const replayedAll = `coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), true) OR ${replayWaits}`;

/** Which timeline a server is on: it shows in the names of its log files at once, and in its control file later. */
export const newestTimeline = "(SELECT max(left(name, 8)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$')";

/** The timeline and the position of a server that others follow. */
export const upstreamPosition = `
  CASE WHEN pg_is_in_recovery() THEN ${newestTimeline}
       ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline,
  CASE WHEN pg_is_in_recovery() THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
       ELSE pg_current_wal_lsn() END::text AS lsn`;

/** Gives an `UpstreamState`. */
export const upstreamQuery = `
  SELECT ${upstreamPosition},
         (SELECT coalesce(json_object_agg(name, seconds), '{}')
            FROM (SELECT application_name AS name,
                         min(extract(epoch FROM clock_timestamp() - backend_start))::float8 AS seconds
                    FROM pg_stat_replication WHERE state = 'streaming' GROUP BY 1) AS stream) AS streams`;

/** Gives a `ReaderState`. */
export const readerQuery = `
  SELECT pg_is_in_recovery() AS recovering,
         pg_last_wal_replay_lsn()::text AS replayed,
         greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text AS received,
         (SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming') AS timeline,
         CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS paused,
         ${replayWaits} AS waiting,
         (SELECT setting::float8 FROM pg_settings WHERE name = 'recovery_min_apply_delay') AS delay,
         (SELECT json_build_object('pid', pid, 'user', usename,
                                   'seconds', extract(epoch FROM clock_timestamp() - xact_start)::float8)
            FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
           ORDER BY xact_start LIMIT 1) AS reader`;

/** A connection that is younger may be one of many that a region makes in vain. */
const holdSeconds = 2;

const longTransactionSeconds = 5;

/**
 * What keeps a region from being one that streams: it is on its upstream's timeline, has replayed what the upstream had
 * written up to a position, and its connection lasts.
 *
 * @param name That under which it streams.
 * @param goal The position that it has to have replayed.
 * @param bytes By how much it may be behind the upstream now; by any where it is undefined.
 */
export function obstacleOf(
  name: string,
  reader: ReaderState,
  upstream: UpstreamState,
  goal: string,
  bytes?: number,
): string | undefined {
  const replayed = parseLsn(reader.replayed ?? "0/0");
  const own = reader.timeline;
  const seconds = upstream.streams[name];
  if (!reader.recovering) {
    return "accepts writes: somebody has promoted it by hand";
  }
  if (reader.paused) {
    return "does not replay: somebody has paused that. SELECT pg_wal_replay_resume() there ends the pause";
  }
  if (reader.delay > 0) {
    return `replays ${reader.delay / 1000} s late: recovery_min_apply_delay is set there`;
  }
  if (own === null || seconds === undefined) {
    return "does not stream";
  }
  if (own !== timelineOf(upstream)) {
    return `streams timeline ${own}, not ${timelineOf(upstream)}`;
  }
  if (isAhead(reader, upstream)) {
    return `has ${reader.received}, which is more than ${upstream.lsn}, where the region that it follows is`;
  }
  const behind = parseLsn(upstream.lsn) - replayed;
  if (!isReplayed(reader, goal) || (bytes !== undefined && behind > BigInt(bytes))) {
    return `is ${behind} bytes behind: it has replayed up to ${formatLsn(replayed)}${waitsFor(reader)}`;
  }
  return seconds < holdSeconds ? `has streamed for ${seconds.toFixed(1)} s only` : undefined;
}

function isReplayed({ replayed, received, waiting }: ReaderState, goal: string): boolean {
  const reached = waiting ? received : replayed;
  return parseLsn(reached ?? "0/0") >= parseLsn(goal);
}

function timelineOf({ timeline }: UpstreamState): number {
  return Number.parseInt(timeline, 16);
}

function isAhead({ received }: ReaderState, { lsn }: UpstreamState): boolean {
  return received !== null && parseLsn(received) > parseLsn(lsn);
}

function waitsFor({ reader }: ReaderState): string {
  return reader === null || reader.seconds < longTransactionSeconds
    ? ""
    : `, and process ${reader.pid} of ${reader.user} there has read for ${Math.round(reader.seconds)} s: ` +
        "SELECT pg_cancel_backend of it, if replay waits for that";
}
