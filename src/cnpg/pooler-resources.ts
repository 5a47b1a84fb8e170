import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";
import { poolerSpecs } from "./manifests/pooler-spec";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "./plan";
import type { RegionBase } from "./region-resources";

/** The poolers of a region. They look up passwords as a role that the writer has to have first. */
export function createPoolers(
  plan: CnpgTopologyPlan,
  region: CnpgRegionPlan,
  { options, namespace, resources }: RegionBase,
  dependsOn: readonly pulumi.Resource[],
): void {
  for (const [name, spec] of poolerSpecs(plan, region)) {
    new CustomResource(
      `${plan.name}-${region.region}-pooler-${spec.type}`,
      { apiVersion: "postgresql.cnpg.io/v1", kind: "Pooler", metadata: { name, namespace }, spec },
      { ...options, dependsOn: [...resources, ...dependsOn] },
    );
  }
}
