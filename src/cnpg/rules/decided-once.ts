import type { CnpgTopologyPlan } from "../plan";

/** What the first update decides for good: another value is another database. */
export type DecidedOnce = Pick<CnpgTopologyPlan, "namespace" | "database" | "owner" | "origin">;

const names = ["namespace", "database", "owner", "origin"] as const satisfies (keyof DecidedOnce)[];

/** Compares what is wanted now with what was decided first. */
export function decidedOnceFailures(
  first: DecidedOnce,
  now: DecidedOnce,
): { property: keyof DecidedOnce; reason: string }[] {
  return names
    .filter((property) => first[property] !== now[property])
    .map((property) => ({
      property,
      reason: `must stay "${first[property]}", since another one would be another database, not "${now[property]}"`,
    }));
}
