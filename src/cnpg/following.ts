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
  /** `recovery_min_apply_delay` in milliseconds. */
  readonly delay: number;
  /** The oldest transaction that replay may have to wait for. */
  readonly reader: { readonly pid: number; readonly user: string; readonly seconds: number } | null;
}

/** A connection that is younger may be one of many that a region makes in vain. */
const holdSeconds = 2;

const longTransactionSeconds = 5;

/**
 * What keeps a region from being one that streams: it is on its upstream's timeline, has replayed past a position that
 * the upstream had, and its connection lasts.
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
  if (replayed < parseLsn(goal) || (bytes !== undefined && behind > BigInt(bytes))) {
    return `is ${behind} bytes behind: it has replayed up to ${formatLsn(replayed)}${waitsFor(reader)}`;
  }
  return seconds < holdSeconds ? `has streamed for ${seconds.toFixed(1)} s only` : undefined;
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
