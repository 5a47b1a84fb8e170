import type { SynchronousArgs } from "../args";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "../plan";
import type { SynchronousSpec } from "./cluster-types";
import { compact } from "./compact";

/** Whose confirmation a commit in the region waits for, if the region writes. */
export function synchronousSpec(plan: CnpgTopologyPlan, region: CnpgRegionPlan): SynchronousSpec | undefined {
  if (plan.durability === "region") {
    const peers = plan.regions.filter((other) => region.peers.includes(other.region));
    return acrossRegions(
      peers.map(({ cluster }) => cluster),
      (region.wishes.instances ?? 1) - 1,
    );
  }
  return withinRegion(region.wishes.synchronous);
}

/**
 * A commit waits for another region, which streams under the name of its `Cluster`. With more than one instance the
 * operator promotes another instance of the same region by itself when the first one fails: so a commit waits for an
 * instance of the region too, and `failoverQuorum` has the operator promote only an instance that has every commit. An
 * instance that lacks some would be one that no other region can follow, and the copies with the commits would be
 * replaced.
 *
 * The number is larger than that of either kind, so both kinds are always among those that confirm. The operator
 * lists an instance that is ready before one that is not.
 */
function acrossRegions(peers: readonly string[], standbys: number): SynchronousSpec {
  const listed = Math.min(standbys, peers.length);
  return {
    method: "any",
    number: listed === 0 ? 1 : peers.length + 1,
    standbyNamesPre: peers,
    maxStandbyNamesFromCluster: listed,
    dataDurability: "required",
    ...(listed === 0 ? {} : { failoverQuorum: true }),
  };
}

function withinRegion(synchronous: SynchronousArgs | undefined): SynchronousSpec | undefined {
  return (
    synchronous &&
    compact<SynchronousSpec>({
      method: synchronous.method ?? "any",
      number: synchronous.number,
      dataDurability: synchronous.dataDurability,
      failoverQuorum: synchronous.failoverQuorum,
    })
  );
}
