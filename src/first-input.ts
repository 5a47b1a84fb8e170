import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";

/**
 * The options of a `Stash` of which the first input alone counts. A later one would change nothing, and every handover
 * would show an update of what never changes.
 */
export function firstInput(parent: Resource): CustomResourceOptions {
  return { parent, ignoreChanges: ["input"] };
}
