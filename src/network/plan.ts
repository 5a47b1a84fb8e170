import { networkDefaults, type NetworkArgs, type RegionNetworkArgs, type RegionNetworksArgs } from "./args";
import { addressSpace, awsRegionOf } from "./cidr-layout";
import { regionBlocks } from "./cidr-plan";
import { connectedPairs, planHubs, planPeerings, type HubPlan, type PeeringPlan } from "./peering-plan";
import type { RegionPlan } from "./region-plan";
import { zoneInput } from "./zones";

export interface NetworksPlan {
  /** In the order of their names, so that their order is no input. */
  readonly regions: readonly RegionPlan[];
  readonly peerings: readonly PeeringPlan[];
  readonly hubs: readonly HubPlan[];
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
      const hub = given.hub === undefined ? {} : { hub: given.hub };
      if (given.vpc !== undefined) {
        return { region, awsRegion, cidrBlock: given.vpc.cidrBlock, brought: given.vpc, ...hub };
      }
      const blocks = regionBlocks(space, region, given);
      const wishes = wishesOf(given, args.defaults ?? {});
      const natZones = { none: [], one: blocks.zones.slice(0, 1), onePerZone: blocks.zones }[wishes.nat];
      const privateTables = Object.fromEntries(
        blocks.zones.map((zone) => [
          zone,
          `private-${wishes.nat === "onePerZone" ? zone : blocks.zones[0]!}`,
        ]),
      );
      const zoneInputs = Object.fromEntries(
        blocks.zones.map((zone) => [zone, zoneInput(awsRegion, zone, given.zones === undefined)]),
      );
      const made = { prefix: `${name}-${region}`, blocks, wishes, zoneInputs, natZones, privateTables };
      return { region, awsRegion, cidrBlock: blocks.cidrBlock, made, ...hub };
    });
  const pairs = connectedPairs(regions, args);
  const peerings = planPeerings(name, regions, pairs, args);
  const hubs = planHubs(name, pairs, args);
  return {
    regions,
    peerings,
    hubs,
    clients: Object.fromEntries(
      regions.map(({ region, cidrBlock }) => [
        region,
        { [region]: cidrBlock, ...reaching(region, regions, peerings, hubs) },
      ]),
    ),
  };
}

/** Regions before peers, each in the order of their names. */
function reaching(
  region: string,
  regions: readonly RegionPlan[],
  peerings: readonly PeeringPlan[],
  hubs: readonly HubPlan[],
): Record<string, string> {
  const sides = peerings.flatMap(({ requester, accepter }) =>
    requester.name === region ? [accepter] : accepter.name === region ? [requester] : [],
  );
  const throughHub = hubs.find((hub) => hub.region.region === region)?.destinations ?? {};
  const all = { ...Object.fromEntries(sides.map((side) => [side.name, side.cidrBlock])), ...throughHub };
  const ofRegions = regions.map((each) => each.region).filter((name) => name in all);
  return Object.fromEntries([...ofRegions, ...Object.keys(all)].map((name) => [name, all[name]!]));
}

/** What is undefined leaves what all regions have. */
function wishesOf(region: RegionNetworkArgs, defaults: NetworkArgs): Required<NetworkArgs> {
  const wish = <Key extends keyof NetworkArgs>(key: Key) =>
    region[key] ?? defaults[key] ?? networkDefaults[key];
  return {
    nat: wish("nat"),
    publicSubnets: wish("publicSubnets"),
    endpoints: wish("endpoints"),
    flowLogs: wish("flowLogs"),
    flowLogRetentionDays: wish("flowLogRetentionDays"),
  };
}
