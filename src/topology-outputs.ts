import * as pulumi from "@pulumi/pulumi";
import type { Connection, Endpoint } from "./endpoints";
import { loginRoles } from "./login-roles";
import { superuser } from "./roles";
import { secretUri } from "./secret-uri";
import type { Credential, Region, RoleArgs, Topology } from "./topology";
import type { RegionPlan, TopologyPlan } from "./topology-plan";

/** What every engine gives, once it knows where its regions answer. */
export type TopologyOutputs = Omit<Topology, "connectionStrings" | "caCertificate" | "handover">;

/**
 * @param endpoints Where each region answers, by its name.
 * @param passwords The roles' passwords, by role.
 * @param roles The further roles.
 * @param caFile A file with the authority's certificate, where clients are known to have one.
 */
export function topologyOutputs(
  plan: TopologyPlan<RegionPlan>,
  endpoints: Readonly<Record<string, pulumi.Output<Endpoint>>>,
  passwords: Readonly<Record<string, pulumi.Output<string>>>,
  roles?: Readonly<Record<string, RoleArgs>>,
  caFile?: string,
): TopologyOutputs {
  const { database, owner } = plan;
  const login = passwords[owner]!.apply((password) => ({ username: owner, password }));
  const uri = (regions: readonly RegionPlan[], target: Connection["target"]) =>
    secretUri(
      regions.map(({ region }) => endpoints[region]!),
      login,
      { database, target, ...(caFile === undefined ? {} : { caFile }) },
    );
  const reading = plan.readers.filter(({ activity }) => activity === "active");
  return {
    regions: mapRegions(plan.regions, ({ region, role }): Region => ({ role, endpoint: endpoints[region]! })),
    writerEndpoint: endpoints[plan.primary.region]!,
    readerEndpoints: mapRegions(reading, ({ region }) => endpoints[region]!),
    connectionUri: uri(plan.byPreference, "read-write"),
    readOnlyUris: mapRegions(plan.regions, (region) =>
      uri([region, ...plan.byPreference.filter((other) => other !== region)], "any"),
    ),
    credentials: pulumi
      .all(passwords)
      .apply((known) => credentialsOf(known, [superuser, owner, ...Object.keys(loginRoles(roles))])),
  };
}

/** Something for each region, by its name. */
export function mapRegions<R extends RegionPlan, T>(
  regions: readonly R[],
  map: (region: R) => T,
): Record<string, T> {
  return Object.fromEntries(regions.map((region) => [region.region, map(region)]));
}

function credentialsOf(
  passwords: Record<string, string>,
  roles: readonly string[],
): Record<string, Credential> {
  return Object.fromEntries(
    roles.map((username) => [username, { username, password: passwords[username]! }]),
  );
}
