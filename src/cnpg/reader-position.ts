import { formatLsn, parseLsn } from "../handover/token";

/** How far a reader has got. */
export interface ReaderPosition {
  /** Its timeline, as in the names of log files: 8 hexadecimal digits. */
  readonly timeline: string;
  readonly lsn: string;
}

/** What the writer still has, and where its timelines begin. */
export interface WriterLog {
  readonly timeline: string;
  /** The last 16 digits of the name of its oldest log file. */
  readonly oldest: string;
  readonly segmentSize: number;
  readonly history: readonly TimelineSwitch[];
}

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

/** Why a reader can never follow the writer again, or undefined where it can. */
export function judgeReader(reader: ReaderPosition, writer: WriterLog): string | undefined {
  const reached = parseLsn(reader.lsn);
  if (reader.timeline !== writer.timeline) {
    const own = Number.parseInt(reader.timeline, 16);
    const left = writer.history.find(({ timeline }) => timeline === own);
    if (left === undefined) {
      return `its timeline ${own} is none of the writer's past`;
    }
    if (reached > left.end) {
      return `it went on to ${reader.lsn} on timeline ${own}, which the writer left at ${formatLsn(left.end)}`;
    }
  }
  const oldest = startOf(writer);
  return reached < oldest
    ? `it has got to ${reader.lsn}, and the writer's log begins at ${formatLsn(oldest)}`
    : undefined;
}

/** A file's name counts segments: so many to each 4 GB of log. */
function startOf({ oldest, segmentSize }: WriterLog): bigint {
  const high = BigInt(`0x${oldest.slice(0, 8)}`);
  const low = BigInt(`0x${oldest.slice(8)}`);
  return (high << 32n) + low * BigInt(segmentSize);
}
