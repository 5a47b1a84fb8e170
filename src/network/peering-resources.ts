import { Route } from "@pulumi/aws/ec2/route";
import { VpcPeeringConnection } from "@pulumi/aws/ec2/vpcPeeringConnection";
import { VpcPeeringConnectionAccepter } from "@pulumi/aws/ec2/vpcPeeringConnectionAccepter";
import type * as pulumi from "@pulumi/pulumi";
import type { PeeringPlan } from "./peering-plan";

/** A VPC, as a connection needs it. */
export interface PeeringEnd {
  readonly vpcId: pulumi.Input<string>;
  /** By the names that the plan has for them. */
  readonly routeTableIds?: Readonly<Record<string, pulumi.Input<string>>>;
}

type Tags = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * The connection, asked for and accepted, and the routes on both sides, which are given.
 *
 * Its DNS options are left alone: they are for EC2's public host names, and those of databases resolve to private
 * addresses everywhere. (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-dns.html) Version 0.1.0 set them:
 * the provider forgets them, and changes nothing in AWS.
 */
export function createPeering(
  parent: pulumi.Resource,
  plan: PeeringPlan,
  ends: Record<"requester" | "accepter", PeeringEnd>,
  tags: Tags,
): Route[] {
  const provider = plan.peer?.provider;
  const options = {
    requester: { parent },
    accepter: { parent, ...(provider === undefined ? {} : { provider }) },
  };
  const connectionId = createConnection(plan, ends, options, tags);
  return plan.routes.map(
    ({ name, from, table, destination }) =>
      new Route(
        name,
        {
          routeTableId: ends[from].routeTableIds![table]!,
          destinationCidrBlock: destination,
          vpcPeeringConnectionId: connectionId,
          region: plan[from].awsRegion,
        },
        options[from],
      ),
  );
}

/** Whoever uses the id waits until the connection is accepted, where that is ours to do. */
function createConnection(
  { name, requester, accepter, peer, accepted }: PeeringPlan,
  ends: Record<"requester" | "accepter", PeeringEnd>,
  options: Record<"requester" | "accepter", pulumi.CustomResourceOptions>,
  tags: Tags,
): pulumi.Output<string> {
  const request = new VpcPeeringConnection(
    name,
    {
      vpcId: ends.requester.vpcId,
      peerVpcId: ends.accepter.vpcId,
      peerRegion: accepter.awsRegion,
      ...(peer?.accountId === undefined ? {} : { peerOwnerId: peer.accountId }),
      region: requester.awsRegion,
      tags: { ...tags, Name: name },
    },
    options.requester,
  );
  if (!accepted) {
    return request.id;
  }
  return new VpcPeeringConnectionAccepter(
    name,
    {
      vpcPeeringConnectionId: request.id,
      autoAccept: true,
      region: accepter.awsRegion,
      tags: { ...tags, Name: name },
    },
    options.accepter,
  ).id;
}
