import { Eip } from "@pulumi/aws/ec2/eip";
import { NatGateway } from "@pulumi/aws/ec2/natGateway";
import { Route } from "@pulumi/aws/ec2/route";
import type { VpcPlan } from "./region-plan";
import { tagged, type Scope } from "./scope";
import { everywhere, type SubnetResources } from "./subnet-resources";
import type { VpcResources } from "./vpc-resources";

/** The NAT gateways, and the private subnets' routes through their zone's, or else through the only one. */
export function createNat(
  scope: Scope,
  { internet }: VpcResources,
  { subnets, tables }: SubnetResources,
  { natZones, blocks }: VpcPlan,
): void {
  const { prefix, awsRegion, parent } = scope;
  const gateways = new Map(natZones.map((zone) => [zone, gateway(scope, zone, internet, subnets)]));
  const [only] = gateways.values();
  if (only === undefined) {
    return;
  }
  for (const zone of blocks.zones) {
    new Route(
      `${prefix}-private-${zone}-internet`,
      {
        routeTableId: tables[`private-${zone}`]!.id,
        destinationCidrBlock: everywhere,
        natGatewayId: (gateways.get(zone) ?? only).id,
        region: awsRegion,
      },
      { parent },
    );
  }
}

/** AWS lets go of a gateway to the Internet only after the public addresses behind it. */
function gateway(
  scope: Scope,
  zone: string,
  internet: VpcResources["internet"],
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
