import { Eip } from "@pulumi/aws/ec2/eip";
import { NatGateway } from "@pulumi/aws/ec2/natGateway";
import { Route } from "@pulumi/aws/ec2/route";
import type { VpcPlan } from "./region-plan";
import { tagged, type Scope } from "./scope";
import { everywhere, type SubnetResources } from "./subnet-resources";
import type { VpcResources } from "./vpc-resources";

/** The NAT gateways, and the route of each private table through its zone's, or else through the only one. */
export function createNat(
  scope: Scope,
  { internet }: VpcResources,
  { subnets, tables }: SubnetResources,
  { natZones, privateTables }: VpcPlan,
): Readonly<Record<string, Route>> {
  const { prefix, awsRegion, parent } = scope;
  // The first zone has one, if any has: the route of a table that zones share is through it.
  const gateways = natZones.map((zone) => [zone, gateway(scope, zone, internet!, subnets)] as const);
  return Object.fromEntries(
    gateways.map(([zone, { id: natGatewayId }]) => {
      const table = privateTables[zone]!;
      const route = new Route(
        `${prefix}-${table}-internet`,
        {
          routeTableId: tables[table]!.id,
          destinationCidrBlock: everywhere,
          natGatewayId,
          region: awsRegion,
        },
        { parent },
      );
      return [table, route];
    }),
  );
}

/** AWS lets go of a gateway to the Internet only after the public addresses behind it. */
function gateway(
  scope: Scope,
  zone: string,
  internet: NonNullable<VpcResources["internet"]>,
  subnets: SubnetResources["subnets"],
): NatGateway {
  const options = { parent: scope.parent, dependsOn: [internet] };
  const name = `${scope.prefix}-nat-${zone}`;
  const address = new Eip(name, { domain: "vpc", ...tagged(scope, `nat-${zone}`) }, options);
  return new NatGateway(
    name,
    { allocationId: address.id, subnetId: subnets.public[zone]!.id, ...tagged(scope, `nat-${zone}`) },
    options,
  );
}
