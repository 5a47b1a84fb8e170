import { refuseIfAny } from "../rules";
import type { CidrPlanArgs, RegionBlocksArgs, Tier } from "./cidr-args";
import { formatBlock, type Block } from "./cidr";
import {
  addressSpace,
  awsRegionOf,
  regionSpace,
  subnetBlocks,
  type AddressSpace,
  type RegionSpace,
} from "./cidr-layout";
import { cidrPlanFailures } from "./cidr-rules";
import { zonesOf } from "./zones";

/** Every block of a region. */
export interface RegionBlocks {
  readonly awsRegion: string;
  /** The VPC's block. */
  readonly cidrBlock: string;
  readonly podCidrBlock: string;
  readonly serviceCidrBlock: string;
  /** The letters of the zones, or their ids, sorted. */
  readonly zones: readonly string[];
  /** By tier and by zone. */
  readonly subnets: Readonly<Record<Tier, Readonly<Record<string, string>>>>;
}

/**
 * The blocks of every region, by its name: aligned, none over another, and all that is not given inside the supernet.
 * Each follows from the region alone, so that no region that comes, goes or changes ever touches another's.
 *
 * Refuses, with every failure at once, what leaves any region without its blocks: there is no plan of a part.
 */
export function planCidrs(args: CidrPlanArgs): Readonly<Record<string, RegionBlocks>> {
  refuseIfAny("CIDR plan", cidrPlanFailures(args));
  const space = addressSpace(args);
  return Object.fromEntries(
    Object.keys(args.regions)
      .sort()
      .map((name) => [name, regionBlocks(space, name, args.regions[name]!)]),
  );
}

/** Of a region that is not refused. */
export function regionBlocks(space: AddressSpace, name: string, region: RegionBlocksArgs): RegionBlocks {
  const { vpc, pods, services } = regionSpace(space, name, region) as RegionSpace;
  const awsRegion = awsRegionOf(name, region);
  const zones = zonesOf(awsRegion, region.zones)!;
  const subnets = (tier: Tier) => formatted(subnetBlocks(vpc, tier, zones, region.subnets));
  return {
    awsRegion,
    cidrBlock: formatBlock(vpc),
    podCidrBlock: formatBlock(pods),
    serviceCidrBlock: formatBlock(services),
    zones,
    subnets: { public: subnets("public"), private: subnets("private"), database: subnets("database") },
  };
}

function formatted(blocks: Record<string, Block>): Record<string, string> {
  return Object.fromEntries(Object.entries(blocks).map(([zone, block]) => [zone, formatBlock(block)]));
}
