import type { HandoverInputs, Member } from "./inputs";
import { isChanging, isFailingOver, isRebuilding, regionOf, writerOf, type Seen } from "./observe";

export type Decision =
  /** The primary writes already, or the writer is another program's. */
  | { readonly action: "none" }
  /** AWS is changing the writer, or there is none: what comes of it has to be seen first. */
  | { readonly action: "wait" }
  | { readonly action: "switchover" | "failover"; readonly from: string; readonly target: string }
  | { readonly action: "refuse"; readonly reason: string };

/**
 * Whether and how AWS is asked to move the writer. Only `lost` makes a failover.
 *
 * @param known The regions of now, and those of the last update, which may just have been taken out.
 */
export function decide(
  { primary, follows, regions }: HandoverInputs,
  known: Readonly<Record<string, Member>>,
  { database, regions: seen }: Seen,
): Decision {
  if (follows) {
    return { action: "none" };
  }
  const writer = writerOf(database);
  const from = regionOf(writer?.arn ?? "", known);
  const isLost = from !== undefined && regions[from]?.activity === "lost";
  // A switchover from a region that was lost meanwhile does not end; a failover ends it.
  const isMoving = isChanging(database) && !isRebuilding(database);
  if (writer === undefined || (isMoving && !(isLost && !isFailingOver(database)))) {
    return { action: "wait" };
  }
  const target = seen.find(({ name }) => name === primary)?.membership;
  if (target === undefined) {
    return refuse(
      `${primary} is no member of the global database: make it a reader first, and move the writer then`,
    );
  }
  if (target.isWriter) {
    return { action: "none" };
  }
  if (from === undefined) {
    return refuse(
      `${writer.arn} writes, which is no region of this topology: move the writer to one of its regions, ` +
        "or give globalDatabaseId from the first day",
    );
  }
  return { action: isLost ? "failover" : "switchover", from, target: target.arn };
}

function refuse(reason: string): Decision {
  return { action: "refuse", reason };
}
