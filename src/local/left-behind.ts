import type { Change } from "../handover/steps";

/**
 * The data that no handover moves, for the preview. PostgreSQL replicates neither: a slot is a file of one server, and
 * an unlogged table has no write-ahead log.
 */
export function leftBehind({ from, to }: Pick<Change, "from" | "to">): string[] {
  return from === undefined || from === to
    ? []
    : [`unlogged tables are empty in ${to}, and logical replication slots of ${from} are dropped`];
}
