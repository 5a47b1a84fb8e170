import { neverBelowTheWriter } from "../../never-below-the-writer";
import { clock as realClock, type Clock } from "../../kubernetes/transient";
import type { Psql } from "../kubernetes/psql";
import {
  obstacleOf,
  readerQuery,
  upstreamQuery,
  type ReaderState,
  type UpstreamState,
} from "../../postgres/following";
import type { Seen } from "./regions";

/** For so long an update waits for regions to be so near to the one that they follow, before anything is demoted. */
export const preflightSeconds = 15;
export const preflightBytes = 1 << 20;

/** How long a region that is asked how it follows may take to answer. */
const readerSeconds = 5;
const pollMilliseconds = 250;

/**
 * What keeps regions from streaming, one sentence for each that does not: empty as soon as all do.
 *
 * @param atUpstream psql in the region that they follow.
 * @param seconds For how long it is waited.
 * @param bytes By how much they may be behind.
 */
export async function whatHinders(
  atUpstream: Psql,
  readers: readonly Seen[],
  seconds: number,
  bytes?: number,
  time: Clock = realClock,
): Promise<string[]> {
  const end = time.now() + seconds * 1000;
  const sessions = new Map<Seen, Psql>();
  try {
    for (let goal = await upstreamState(atUpstream); ; await time.sleep(pollMilliseconds)) {
      const states = await Promise.all(readers.map((reader) => readerState(reader, sessions)));
      // After the readers, so that none of them is ahead of it by what was written meanwhile.
      const upstream = await upstreamState(atUpstream);
      if (upstream.timeline !== goal.timeline) {
        goal = upstream;
      }
      const obstacles = readers.flatMap(({ name, region }, index) => {
        const state = states[index]!;
        const obstacle =
          state instanceof Error
            ? `cannot be asked: ${state.message}`
            : obstacleOf(region.access.cluster, state, upstream, goal.lsn, bytes);
        return obstacle === undefined ? [] : [`${name} ${obstacle}`];
      });
      if (obstacles.length === 0 || time.now() > end) {
        return obstacles;
      }
    }
  } finally {
    sessions.forEach((session) => session.close());
  }
}

async function upstreamState(psql: Psql): Promise<UpstreamState> {
  const [state] = await psql.query<UpstreamState>(upstreamQuery);
  return state!;
}

async function readerState(reader: Seen, sessions: Map<Seen, Psql>): Promise<ReaderState | Error> {
  try {
    const session = sessions.get(reader) ?? (await openReader(reader));
    sessions.set(reader, session);
    const [state] = await session.query<ReaderState>(readerQuery);
    return state!;
  } catch (error) {
    return error as Error;
  }
}

async function openReader({ region, live }: Seen): Promise<Psql> {
  if (live === undefined) {
    throw new Error("it has no Cluster");
  }
  return region.psql(live, readerSeconds);
}

/** Waits until every reader streams from the writer, has replayed nearly all of it, and will go on doing so. */
export async function waitUntilStreaming(
  writer: Psql,
  readers: readonly Seen[],
  otherwise: string,
  time?: Clock,
): Promise<void> {
  const obstacles = await whatHinders(writer, readers, preflightSeconds, preflightBytes, time);
  if (obstacles.length > 0) {
    throw new Error(
      `${otherwise}: after ${preflightSeconds} s ${obstacles.join("; ")}. ` +
        "Run pulumi up with the primary as it was to repair that, and move the writer then",
    );
  }
}

/** The writer of today will follow the next one. */
export async function requireParameters(
  writer: Psql,
  next: Psql,
  otherwise: string,
  primary: string,
): Promise<void> {
  const sql = `SELECT name, setting::int AS value FROM pg_settings
                WHERE name IN (${neverBelowTheWriter.map((name) => `'${name}'`).join(", ")})`;
  const [has, needs] = await Promise.all(
    [writer, next].map((session) => session.query<{ name: string; value: number }>(sql)),
  );
  const short = needs!.filter(({ name, value }) => value > has!.find((each) => each.name === name)!.value);
  if (short.length > 0) {
    const names = short.map(({ name, value }) => `${name} is ${value}`).join(", ");
    throw new Error(
      `${otherwise}: in ${primary} ${names}, which is more than the writer has. ` +
        "Run pulumi up with the primary as it was, and move the writer when all regions are alike",
    );
  }
}
