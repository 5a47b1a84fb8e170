import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";
import { createExternalService } from "./external-service";
import { poolerSpec } from "./manifests/pooler-spec";
import type { CnpgRegionPlan, CnpgTopologyPlan, PoolerPlan } from "./plan";
import type { RegionBase } from "./region-resources";
import { CnpgPoolers, type InputsOf } from "./resources";
import type { TopologyInputs } from "./provider/inputs";

/**
 * The poolers of all regions, and what leads to them from outside. They look up passwords as a role that the writer has
 * to have first.
 */
export function createPoolers(
  parent: pulumi.Resource,
  plan: CnpgTopologyPlan,
  bases: Readonly<Record<string, RegionBase>>,
  inputs: InputsOf<TopologyInputs>,
  dependsOn: readonly pulumi.Resource[],
): CnpgPoolers | undefined {
  const created = plan.regions.flatMap((region) =>
    region.poolers.flatMap((pooler) => createPooler(plan, region, pooler, bases[region.region]!, dependsOn)),
  );
  if (created.length === 0) {
    return undefined;
  }
  const poolers = Object.fromEntries(
    plan.regions.map(({ region, poolers }) => [
      region,
      Object.fromEntries(poolers.map(({ name, wishes }) => [name, wishes.instances ?? 1])),
    ]),
  );
  return new CnpgPoolers(`${plan.name}-poolers`, { ...inputs, poolers }, { parent, dependsOn: created });
}

/**
 * The operator makes a pooler's Deployment anew as long as there is the pooler: one that waited for its Deployment to go
 * first would take minutes.
 */
const deletedAtOnce = { "pulumi.com/deletionPropagationPolicy": "background" };

function createPooler(
  plan: CnpgTopologyPlan,
  region: CnpgRegionPlan,
  pooler: PoolerPlan,
  { options, namespace, resources }: RegionBase,
  dependsOn: readonly pulumi.Resource[],
): pulumi.Resource[] {
  const { name, type, wishes } = pooler;
  const resourceName = `${plan.name}-${region.region}-pooler-${type}`;
  const own = new CustomResource(
    resourceName,
    {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Pooler",
      metadata: { name, namespace, annotations: deletedAtOnce },
      spec: poolerSpec(plan, region, pooler),
    },
    { ...options, dependsOn: [...resources, ...dependsOn] },
  );
  if (wishes.port === undefined) {
    return [own];
  }
  const outside = createExternalService(
    `${resourceName}-external`,
    {
      name: `${name}-external`,
      namespace,
      service: region.service,
      port: wishes.port,
      selector: { "cnpg.io/poolerName": name },
    },
    options,
  );
  return [own, outside];
}
