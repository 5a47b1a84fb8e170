import type { RegionBlocksArgs } from "./cidr-args";
import { formatBlock, type Block } from "./cidr";
import { awsRegionOf, reservedIn, slotOf, type AddressSpace } from "./cidr-layout";
import { knownAwsRegions, slotsOf } from "./home-slots";

/**
 * Advice to give a region another slot: one that is free, or what to change where there is none.
 *
 * @param existing What is there already that the region is connected with.
 */
export function slotAdvice(
  space: AddressSpace,
  name: string,
  region: RegionBlocksArgs,
  others: readonly { readonly name: string; readonly region: RegionBlocksArgs }[],
  existing: readonly Block[] = [],
): string {
  const without = { ...space, reserved: [...space.reserved, ...existing] };
  const taken = new Set(
    others.filter((other) => other.name !== name).map((other) => slotOf(space, other.name, other.region)),
  );
  const free = Array.from({ length: space.capacity }, (_, slot) => slot).filter(
    (slot) => !taken.has(slot) && reservedIn(without, slot, region) === undefined,
  );
  // Of the slots that are no AWS region's own, so that none has to move that is added later.
  const own = new Set(
    knownAwsRegions
      .filter((each) => each !== awsRegionOf(name, region))
      .flatMap((each) => slotsOf(each, space.capacity)),
  );
  const best = free.find((slot) => !own.has(slot)) ?? free[0];
  if (best !== undefined) {
    return `give it a slot that is free, such as ${best}`;
  }
  // Another supernet would replace the VPCs that there are.
  const less = space.reserved.length > 0 ? `reserve less of ${formatBlock(space.supernet)}, or ` : "";
  const last = space.capacity - 1;
  return `no slot from 0 to ${last} is free: ${less}give it a cidrBlock, podCidrBlock and serviceCidrBlock of its own`;
}
