import { Route } from "@pulumi/aws/ec2/route";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import type { Tier } from "./cidr-args";
import type { RegionBlocks } from "./cidr-plan";
import { tagged, type Scope } from "./scope";
import type { VpcResources } from "./vpc-resources";

export interface SubnetResources {
  /** By tier and by the letter of the zone. */
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

/** The subnets, and their route tables: one a zone for the private ones, so that each can have a NAT gateway. */
export function createSubnets(
  scope: Scope,
  { vpc, internet }: VpcResources,
  { zones, subnets: blocks }: RegionBlocks,
): SubnetResources {
  const { prefix, awsRegion, parent } = scope;
  const table = (suffix: string) =>
    new RouteTable(`${prefix}-${suffix}`, { vpcId: vpc.id, ...tagged(scope, suffix) }, { parent });
  const publicTable = table("public");
  const databaseTable = table("database");
  const privateTables = Object.fromEntries(zones.map((zone) => [zone, table(`private-${zone}`)]));
  const subnet = (tier: Tier, zone: string, routeTable: RouteTable) => {
    const created = new Subnet(
      `${prefix}-${tier}-${zone}`,
      {
        vpcId: vpc.id,
        cidrBlock: blocks[tier][zone]!,
        availabilityZone: `${awsRegion}${zone}`,
        mapPublicIpOnLaunch: false,
        ...tagged(scope, `${tier}-${zone}`, tagsOfTier[tier]),
      },
      { parent },
    );
    new RouteTableAssociation(
      `${prefix}-${tier}-${zone}`,
      { subnetId: created.id, routeTableId: routeTable.id, region: awsRegion },
      { parent },
    );
    return created;
  };
  const subnets = (tier: Tier, tableOf: (zone: string) => RouteTable) =>
    Object.fromEntries(zones.map((zone) => [zone, subnet(tier, zone, tableOf(zone))]));
  new Route(
    `${prefix}-internet`,
    {
      routeTableId: publicTable.id,
      destinationCidrBlock: everywhere,
      gatewayId: internet.id,
      region: awsRegion,
    },
    { parent },
  );
  return {
    subnets: {
      public: subnets("public", () => publicTable),
      private: subnets("private", (zone) => privateTables[zone]!),
      database: subnets("database", () => databaseTable),
    },
    tables: {
      public: publicTable,
      database: databaseTable,
      ...Object.fromEntries(zones.map((zone) => [`private-${zone}`, privateTables[zone]!])),
    },
  };
}

export const everywhere = "0.0.0.0/0";
