import { ManagedPrefixList } from "@pulumi/aws/ec2/managedPrefixList";
import { Route } from "@pulumi/aws/ec2/route";
import { VpcAttachment as TransitGatewayAttachment } from "@pulumi/aws/ec2transitgateway/vpcAttachment";
import { VpcAttachment as CoreNetworkAttachment } from "@pulumi/aws/networkmanager/vpcAttachment";
import * as pulumi from "@pulumi/pulumi";
import type { HubPlan } from "./peering-plan";
import { tagged, type Scope } from "./scope";

/** What is attached to a gateway: a VPC of ours. */
export interface Attached {
  readonly vpcArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  /** One in each zone. */
  readonly subnets: readonly { readonly id: pulumi.Input<string>; readonly arn: pulumi.Input<string> }[];
}

/** A list counts in a route table as many routes as it may have entries, so it is as long as there may be other regions. */
const mostOtherRegions = 10;

/**
 * The attachment to a gateway, one list of the blocks that are reached through it, and a route to them from each table.
 *
 * @param attached nothing of a VPC that is there already: it is attached already
 * @returns the routes, in the order of the tables
 */
export function createHub(
  scope: Scope,
  { prefix, hub, tables, destinations }: HubPlan,
  routeTableIds: Readonly<Record<string, pulumi.Input<string>>>,
  attached: Attached | undefined,
): Route[] {
  const { awsRegion, parent } = scope;
  const name = `${prefix}-hub`;
  const list = new ManagedPrefixList(
    name,
    {
      name,
      addressFamily: "IPv4",
      maxEntries: mostOtherRegions,
      entries: Object.entries(destinations).map(([region, cidr]) => ({ cidr, description: region })),
      ...tagged(scope, "hub"),
    },
    { parent },
  );
  const dependsOn = attached === undefined ? [] : [attach(scope, name, hub, attached)];
  return tables.map(
    (table) =>
      new Route(
        `${name}-${table}`,
        {
          routeTableId: routeTableIds[table]!,
          destinationPrefixListId: list.id,
          ...hub,
          region: awsRegion,
        },
        { parent, dependsOn },
      ),
  );
}

function attach(
  scope: Scope,
  name: string,
  hub: HubPlan["hub"],
  { vpcId, vpcArn, subnets }: Attached,
): pulumi.Resource {
  const { parent } = scope;
  const { tags, region } = tagged(scope, "hub");
  return "transitGatewayId" in hub
    ? new TransitGatewayAttachment(
        name,
        {
          transitGatewayId: hub.transitGatewayId,
          vpcId,
          subnetIds: subnets.map(({ id }) => id),
          region,
          tags,
        },
        { parent },
      )
    : new CoreNetworkAttachment(
        name,
        {
          // arn:aws:networkmanager::123456789012:core-network/core-network-0123456789abcdef0
          coreNetworkId: pulumi.output(hub.coreNetworkArn).apply((arn) => arn.split("/").at(-1)!),
          vpcArn,
          subnetArns: subnets.map(({ arn }) => arn),
          // Cloud WAN has no regions.
          tags,
        },
        { parent },
      );
}
