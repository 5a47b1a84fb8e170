import type { Resource } from "@pulumi/pulumi";
import { loginRoles } from "./login-roles";
import type { PostgresSecretsArgs } from "./secrets/args";
import { PostgresSecrets } from "./secrets/postgres-secrets";
import type { TopologyArgs } from "./topology";
import type { RegionPlan, TopologyPlan } from "./topology-plan";

/**
 * The certificates and passwords of a topology.
 *
 * @param holders The regions whose servers have a certificate of ours, with the names by which they are reached, and
 *   who logs in by one beside the readers.
 */
export function topologySecrets(
  parent: Resource,
  name: string,
  { owner }: TopologyPlan<RegionPlan>,
  { roles, secrets }: Pick<TopologyArgs<unknown>, "roles" | "secrets">,
  holders: Pick<PostgresSecretsArgs, "regions" | "clients">,
): PostgresSecrets {
  const passwords = Object.entries(loginRoles(roles)).map(
    ([role, { password }]) => [role, password === undefined ? {} : { password }] as const,
  );
  return new PostgresSecrets(
    `${name}-secrets`,
    {
      ...secrets,
      ...holders,
      roles: { [owner]: {}, ...Object.fromEntries(passwords) },
    },
    { parent },
  );
}
