import { cidrDefaults, type CidrPlanArgs, type RegionBlocksArgs, type Tier } from "./cidr-args";
import { blockOf, nthBlock, overlap, type Block } from "./cidr";
import { slotsOf } from "./home-slots";
import { placeOf } from "./zones";

// Where every block lies. Frozen: whatever changes here would replace VPCs and subnets.

/** The supernet, as it is divided among regions. */
export interface AddressSpace {
  readonly supernet: Block;
  readonly slotPrefix: number;
  /** How many slots there are. */
  readonly capacity: number;
  readonly reserved: readonly Block[];
}

/** What a region has beside its subnets. */
export interface RegionSpace {
  readonly vpc: Block;
  readonly pods: Block;
  readonly services: Block;
}

export function addressSpace(args: Omit<CidrPlanArgs, "regions">): AddressSpace {
  const supernet = blockOf(args.supernet ?? cidrDefaults.supernet);
  const slotPrefix = args.regionPrefixLength ?? cidrDefaults.regionPrefixLength;
  return {
    supernet,
    slotPrefix,
    capacity: 2 ** (slotPrefix - supernet.prefix - 1),
    reserved: (args.reserved ?? []).map(blockOf),
  };
}

/** The VPC is in the lower half of the supernet; pods, and services behind them, are at the same place of the upper. */
export function slotSpace({ supernet, slotPrefix, capacity }: AddressSpace, slot: number): RegionSpace {
  const upper = nthBlock(supernet, slotPrefix, capacity + slot);
  return {
    vpc: nthBlock(supernet, slotPrefix, slot),
    pods: nthBlock(upper, slotPrefix + 1, 0),
    services: nthBlock(upper, slotPrefix + 4, 8),
  };
}

/** The blocks that a region has whatever its slot. */
export function givenSpace(region: RegionBlocksArgs): Partial<RegionSpace> {
  return {
    ...(region.cidrBlock === undefined ? {} : { vpc: blockOf(region.cidrBlock) }),
    ...(region.podCidrBlock === undefined ? {} : { pods: blockOf(region.podCidrBlock) }),
    ...(region.serviceCidrBlock === undefined ? {} : { services: blockOf(region.serviceCidrBlock) }),
  };
}

/**
 * A region's slot: the one given, or that of the block given, or the first of its AWS region's own that is not reserved.
 * No other region is looked at.
 */
export function slotOf(space: AddressSpace, name: string, region: RegionBlocksArgs): number | undefined {
  return (
    region.slot ??
    slotAt(space, region.cidrBlock) ??
    slotsOf(awsRegionOf(name, region), space.capacity).find(
      (slot) => reservedIn(space, slot, region) === undefined,
    )
  );
}

/** What is reserved of what a region would take from a slot. */
export function reservedIn(space: AddressSpace, slot: number, region: RegionBlocksArgs): Block | undefined {
  const { vpc, pods, services } = givenSpace(region);
  const all = slotSpace(space, slot);
  const taken = [vpc ? [] : all.vpc, pods ? [] : all.pods, services ? [] : all.services].flat();
  return space.reserved.find((reserved) => taken.some((block) => overlap(block, reserved)));
}

function slotAt({ supernet, slotPrefix, capacity }: AddressSpace, cidrBlock?: string): number | undefined {
  if (cidrBlock === undefined) {
    return undefined;
  }
  const { start, prefix } = blockOf(cidrBlock);
  const slot = (start - supernet.start) / 2 ** (32 - slotPrefix);
  return prefix === slotPrefix && slot >= 0 && slot < capacity ? slot : undefined;
}

/** All blocks of a region beside its subnets, or undefined where it has no slot and needs one. */
export function regionSpace(
  space: AddressSpace,
  name: string,
  region: RegionBlocksArgs,
): RegionSpace | undefined {
  const slot = slotOf(space, name, region);
  const { vpc, pods, services } = {
    ...(slot === undefined ? {} : slotSpace(space, slot)),
    ...givenSpace(region),
  };
  return vpc && pods && services && { vpc, pods, services };
}

/** Thirty-seconds of a VPC: where each tier begins. There is room for a zone of every letter. */
const firstSubnets: Record<Tier, number> = { public: 0, database: 8, private: 16 };

/** By zone. */
export function subnetBlocks(
  vpc: Block,
  tier: Tier,
  zones: readonly string[],
  given: RegionBlocksArgs["subnets"],
): Record<string, Block> {
  const own = given?.[tier] ?? {};
  return Object.fromEntries(
    zones.map((zone) => {
      const place = firstSubnets[tier] + placeOf(zone);
      return [zone, Object.hasOwn(own, zone) ? blockOf(own[zone]!) : nthBlock(vpc, vpc.prefix + 5, place)];
    }),
  );
}

export function awsRegionOf(name: string, { awsRegion }: RegionBlocksArgs): string {
  return awsRegion ?? name;
}
