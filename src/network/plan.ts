import { networkDefaults, type NetworkArgs, type RegionNetworkArgs, type RegionNetworksArgs } from "./args";
import { addressSpace, awsRegionOf } from "./cidr-layout";
import { regionBlocks } from "./cidr-plan";
import { planPeerings, type PeeringPlan } from "./peering-plan";
import type { RegionPlan } from "./region-plan";

export interface NetworksPlan {
  /** In the order of their names, so that their order is no input. */
  readonly regions: readonly RegionPlan[];
  readonly peerings: readonly PeeringPlan[];
  /** The blocks that reach a region, by the names of the regions and peers that they are of: its own first. */
  readonly clients: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What follows from valid arguments. */
export function planNetworks(name: string, args: RegionNetworksArgs): NetworksPlan {
  const space = addressSpace(args);
  const regions = Object.keys(args.regions)
    .sort()
    .map((region): RegionPlan => {
      const given = args.regions[region]!;
      const awsRegion = awsRegionOf(region, given);
      if (given.vpc !== undefined) {
        return { region, awsRegion, cidrBlock: given.vpc.cidrBlock, brought: given.vpc };
      }
      const blocks = regionBlocks(space, region, given);
      const wishes = wishesOf(given, args.defaults ?? {});
      const natZones = { none: [], one: blocks.zones.slice(0, 1), onePerZone: blocks.zones }[wishes.nat];
      const made = { prefix: `${name}-${region}`, blocks, wishes, natZones };
      return { region, awsRegion, cidrBlock: blocks.cidrBlock, made };
    });
  const peerings = planPeerings(name, regions, args);
  return {
    regions,
    peerings,
    clients: Object.fromEntries(
      regions.map(({ region, cidrBlock }) => [
        region,
        { [region]: cidrBlock, ...reaching(region, peerings) },
      ]),
    ),
  };
}

/** Regions before peers, as peerings are. */
function reaching(region: string, peerings: readonly PeeringPlan[]): Record<string, string> {
  return Object.fromEntries(
    peerings.flatMap(({ requester, accepter }) =>
      [[requester, accepter] as const, [accepter, requester] as const]
        .filter(([side]) => side.name === region)
        .map(([, other]) => [other.name, other.cidrBlock]),
    ),
  );
}

/** What is undefined leaves what all regions have. */
function wishesOf(region: RegionNetworkArgs, defaults: NetworkArgs): Required<NetworkArgs> {
  const wish = <Key extends keyof NetworkArgs>(key: Key) =>
    region[key] ?? defaults[key] ?? networkDefaults[key];
  return {
    nat: wish("nat"),
    endpoints: wish("endpoints"),
    flowLogs: wish("flowLogs"),
    flowLogRetentionDays: wish("flowLogRetentionDays"),
  };
}
