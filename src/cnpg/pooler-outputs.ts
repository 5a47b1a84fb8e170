import type * as pulumi from "@pulumi/pulumi";
import type { Endpoint } from "../endpoints";
import { secretUri } from "../secret-uri";
import type { Credential, PoolerEndpoints } from "../topology";
import type { CnpgRegionPlan, CnpgTopologyPlan, PoolerPlan } from "./plan";

/**
 * Where the poolers of a region answer, if it has some: clients outside where they have a port, else those inside.
 *
 * @param ready What resolves once they answer.
 */
export function poolerEndpoints(
  { namespace }: CnpgTopologyPlan,
  { host, poolers }: CnpgRegionPlan,
  ready: pulumi.Output<unknown> | undefined,
): PoolerEndpoints | undefined {
  if (ready === undefined || poolers.length === 0) {
    return undefined;
  }
  const endpointOf = ({ name, wishes }: PoolerPlan): Endpoint =>
    wishes.port === undefined
      ? { host: `${name}.${namespace}.svc`, port: 5432 }
      : { host, port: wishes.port };
  return Object.fromEntries(poolers.map((pooler) => [pooler.kind, ready.apply(() => endpointOf(pooler))]));
}

/** The connection string through the poolers that clients outside reach, the writer's region first. */
export function pooledUri(
  { byPreference, database }: CnpgTopologyPlan,
  endpoints: Readonly<Record<string, PoolerEndpoints | undefined>>,
  login: pulumi.Input<Credential>,
): pulumi.Output<string> | undefined {
  const outside = byPreference.filter(({ poolers }) =>
    poolers.some(({ kind, wishes }) => kind === "readWrite" && wishes.port !== undefined),
  );
  const servers = outside.map(({ region }) => endpoints[region]!.readWrite!);
  return servers.length === 0 ? undefined : secretUri(servers, login, { database, target: "read-write" });
}
