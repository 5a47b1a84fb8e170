import type { Endpoint } from "../endpoints";
import type { Change } from "../handover/steps";

/** What a preview knows of a topology that follows a writer outside, or did until now. */
export interface FollowingChange extends Change {
  readonly outside: Endpoint;
  /** Whether it makes a topology of its own now. */
  readonly isLeft: boolean;
}

/** What an update will do to whom the regions follow, in order. Empty where it does nothing to that. */
export function followingSteps({ from, to, after, outside, isLeft }: FollowingChange): string[] {
  const place = `${outside.host}:${outside.port}`;
  const followers = Object.keys(after)
    .filter((name) => name !== to && after[name] === "active")
    .sort();
  const following =
    followers.length > 0 ? [`${followers.join(", ")} follow${followers.length === 1 ? "s" : ""} ${to}`] : [];
  if (isLeft) {
    return [
      `${to} has all that ${place} has sent, or ${place} is gone, or nothing is done`,
      `${to} is promoted: it writes, and what is written to ${place} from then on does not arrive`,
      ...following,
    ];
  }
  return from === to
    ? []
    : [...following, `${to} follows ${place}: it is cloned from there if it holds nothing`];
}
