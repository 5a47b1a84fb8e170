import type { Durability } from "../topology";
import type { Activity } from "../topology-plan";
import type { Change } from "./steps";

/** What a handover's `check` adds to its inputs, so that a preview shows it. */
export interface Announcement {
  /** What the last change of roles took, or takes, in order. */
  readonly steps?: readonly string[];
  /** What this update puts at risk. Never in the state: the next update has dangers of its own. */
  readonly dangers?: readonly string[];
}

/** Inputs with what a preview shows. What is empty is left out, as it was in the states of version 0.1.0. */
export function announce<Inputs extends object>(
  olds: Announcement,
  inputs: Inputs,
  { steps = [], dangers = [] }: Announcement,
): Inputs & Announcement {
  const kept = steps.length > 0 ? steps : olds.steps;
  return {
    ...inputs,
    ...(kept === undefined ? {} : { steps: kept }),
    ...(dangers.length === 0 ? {} : { dangers }),
  };
}

/** What stays in the state once the update is done. */
export function withoutDangers<Outputs extends Announcement>(outputs: Outputs): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).filter(([property]) => property !== "dangers"),
  ) as Outputs;
}

export interface DangerousChange extends Change {
  /** That of the old writer's commits; undefined where the engine has none. */
  readonly durability: Durability | undefined;
  /** What becomes of the data of a region that is taken out of `regions`; undefined where it stays. */
  readonly fateOf: (region: string, before: Activity) => string | undefined;
}

/** What an update puts at risk: for a warning in its preview. */
export function dangersOf({ from, to, before, after, durability, fateOf }: DangerousChange): string[] {
  const names = Object.keys(before).sort();
  const removed = names
    .filter((name) => after[name] === undefined)
    .flatMap((name) => {
      const fate = fateOf(name, before[name]!);
      return fate === undefined ? [] : [`${name} is taken out of regions: ${fate}`];
    });
  const rejoining = names
    .filter((name) => before[name] === "lost" && after[name] !== undefined && after[name] !== "lost")
    .map((name) => `${name} is taken out of lost and rejoins as a reader: what it alone holds is discarded`);
  return [...failover({ from, to, after, durability }), ...removed, ...rejoining];
}

function failover({
  from,
  to,
  after,
  durability,
}: Pick<DangerousChange, "from" | "to" | "after" | "durability">): string[] {
  if (from === undefined || from === to || after[from] === "active" || after[from] === "hibernated") {
    return [];
  }
  const risk =
    durability === "region"
      ? `with durability "region" every acknowledged commit is in another region, which is asked first`
      : `what ${from} acknowledged and no other region has received is lost`;
  return [`failover: ${to} is promoted without the consent of ${from}, and ${risk}`];
}
