import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import type { AuroraRegionPlan } from "./plan";

/**
 * The options of all that a region has. Of a lost one everything stays in the state as it was, and nothing is
 * contacted: taken out of `regions`, or destroyed, it is forgotten and left where it is.
 */
export function regionOptions(parent: Resource, { activity }: AuroraRegionPlan): CustomResourceOptions {
  return { parent, ...(activity === "lost" ? { ignoreChanges: ["*"], retainOnDelete: true } : {}) };
}
