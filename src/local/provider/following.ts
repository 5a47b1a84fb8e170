import { statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import {
  obstacleOf,
  readerQuery,
  upstreamQuery,
  type ReaderState,
  type UpstreamState,
} from "../../postgres/following";
import {
  judgeReader,
  logQuery,
  positionQuery,
  readHistory,
  type ReaderPosition,
  type Verdict,
  type WriterLogRow,
} from "../../postgres/reader-position";
import { formatLsn } from "../../handover/token";
import { readControlFile } from "../postgres/control-file";
import { regionFiles } from "../postgres/folders";
import { withSession, type Login } from "../postgres/session";

/**
 * What keeps a reader from streaming from the writer, or undefined as soon as nothing does.
 *
 * @param seconds How long to wait for that.
 * @param bytes How far the reader may be behind the writer; any distance where it is undefined.
 */
export async function whatHinders(
  writer: Login,
  reader: Login,
  seconds: number,
  bytes?: number,
): Promise<string | undefined> {
  return withSession(writer, async (atWriter) => {
    const end = Date.now() + seconds * 1000;
    for (let goal = await upstreamState(atWriter); ; await sleep(50)) {
      const state = await withSession(reader, readerState).catch((error: Error) => error);
      // After the reader's: so that no reader is ahead by what was written meanwhile.
      const upstream = await upstreamState(atWriter);
      if (upstream.timeline !== goal.timeline) {
        goal = upstream;
      }
      const obstacle =
        state instanceof Error
          ? `does not stream from ${writer.region}: ${state.message}`
          : obstacleOf(reader.region, state, upstream, goal.lsn, bytes);
      if (obstacle === undefined || Date.now() > end) {
        return obstacle;
      }
    }
  });
}

async function upstreamState(client: Client): Promise<UpstreamState> {
  return (await client.query<UpstreamState>(`SELECT * FROM (${upstreamQuery}) AS upstream`)).rows[0]!;
}

async function readerState(client: Client): Promise<ReaderState> {
  return (await client.query<ReaderState>(readerQuery)).rows[0]!;
}

/** Why a reader cannot follow the writer any more, or undefined where it can. */
export async function judge(writer: Login, reader: Login): Promise<Verdict | undefined> {
  const position = await withSession(reader, positionOf).catch(() => positionOnDisk(reader));
  // After the reader's, for the same reason.
  const log = await withSession(writer, logOf);
  return judgeReader(position, { ...log, history: readHistory(log.history ?? "") });
}

async function logOf(client: Client): Promise<WriterLogRow> {
  return (await client.query<WriterLogRow>(logQuery)).rows[0]!;
}

async function positionOf(client: Client): Promise<ReaderPosition> {
  return (await client.query<ReaderPosition>(positionQuery)).rows[0]!;
}

/** A reader whose server does not answer holds at least what its last checkpoint covers. */
async function positionOnDisk({ folder }: Login): Promise<ReaderPosition> {
  const { timeline, checkpoint } = await readControlFile(regionFiles(folder).data);
  return {
    timeline: timeline.toString(16).toUpperCase().padStart(8, "0"),
    lsn: formatLsn(checkpoint),
    recovering: true,
  };
}

/** Room for two files of write-ahead log: with less, a server soon stops. */
const leastMegabytes = 32;

/** Whether the disk of a region is too full for the region to write, and how much is left. */
export async function fullDisk(folder: string): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(folder);
  const megabytes = Math.floor((bavail * bsize) / (1 << 20));
  return megabytes < leastMegabytes
    ? `has ${megabytes} MB left on the disk of ${folder}, and needs ${leastMegabytes} MB to write`
    : undefined;
}
