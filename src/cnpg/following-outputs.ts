import * as pulumi from "@pulumi/pulumi";
import type { Connection, Endpoint } from "../endpoints";
import { secretUri } from "../secret-uri";
import type { Credential } from "../topology";
import { mapRegions, type TopologyOutputs } from "../topology-outputs";
import type { ExternalWriterArgs, LoginArgs } from "./external-writer";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "./plan";

/**
 * What a topology gives while all of its regions follow a writer outside.
 *
 * @param endpoints Where each region answers, by its name.
 */
export function followingOutputs(
  plan: CnpgTopologyPlan,
  endpoints: Readonly<Record<string, pulumi.Output<Endpoint>>>,
  { superuser, authenticator, sslMode }: ExternalWriterArgs,
): TopologyOutputs {
  const outside = pulumi.output(plan.externalWriter!);
  const login = credential(authenticator);
  const uri = (servers: readonly pulumi.Output<Endpoint>[], target: Connection["target"]) =>
    secretUri(servers, login, {
      database: plan.database,
      target,
      ...(sslMode === "verify-ca" ? { sslMode } : {}),
    });
  const at = (regions: readonly CnpgRegionPlan[]) => regions.map(({ region }) => endpoints[region]!);
  const active = plan.regions.filter(({ activity }) => activity === "active");
  return {
    regions: mapRegions(plan.regions, ({ region, role }) => ({ role, endpoint: endpoints[region]! })),
    writerEndpoint: outside,
    readerEndpoints: mapRegions(active, ({ region }) => endpoints[region]!),
    connectionUri: uri([outside, ...at(plan.byPreference)], "read-write"),
    readOnlyUris: mapRegions(plan.regions, (region) => {
      const others = plan.byPreference.filter((other) => other.region !== region.region);
      return uri([...at([region, ...others]), outside], "any");
    }),
    credentials: pulumi.secret(
      pulumi
        .all([credential(superuser), login])
        .apply((known) => Object.fromEntries(known.map((each) => [each.username, each]))),
    ),
  };
}

function credential({ username, password }: LoginArgs): pulumi.Output<Credential> {
  return pulumi.output({ username, password });
}
