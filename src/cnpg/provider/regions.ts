import { TransientError } from "../../kubernetes/transient";
import { RegionCluster } from "../kubernetes/region";
import { isBeingDemoted, isHealthy, stateOf, type LiveCluster } from "../kubernetes/live-cluster";
import type { TopologyInputs } from "./inputs";

/** A region that is contacted, and its `Cluster` as it was read. */
export interface Seen {
  readonly name: string;
  readonly activity: "active" | "hibernated";
  readonly region: RegionCluster;
  readonly live: LiveCluster | undefined;
}

/** Looks at every region that is not lost. Where one cannot be reached nothing is known, and nothing is done. */
export async function lookAt({ regions }: Pick<TopologyInputs, "regions">): Promise<Seen[]> {
  const looks = Object.entries(regions).flatMap(([name, { activity, access }]) =>
    activity === "lost" ? [] : [look(name, activity, access)],
  );
  const results = await Promise.allSettled(looks);
  const failures = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as Error] : [],
  );
  if (failures.length > 0) {
    throw new Error([...failures.map(({ message }) => message), ...advice(failures)].join("\n"));
  }
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/** Rights that are missing, or a server that is busy, are no reason to give a region up. */
function advice(failures: readonly Error[]): string[] {
  return failures.some((error) => error instanceof TransientError && error.isNetwork)
    ? [
        // A refresh comes before the program runs: it asks the region with what the state has.
        "Run pulumi up again when it answers. Only a region that is gone for good, or for too long, is named in lost, " +
          "for a pulumi up without --refresh: then it is not contacted, and what it alone holds is lost",
      ]
    : [];
}

async function look(
  name: string,
  activity: Seen["activity"],
  access: TopologyInputs["regions"][string]["access"],
): Promise<Seen> {
  const region = await RegionCluster.connect(access);
  return { name, activity, region, live: await region.read() };
}

/** Roles are only changed where every region is well and none is on its way to another role. */
export function requireHealth(active: readonly Seen[], otherwise: string): void {
  const ill = active.filter(({ live }) => live === undefined || !isHealthy(live) || isBeingDemoted(live));
  if (ill.length > 0) {
    const states = ill.map(describe).join("; ");
    throw new Error(
      `${otherwise}: ${states}. Wait until every region is healthy, or name what is gone in lost`,
    );
  }
}

/** What a region is doing, for a message. */
function describe({ name, live }: Seen): string {
  return `${name}: ${stateOf(live)}`;
}

export function namesOfLost({ regions = {} }: Partial<TopologyInputs>): string[] {
  return Object.keys(regions).filter((name) => regions[name]!.activity === "lost");
}
