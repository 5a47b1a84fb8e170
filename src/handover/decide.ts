import { parseLsn, type DemotionToken } from "./token";

/** What is seen of a region that is not lost, before a handover. */
export interface Observation {
  readonly region: string;
  /** Whether it accepts writes. */
  readonly writable: boolean;
  /** How far its write-ahead log goes: `[timeline, position]`. */
  readonly reached: readonly [timeline: number, position: bigint];
  /** The token of its last demotion, if it has followed nobody since. */
  readonly token?: DemotionToken;
}

export interface Question {
  /** The writer before, as remembered; undefined if there was none. */
  readonly previous: string | undefined;
  /** The writer to be. */
  readonly primary: string;
  readonly lost: readonly string[];
  readonly observations: readonly Observation[];
}

export type Decision =
  /** The primary writes already, or nothing exists yet. */
  | { readonly action: "none" }
  /** The last writer was demoted; the primary is promoted once it has all that the token speaks of. */
  | { readonly action: "switchover"; readonly token: DemotionToken }
  /** The primary was the writer itself, and nobody has been since: it goes on. */
  | { readonly action: "resume" }
  /** The last writer is declared lost. */
  | { readonly action: "failover" }
  | { readonly action: "refuse"; readonly reason: string };

/** Whether and how the primary may be promoted. A missing token never means failover: only `lost` does. */
export function decide({ previous, primary, lost, observations }: Question): Decision {
  const target = observations.find(({ region }) => region === primary);
  const writers = observations.filter(({ writable, region }) => writable && region !== primary);
  if (writers.length > 0) {
    const names = writers.map(({ region }) => region).join(", ");
    return refuse(`${names} still accepts writes: ${primary} cannot be promoted before it is demoted`);
  }
  if (target === undefined) {
    return previous === undefined || previous === primary
      ? { action: "none" }
      : refuse(
          `${primary} holds no data yet: make it a reader first, and move the writer in the next update`,
        );
  }
  if (target.writable) {
    return { action: "none" };
  }
  if (
    previous !== undefined &&
    previous !== primary &&
    !observations.some(({ region }) => region === previous)
  ) {
    return lost.includes(previous) ? { action: "failover" } : notDemoted(previous, primary);
  }
  const token = latestToken(observations);
  if (token !== undefined && token.region !== primary) {
    return { action: "switchover", token };
  }
  if (previous === primary || token?.region === primary) {
    const ahead = observations.filter(({ reached }) => isFurther(reached, target.reached));
    return ahead.length === 0
      ? { action: "resume" }
      : refuse(
          `${primary} does not write, and ${ahead.map(({ region }) => region).join(", ")} is ahead of it`,
        );
  }
  // The state is gone, and with it the name of the last writer: only `lost` says that it is gone too.
  return previous === undefined && lost.length > 0 ? { action: "failover" } : notDemoted(previous, primary);
}

function notDemoted(previous: string | undefined, primary: string): Decision {
  return refuse(
    `${previous ?? "the last writer"} was not demoted, so ${primary} cannot know that nothing is missing: ` +
      `if ${previous ?? "it"} is gone for good, name it in lost`,
  );
}

/** The token of the last demotion: one that no region has gone past, by timeline. */
function latestToken(observations: readonly Observation[]): DemotionToken | undefined {
  const newest = Math.max(0, ...observations.map(({ reached }) => reached[0]));
  return observations
    .flatMap(({ token }) => (token === undefined || token.timeline < newest ? [] : [token]))
    .sort((a, b) => Number(parseLsn(b.checkpoint) - parseLsn(a.checkpoint)))[0];
}

function isFurther(a: Observation["reached"], b: Observation["reached"]): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
}

function refuse(reason: string): Decision {
  return { action: "refuse", reason };
}
