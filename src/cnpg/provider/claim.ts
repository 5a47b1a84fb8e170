import { clock, type Clock } from "../../kubernetes/transient";
import { isWriter, type LiveCluster } from "../kubernetes/live-cluster";
import type { Seen } from "./regions";

/** On a `Cluster`: which region writes after a timeline has ended. */
export const nextWriter = "multi-region-postgres/next-writer";

/**
 * For so long the claim of another update is respected since it was last renewed. An update renews its claim right
 * before it promotes its region, so after this time that update is known to have ended.
 */
const respectSeconds = 20;
const pollMilliseconds = 500;

/** Which region is to write once `timeline` has ended. Every promotion begins a timeline. */
export interface Claim {
  readonly timeline: number;
  readonly to: string;
}

/**
 * Claims the promotion on the `Cluster`s of regions, one after the other in the order of their names: of two updates
 * that promote two regions at once, each from a state of its own, exactly one gets all of them. The API server accepts
 * a claim only on the version of the `Cluster` that was read before.
 *
 * @param everyone All regions that can be asked whether they write.
 * @param declared The names of all regions, the lost ones among them.
 */
export async function claimPromotion(
  claim: Claim,
  on: readonly Seen[],
  everyone: readonly Seen[],
  declared: readonly string[],
  time: Clock = clock,
): Promise<void> {
  const sorted = [...on].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const place of sorted) {
    await claimOn(place, claim, time, (renewed) => untilAbandoned(place, renewed, everyone, declared, time));
  }
}

/** @param respect Gives the version of the `Cluster` that may be claimed; undefined where it has to be read again. */
async function claimOn(
  { region, name }: Seen,
  claim: Claim,
  time: Clock,
  respect: (other: LiveCluster) => Promise<LiveCluster | undefined>,
): Promise<void> {
  for (;;) {
    const read = await region.read();
    if (read === undefined) {
      throw new Error(`${name} has no Cluster any more: another update or somebody by hand has deleted it`);
    }
    const made = claimOf(read);
    const isTaken = made !== undefined && made.timeline >= claim.timeline && made.to !== claim.to;
    const live = isTaken ? await respect(read) : read;
    try {
      if (live !== undefined) {
        return await writeClaim(region, live, claim, time);
      }
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
    }
  }
}

/** Waits until the update that made a claim is certain to have ended without a promotion. */
async function untilAbandoned(
  { name, region }: Seen,
  claimed: LiveCluster,
  everyone: readonly Seen[],
  declared: readonly string[],
  time: Clock,
): Promise<LiveCluster | undefined> {
  const { to } = claimOf(claimed)!;
  const { namespace, cluster } = region.access;
  const given = `another pulumi up has given the role of the writer to ${to}, as the Cluster of ${name} says`;
  if (!declared.includes(to)) {
    throw new Error(
      `${given}, and ${to} is not in regions: two states of one topology are in use. Use the state that has ${to}, ` +
        `or, if ${to} has never written, run kubectl annotate cluster ${cluster} --namespace ${namespace} ${nextWriter}-`,
    );
  }
  const claimant = everyone.find((each) => each.name === to);
  for (const end = time.now() + respectSeconds * 1000; ; await time.sleep(pollMilliseconds)) {
    const writer = await claimant?.region.read();
    if (writer !== undefined && isWriter(writer)) {
      throw new Error(
        `${given}, and ${to} writes now. If two states of one topology are in use, go on with one of them alone. ` +
          `Run pulumi up with primary ${to}`,
      );
    }
    const live = await region.read();
    if (live?.metadata.annotations?.[nextWriter] !== claimed.metadata.annotations![nextWriter]) {
      return undefined;
    }
    if (time.now() > end) {
      return live;
    }
  }
}

/** The claim that a `Cluster` bears. */
export function claimOf({ metadata }: LiveCluster): Claim | undefined {
  const [timeline, to] = metadata.annotations?.[nextWriter]?.split(" ") ?? [];
  return to === undefined || !/^\d+$/.test(timeline!) ? undefined : { timeline: Number(timeline), to };
}

/** The time makes a claim that is renewed another one, so that it is respected for the whole time again. */
function writeClaim(
  region: Seen["region"],
  live: LiveCluster,
  { timeline, to }: Claim,
  time: Clock,
): Promise<void> {
  const { apiVersion, kind, metadata } = live;
  const { name, namespace, resourceVersion } = metadata;
  const annotations = { [nextWriter]: `${timeline} ${to} ${new Date(time.now()).toISOString()}` };
  return region.merge({ apiVersion, kind, metadata: { name, namespace, resourceVersion, annotations } });
}

function isConflict(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === 409;
}
