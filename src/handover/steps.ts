import type { Activity } from "../topology-plan";

/** What a preview knows of the topology before and after. */
export interface Change {
  /** The writer before; undefined where there was none. */
  readonly from: string | undefined;
  readonly to: string;
  readonly before: Readonly<Record<string, Activity>>;
  readonly after: Readonly<Record<string, Activity>>;
}

/**
 * What an update will do to the roles, in order: for whoever reads the preview. Empty where it does nothing to them.
 */
export function handoverSteps({ from, to, before, after }: Change): string[] {
  const names = Object.keys(after).sort();
  const active = names.filter((name) => after[name] === "active");
  const returning = active.filter((name) => before[name] === "lost");
  const returns = returning
    .filter((name) => name !== to)
    .map((name) => `${name} comes back as a reader: it is fenced, and cloned afresh if it wrote meanwhile`);
  if (from === undefined || from === to) {
    return returns;
  }
  const followers = active.filter((name) => name !== to);
  const following =
    followers.length > 0 ? [`${followers.join(", ")} follow${followers.length === 1 ? "s" : ""} ${to}`] : [];
  return after[from] === "lost" || after[from] === undefined
    ? [
        ...returns,
        `${from} is lost: it is fenced if it can be reached, and not waited for`,
        `whatever another reader has more than ${to} is brought to ${to}`,
        `${to} is promoted without the consent of ${from}: writes go on`,
        ...following,
      ]
    : [
        ...returns,
        `every region is healthy and streams from ${from}, or nothing is done`,
        `${from} becomes a reader: writes wait`,
        `${from} is shut down, and says in a token where it stopped`,
        `${to} is promoted once it has everything that the token speaks of: writes go on`,
        ...following,
      ];
}
