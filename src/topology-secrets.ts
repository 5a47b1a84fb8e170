import type { Resource } from "@pulumi/pulumi";
import { PostgresSecrets } from "./secrets/postgres-secrets";
import type { TopologyArgs } from "./topology";
import { mapRegions } from "./topology-outputs";
import type { RegionPlan, TopologyPlan } from "./topology-plan";

/**
 * The certificates and passwords of a topology.
 *
 * @param namesOf The names by which a region's server is reached.
 */
export function topologySecrets<R extends RegionPlan>(
  parent: Resource,
  name: string,
  { regions, owner }: TopologyPlan<R>,
  { roles = {}, secrets }: Pick<TopologyArgs<unknown>, "roles" | "secrets">,
  namesOf: (region: R) => string[],
): PostgresSecrets {
  const passwords = Object.entries(roles).map(
    ([role, { password }]) => [role, password === undefined ? {} : { password }] as const,
  );
  return new PostgresSecrets(
    `${name}-secrets`,
    {
      ...secrets,
      regions: mapRegions(regions, (region) => ({ names: namesOf(region) })),
      roles: { [owner]: {}, ...Object.fromEntries(passwords) },
    },
    { parent },
  );
}
