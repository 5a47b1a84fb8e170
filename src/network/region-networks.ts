import type { Route } from "@pulumi/aws/ec2/route";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as pulumi from "@pulumi/pulumi";
import { knownRegions } from "../known-regions";
import { refuseIfAny } from "../rules";
import type { ExistingVpcArgs, RegionNetworksArgs } from "./args";
import type { Tier } from "./cidr-args";
import { createHub } from "./hub-resources";
import { createEndpoints } from "./endpoint-resources";
import { createFlowLogs } from "./flow-log-resources";
import { accountOf, type Account } from "../aws-policies";
import { createNat } from "./nat-resources";
import { createPeering } from "./peering-resources";
import { planNetworks, type NetworksPlan } from "./plan";
import type { RegionPlan, VpcPlan } from "./region-plan";
import type { RegionNetwork } from "./region-network";
import { networksFailures } from "./rules";
import type { Scope } from "./scope";
import { associatePrivate, createSubnets, type SubnetResources } from "./subnet-resources";
import { createVpc, type VpcResources } from "./vpc-resources";

/**
 * A network in every region: VPCs whose addresses never overlap, connected each with every other, with the regions that
 * may write, or through gateways that are there already. Or VPCs that are there already, connected the same.
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
      account: getCallerIdentityOutput({}, { parent: this }).arn.apply(accountOf),
    };
    const made = createVpcs(parts);
    const networks = Object.fromEntries(
      parts.plan.regions.map((region) => [region.region, networkOf(parts, region, made[region.region])]),
    );
    const routes = [...createPeerings(parts, networks), ...createHubs(parts, networks, made)];
    finishVpcs(parts, made, routes);

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

/** A VPC of ours, and what it is made by. */
interface Made {
  readonly plan: VpcPlan;
  readonly scope: Scope;
  readonly vpc: VpcResources;
  readonly subnets: SubnetResources;
  /** By the name of the table. */
  readonly natRoutes: Readonly<Record<string, Route>>;
}

/** A route from a region to other VPCs, by the name of its table. */
interface NamedRoute {
  readonly region: string;
  readonly table: string;
  readonly route: Route;
}

function createVpcs({ parent, plan: { regions }, tags }: Parts): Readonly<Record<string, Made>> {
  return Object.fromEntries(
    regions.flatMap(({ region, awsRegion, made: plan }) => {
      if (plan === undefined) {
        return [];
      }
      const scope = { prefix: plan.prefix, awsRegion, parent, tags };
      const vpc = createVpc(scope, plan.blocks.cidrBlock, plan.wishes.publicSubnets);
      const subnets = createSubnets(scope, vpc, plan);
      const natRoutes = createNat(scope, vpc, subnets, plan);
      return [[region, { plan, scope, vpc, subnets, natRoutes }]];
    }),
  );
}

/** Once there are all routes. */
function finishVpcs(
  { account }: Parts,
  made: Readonly<Record<string, Made>>,
  routes: readonly NamedRoute[],
): void {
  for (const [region, { plan, scope, vpc, subnets, natRoutes }] of Object.entries(made)) {
    const routesOf = (table: string) => [
      ...(natRoutes[table] === undefined ? [] : [natRoutes[table]]),
      ...routes.filter((each) => each.region === region && each.table === table).map(({ route }) => route),
    ];
    const associations = associatePrivate(scope, vpc, subnets, plan, routesOf);
    createEndpoints(scope, vpc, subnets, plan, associations);
    createFlowLogs(scope, vpc, plan, account);
  }
}

function networkOf({ plan }: Parts, region: RegionPlan, made: Made | undefined): RegionNetwork {
  const clients = plan.clients[region.region]!;
  return {
    awsRegion: region.awsRegion,
    cidrBlock: region.cidrBlock,
    clients,
    clientCidrBlocks: pulumi.output(Object.values(clients)),
    ...(made === undefined ? existingVpc(region.brought!) : madeVpc(made)),
  };
}

/** What differs between a VPC that is made and one that is brought. */
type VpcOutputs = Omit<RegionNetwork, "awsRegion" | "cidrBlock" | "clients" | "clientCidrBlocks">;

function madeVpc({ plan: { blocks }, vpc, subnets }: Made): VpcOutputs {
  const subnetIds = (tier: Tier) => pulumi.all(Object.values(subnets.subnets[tier]).map(({ id }) => id));
  return {
    vpcId: vpc.vpc.id,
    publicSubnetIds: subnetIds("public"),
    privateSubnetIds: subnetIds("private"),
    databaseSubnetIds: subnetIds("database"),
    privateZoneIds: pulumi.all(
      Object.values(subnets.subnets.private).map(({ availabilityZoneId }) => availabilityZoneId),
    ),
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

function createPeerings({ parent, plan, tags }: Parts, networks: Networks): NamedRoute[] {
  return plan.peerings.flatMap((peering) => {
    const requester = networks[peering.requester.name]!;
    const accepter = peering.peer ?? networks[peering.accepter.name]!;
    const routes = createPeering(parent, peering, { requester, accepter }, tags);
    return routes.map((route, index) => {
      const { from, table } = peering.routes[index]!;
      return { region: peering[from].name, table, route };
    });
  });
}

function createHubs(
  { parent, plan, tags }: Parts,
  networks: Networks,
  made: Readonly<Record<string, Made>>,
): NamedRoute[] {
  return plan.hubs.flatMap((hub) => {
    const { region, awsRegion } = hub.region;
    const scope = { prefix: hub.prefix, awsRegion, parent, tags };
    const ours = made[region];
    const attached = ours && {
      vpcId: ours.vpc.vpc.id,
      vpcArn: ours.vpc.vpc.arn,
      subnets: Object.values(ours.subnets.subnets.private),
    };
    const routes = createHub(scope, hub, networks[region]!.routeTableIds, attached);
    return routes.map((route, index) => ({ region, table: hub.tables[index]!, route }));
  });
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
