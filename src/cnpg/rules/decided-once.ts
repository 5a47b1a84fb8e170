import type { Failure } from "../../rules";
import type { CnpgTopologyPlan } from "../plan";

/** What the first update decides for good: another value is another database. */
export type DecidedOnce = Pick<CnpgTopologyPlan, "namespace" | "database" | "owner" | "origin">;

/** Compares what is wanted now with what was decided first. */
export function* decidedOnceFailures(first: DecidedOnce, now: DecidedOnce): Generator<Failure> {
  const properties = {
    namespace: "namespace",
    database: "database.name",
    owner: "database.owner",
    origin: "origin",
  } as const;
  for (const [key, propertyPath] of Object.entries(properties)) {
    const [was, is] = [first[key as keyof DecidedOnce], now[key as keyof DecidedOnce]];
    if (was !== is) {
      yield {
        propertyPath,
        reason: `must stay ${JSON.stringify(was)}, since another one would be another database, not ${JSON.stringify(is)}`,
      };
    }
  }
}
