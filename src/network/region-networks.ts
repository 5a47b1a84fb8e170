import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as pulumi from "@pulumi/pulumi";
import { knownRegions } from "../known-regions";
import { refuseIfAny } from "../rules";
import type { ExistingVpcArgs, RegionNetworksArgs } from "./args";
import type { Tier } from "./cidr-args";
import { createEndpoints } from "./endpoint-resources";
import { createFlowLogs } from "./flow-log-resources";
import type { Account } from "./log-policies";
import { createNat } from "./nat-resources";
import { createPeering } from "./peering-resources";
import { planNetworks, type NetworksPlan } from "./plan";
import type { RegionPlan, VpcPlan } from "./region-plan";
import type { RegionNetwork } from "./region-network";
import { networksFailures } from "./rules";
import { createSubnets } from "./subnet-resources";
import { createVpc } from "./vpc-resources";

/**
 * A network in every region: VPCs whose addresses never overlap, connected each with every other. Or VPCs that are
 * there already, connected the same.
 *
 * A region that comes or goes changes no other's VPC: only connections with it come and go. Bad input is refused before
 * anything is created, with one error that lists every failure.
 *
 * VPCs, subnets, routes and connections cost nothing by themselves. NAT gateways, interface endpoints, the flow logs
 * and their key do, and so does traffic between zones and regions.
 *
 * @example
 * ```ts
 * const networks = new RegionNetworks("net", { regions: { "us-east-1": {}, "eu-west-1": {} } });
 * export const vpcId = networks.regions["us-east-1"].vpcId;
 * ```
 */
export class RegionNetworks<Name extends string = string> extends pulumi.ComponentResource {
  /** The network of every region, by the region's name. */
  readonly regions: Readonly<Record<Name, RegionNetwork>>;

  constructor(name: string, args: RegionNetworksArgs<Name>, options?: pulumi.ComponentResourceOptions) {
    refuseIfAny(`RegionNetworks "${name}"`, networksFailures(args));
    super("multi-region-postgres:index:RegionNetworks", name, {}, options);
    const parts = {
      parent: this,
      plan: planNetworks(name, args),
      tags: args.tags ?? {},
      account: getCallerIdentityOutput({}, { parent: this }),
    };
    const networks = Object.fromEntries(
      parts.plan.regions.map((region) => [region.region, createNetwork(parts, region)]),
    );
    createPeerings(parts, networks);

    this.regions = knownRegions(`RegionNetworks "${name}"`, networks);
    this.registerOutputs({
      vpcIds: mapValues(networks, ({ vpcId }) => vpcId),
    });
  }
}

type Networks = Readonly<Record<string, RegionNetwork>>;

/** What all regions share. */
interface Parts {
  readonly parent: pulumi.Resource;
  readonly plan: NetworksPlan;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  readonly account: pulumi.Output<Account>;
}

function createNetwork(parts: Parts, region: RegionPlan): RegionNetwork {
  const clients = parts.plan.clients[region.region]!;
  return {
    awsRegion: region.awsRegion,
    cidrBlock: region.cidrBlock,
    clients,
    clientCidrBlocks: pulumi.output(Object.values(clients)),
    ...(region.made === undefined ? existingVpc(region.brought!) : createMade(parts, region, region.made)),
  };
}

/** What differs between a VPC that is made and one that is brought. */
type VpcOutputs = Omit<RegionNetwork, "awsRegion" | "cidrBlock" | "clients" | "clientCidrBlocks">;

function createMade({ parent, tags, account }: Parts, { awsRegion }: RegionPlan, plan: VpcPlan): VpcOutputs {
  const { prefix, blocks } = plan;
  const scope = { prefix, awsRegion, parent, tags };
  const vpc = createVpc(scope, blocks.cidrBlock);
  const subnets = createSubnets(scope, vpc, blocks);
  createNat(scope, vpc, subnets, plan);
  createEndpoints(scope, vpc, subnets, plan);
  createFlowLogs(scope, vpc, plan, account);
  const subnetIds = (tier: Tier) => pulumi.all(blocks.zones.map((zone) => subnets.subnets[tier][zone]!.id));
  return {
    vpcId: vpc.vpc.id,
    publicSubnetIds: subnetIds("public"),
    privateSubnetIds: subnetIds("private"),
    databaseSubnetIds: subnetIds("database"),
    routeTableIds: mapValues(subnets.tables, ({ id }) => id),
    podCidrBlock: blocks.podCidrBlock,
    serviceCidrBlock: blocks.serviceCidrBlock,
  };
}

function existingVpc(vpc: ExistingVpcArgs): VpcOutputs {
  return {
    vpcId: pulumi.output(vpc.vpcId),
    publicSubnetIds: pulumi.output(vpc.publicSubnetIds ?? []),
    privateSubnetIds: pulumi.output(vpc.privateSubnetIds ?? []),
    databaseSubnetIds: pulumi.output(vpc.databaseSubnetIds),
    routeTableIds: mapValues(vpc.routeTableIds ?? {}, (id) => pulumi.output(id)),
  };
}

function createPeerings({ parent, plan, tags }: Parts, networks: Networks): void {
  for (const peering of plan.peerings) {
    const requester = networks[peering.requester.name]!;
    const accepter = peering.peer ?? networks[peering.accepter.name]!;
    createPeering(parent, peering, { requester, accepter }, tags);
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
