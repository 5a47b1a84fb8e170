import type { AuroraRegionPlan, AuroraTopologyPlan } from "./plan";

/**
 * How many seconds readers may be behind before a region waits with commits; undefined where it does not wait.
 *
 * Only the writer's group has it, since a promoted reader would acknowledge nothing before AWS has rebuilt another one:
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html. For the same
 * reason it is off while a region is lost, which is before AWS is asked for a failover, and where no reader has instances.
 */
export function recoveryPointOf(
  { recoveryPointSeconds, regions, lost }: AuroraTopologyPlan,
  region: AuroraRegionPlan,
): number | undefined {
  const hasReader = regions.some((other) => other !== region && other.instances > 0);
  return region.role === "writer" && lost.length === 0 && hasReader ? recoveryPointSeconds : undefined;
}
