import type { Change } from "../handover/steps";

/**
 * The data that no handover moves, for the preview. PostgreSQL replicates neither: a slot is a file of one server, and
 * an unlogged table has no log. The slots stay on purpose: they work again once their region writes again, and
 * `max_slot_wal_keep_size` limits the WAL that they keep.
 */
export function leftBehind({ from, to }: Pick<Change, "from" | "to">): string[] {
  return from === undefined || from === to
    ? []
    : [`unlogged tables are empty in ${to}, and logical replication slots of ${from} are not in ${to}`];
}
