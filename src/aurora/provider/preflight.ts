import { isAvailable, isRebuilding, type Seen, type SeenRegion } from "./observe";
import type { GlobalDatabase } from "./rds-api";

/** Why the writer does not move: what no waiting mends, and what it may. */
export interface Obstacles {
  readonly lasting: readonly string[];
  readonly passing: readonly string[];
}

/** What has to be so before AWS is asked to move the writer: with its consent everything, without it the target alone. */
export function obstacles(action: "switchover" | "failover", primary: string, seen: Seen): Obstacles {
  const target = seen.regions.find(({ name }) => name === primary)!;
  const concerned = action === "failover" ? [target] : seen.regions;
  const version = target.cluster?.engineVersion;
  return {
    lasting: [...concerned.flatMap(absences), ...headlessness(target)],
    passing: [
      ...(action === "failover" ? [] : unrest(seen.database)),
      ...concerned.flatMap(unavailability),
      ...(action === "failover" ? [] : concerned.flatMap((region) => differences(region, primary, version))),
    ],
  };
}

function absences({ name, cluster, membership }: SeenRegion): string[] {
  if (cluster === undefined) {
    return [`${name} has no cluster: if it was deleted by hand, run pulumi refresh`];
  }
  return membership === undefined
    ? [`${name} is no member of the global database any more: take it out of regions, and add it afterwards`]
    : [];
}

function headlessness({ name, cluster }: SeenRegion): string[] {
  return cluster?.instances === 0 ? [`${name} has no instance`] : [];
}

function unrest(database: GlobalDatabase): string[] {
  return [
    ...(database.status === "available" ? [] : [`the global database is ${database.status}`]),
    ...(isRebuilding(database) ? ["AWS rebuilds readers after a failover"] : []),
  ];
}

export function unavailability({ name, cluster }: SeenRegion): string[] {
  return cluster === undefined || isAvailable(cluster) ? [] : [`${name} is ${cluster.status}`];
}

function differences({ name, cluster, membership }: SeenRegion, primary: string, version?: string): string[] {
  const synchronization = membership?.synchronization ?? "";
  return [
    ...(cluster === undefined || cluster.engineVersion === version
      ? []
      : [`${name} is of version ${cluster.engineVersion}, and ${primary} of ${version}`]),
    ...(["", "connected"].includes(synchronization) ? [] : [`${name} is ${synchronization}`]),
  ];
}
