import { formatLsn, parseLsn } from "../handover/token";
import { newestTimeline, upstreamPosition } from "./following";

/** How far a reader has got. */
export interface ReaderPosition {
  /** Its timeline, as in the names of log files: 8 hexadecimal digits. */
  readonly timeline: string;
  readonly lsn: string;
  /** Whether it is a standby, as it should be. */
  readonly recovering: boolean;
}

/** What the writer still has, and where its timelines begin. */
export interface WriterLog {
  readonly timeline: string;
  /** Where it is itself: taken after the reader's position. */
  readonly lsn: string;
  /** The last 16 digits of the name of its oldest log file. */
  readonly oldest: string;
  readonly segmentSize: number;
  readonly history: readonly TimelineSwitch[];
}

/** Gives a `ReaderPosition`. */
export const positionQuery = `
  SELECT CASE WHEN pg_is_in_recovery() THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
              ELSE pg_current_wal_lsn() END::text AS lsn,
         pg_is_in_recovery() AS recovering,
         ${newestTimeline} AS timeline`;

/** A `WriterLog` whose history is the text of its file. */
export type WriterLogRow = Omit<WriterLog, "history"> & { readonly history: string | null };

/** Gives a `WriterLogRow`. */
export const logQuery = `
  SELECT ${upstreamPosition},
         (SELECT min(right(name, 16)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$') AS oldest,
         (SELECT setting::int FROM pg_settings WHERE name = 'wal_segment_size') AS "segmentSize",
         pg_read_file((SELECT 'pg_wal/' || max(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{8}[.]history$'),
                      0, 1000000, true) AS history`;

/** Where a timeline ended, and the next one began. */
export interface TimelineSwitch {
  readonly timeline: number;
  readonly end: bigint;
}

/** Reads a timeline history file: a line for each timeline that the writer's descends from. */
export function readHistory(text: string): TimelineSwitch[] {
  return [...text.matchAll(/^\s*(\d+)\s+([0-9A-F]+\/[0-9A-F]+)/gim)].map(([, timeline, end]) => ({
    timeline: Number(timeline),
    end: parseLsn(end!),
  }));
}

/** Why a reader does not follow the writer, and will not by itself. */
export interface Verdict {
  /** `ahead` and `diverged`: it holds log that the writer does not, so a copy in its place would lose that. */
  readonly kind: "ahead" | "diverged" | "cannot follow";
  readonly reason: string;
}

/** Judges a reader, or gives undefined where it can follow the writer. */
export function judgeReader(reader: ReaderPosition, writer: WriterLog): Verdict | undefined {
  const [own, current] = [reader, writer].map(({ timeline }) => Number.parseInt(timeline, 16)) as [
    number,
    number,
  ];
  if (!reader.recovering) {
    return cannotFollow(`somebody has promoted it by hand, to timeline ${own}`);
  }
  const reached = parseLsn(reader.lsn);
  // A writer whose data is an older copy of its own is behind those that followed it, and they do not notice.
  if (own > current || (own === current && reached > parseLsn(writer.lsn))) {
    return {
      kind: "ahead",
      reason: `it has got to ${reader.lsn} on timeline ${own}, and the writer only to ${writer.lsn} on timeline ${current}`,
    };
  }
  if (own !== current) {
    const left = writer.history.find(({ timeline }) => timeline === own);
    if (left === undefined) {
      return { kind: "diverged", reason: `its timeline ${own} is none of the writer's past` };
    }
    if (reached > left.end) {
      return {
        kind: "diverged",
        reason: `it went on to ${reader.lsn} on timeline ${own}, which the writer left at ${formatLsn(left.end)}`,
      };
    }
  }
  const oldest = startOf(writer);
  return reached < oldest
    ? cannotFollow(`it has got to ${reader.lsn}, and the writer's log begins at ${formatLsn(oldest)}`)
    : undefined;
}

function cannotFollow(reason: string): Verdict {
  return { kind: "cannot follow", reason };
}

/** A file's name counts segments: so many to each 4 GB of log. */
function startOf({ oldest, segmentSize }: WriterLog): bigint {
  const high = BigInt(`0x${oldest.slice(0, 8)}`);
  const low = BigInt(`0x${oldest.slice(8)}`);
  return (high << 32n) + low * BigInt(segmentSize);
}
