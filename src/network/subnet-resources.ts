import { MainRouteTableAssociation } from "@pulumi/aws/ec2/mainRouteTableAssociation";
import { Route } from "@pulumi/aws/ec2/route";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import type { Vpc } from "@pulumi/aws/ec2/vpc";
import type { Resource } from "@pulumi/pulumi";
import type { Tier } from "./cidr-args";
import type { VpcPlan } from "./region-plan";
import { tagged, type Scope } from "./scope";
import type { VpcResources } from "./vpc-resources";
import { isZoneKept } from "./zones";

export interface SubnetResources {
  /** By tier and by zone. */
  readonly subnets: Readonly<Record<Tier, Readonly<Record<string, Subnet>>>>;
  /** By name: `public`, `private-a`, `database`. */
  readonly tables: Readonly<Record<string, RouteTable>>;
}

/** Where controllers of Kubernetes look for subnets for their load balancers. */
const tagsOfTier: Record<Tier, Record<string, string>> = {
  public: { "kubernetes.io/role/elb": "1" },
  private: { "kubernetes.io/role/internal-elb": "1" },
  database: {},
};

/** The subnets and the route tables. Those of public subnets and databases are associated; see `associatePrivate`. */
export function createSubnets(scope: Scope, { vpc, internet }: VpcResources, plan: VpcPlan): SubnetResources {
  const { prefix, awsRegion, parent } = scope;
  const table = (suffix: string) =>
    new RouteTable(`${prefix}-${suffix}`, { vpcId: vpc.id, ...tagged(scope, suffix) }, { parent });
  const subnetsOf = (tier: Tier) => createTier(scope, vpc, tier, plan);
  const tablesOfPrivate = [...new Set(Object.values(plan.privateTables))];
  const tables = {
    ...(internet && { public: table("public") }),
    database: table("database"),
    ...Object.fromEntries(tablesOfPrivate.map((name) => [name, table(name)])),
  };
  const subnets = {
    public: internet ? subnetsOf("public") : {},
    private: subnetsOf("private"),
    database: subnetsOf("database"),
  };
  for (const tier of ["public", "database"] as const) {
    for (const [zone, { id: subnetId }] of Object.entries(subnets[tier])) {
      new RouteTableAssociation(
        `${prefix}-${tier}-${zone}`,
        { subnetId, routeTableId: tables[tier]!.id, region: awsRegion },
        { parent },
      );
    }
  }
  if (internet) {
    new Route(
      `${prefix}-internet`,
      {
        routeTableId: tables.public!.id,
        destinationCidrBlock: everywhere,
        gatewayId: internet.id,
        region: awsRegion,
      },
      { parent },
    );
  }
  return { subnets, tables };
}

function createTier(
  scope: Scope,
  vpc: Vpc,
  tier: Tier,
  { blocks, zoneInputs }: VpcPlan,
): Record<string, Subnet> {
  const { prefix, awsRegion, parent } = scope;
  const subnet = (zone: string) =>
    new Subnet(
      `${prefix}-${tier}-${zone}`,
      {
        vpcId: vpc.id,
        cidrBlock: blocks.subnets[tier][zone]!,
        ...zoneInputs[zone]!,
        mapPublicIpOnLaunch: false,
        ...tagged(scope, `${tier}-${zone}`, tagsOfTier[tier]),
      },
      {
        parent,
        ignoreChanges: isZoneKept(awsRegion, zone) ? ["availabilityZone", "availabilityZoneId"] : [],
      },
    );
  return Object.fromEntries(blocks.zones.map((zone) => [zone, subnet(zone)]));
}

/**
 * The private subnets' tables. The first zone's is the VPC's main table, which every subnet has that is associated with
 * no other: so its subnet needs no association, and those of the other zones keep their routes while they move.
 *
 * They move by another association, after the old one: the provider can change the table of one in place, but AWS gives
 * that another id, which Pulumi never learns. (https://github.com/hashicorp/terraform-provider-aws/issues/43844,
 * https://github.com/pulumi/pulumi/issues/3729)
 *
 * @param routesOf the routes of a table, by its name: they are there before a subnet moves to it
 * @returns what tells that every subnet has its table
 */
export function associatePrivate(
  { prefix, awsRegion, parent }: Scope,
  { vpc }: VpcResources,
  { subnets, tables }: SubnetResources,
  { blocks, privateTables }: VpcPlan,
  routesOf: (table: string) => readonly Route[],
): readonly Resource[] {
  const [first, ...others] = blocks.zones;
  const moved = { parent, replaceOnChanges: ["routeTableId"], deleteBeforeReplace: true };
  const tableOf = (zone: string) => ({
    routeTableId: tables[privateTables[zone]!]!.id,
    region: awsRegion,
  });
  const main = new MainRouteTableAssociation(
    `${prefix}-private`,
    { vpcId: vpc.id, ...tableOf(first!) },
    { ...moved, dependsOn: [...routesOf(privateTables[first!]!)] },
  );
  const associations = others.map(
    (zone) =>
      new RouteTableAssociation(
        `${prefix}-private-${zone}`,
        { subnetId: subnets.private[zone]!.id, ...tableOf(zone) },
        { ...moved, dependsOn: [main, ...routesOf(privateTables[zone]!)] },
      ),
  );
  return [main, ...associations];
}

export const everywhere = "0.0.0.0/0";
