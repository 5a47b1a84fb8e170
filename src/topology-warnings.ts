import * as pulumi from "@pulumi/pulumi";
import type { RegionPlan, TopologyPlan } from "./topology-plan";

/**
 * Warns in every preview and update of what is dangerous: a plain preview shows no inputs.
 *
 * @param dangers What the handover's `check` found; known in a preview alone.
 */
export function warnOfDangers(
  component: pulumi.Resource,
  plan: TopologyPlan<RegionPlan>,
  dangers: pulumi.Output<readonly string[] | undefined>,
): void {
  const warn = (message: string) => void pulumi.log.warn(message, component);
  lostWarnings(plan).forEach(warn);
  dangers.apply((found) => found?.forEach(warn));
}

/** One for each region in `lost`. */
export function lostWarnings({ regions, primary }: TopologyPlan<RegionPlan>): string[] {
  return regions
    .filter(({ activity }) => activity === "lost")
    .map(
      ({ region }) =>
        `${region} is in lost: it counts as gone, and ${primary.region} writes without asking it. ` +
        `Commits that ${region} alone holds are discarded when it rejoins`,
    );
}
