import { setTimeout as sleep } from "node:timers/promises";
import { neverBelowTheWriter } from "../../never-below-the-writer";
import type { Psql } from "../kubernetes/psql";
import type { Seen } from "./regions";

/** For so long an update waits for a region to be so near to whom it follows, before anybody is promoted. */
export const preflightSeconds = 15;
export const preflightBytes = 1 << 20;

/** Which timeline a server is on: it shows in the names of its log files at once, and in its control file later. */
export const newestTimeline = "(SELECT max(left(name, 8)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$')";

/** Waits until every reader streams from the writer and has nearly all of it. */
export async function waitUntilStreaming(
  writer: Psql,
  readers: readonly Seen[],
  otherwise: string,
): Promise<void> {
  for (const end = Date.now() + preflightSeconds * 1000; ; await sleep(100)) {
    const behind = await lagOf(writer);
    const late = readers.flatMap(({ name, region }) => {
      const bytes = behind.get(region.access.cluster);
      if (bytes === undefined) {
        return [`${name} does not stream`];
      }
      return bytes > preflightBytes ? [`${name} is ${bytes} bytes behind`] : [];
    });
    if (late.length === 0) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(
        `${otherwise}: after ${preflightSeconds} s ${late.join(", ")}. ` +
          "Run pulumi up with the primary as it was to mend that, and move the writer then",
      );
    }
  }
}

/**
 * How many bytes each of those who stream has yet to receive, by the name that it streams under. They may stream from
 * a reader.
 */
export async function lagOf(writer: Psql): Promise<Map<string, number>> {
  const rows = await writer.query<{ name: string; behind: number }>(
    `SELECT application_name AS name, min(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()
                                                             ELSE pg_current_wal_lsn() END, flush_lsn))::float8 AS behind
       FROM pg_stat_replication WHERE state = 'streaming' AND flush_lsn IS NOT NULL GROUP BY 1`,
  );
  return new Map(rows.map(({ name, behind }) => [name, behind]));
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
