import {
  at,
  isRecord,
  mismatch,
  notList,
  notObject,
  notWholeNumber,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../rules";
import { anAwsRegion, isAwsRegion, notAwsRegion } from "../aws-region";
import { blockOf, contains, formatBlock, overlap, parseBlock, type Block } from "./cidr";
import { cidrDefaults, type CidrPlanArgs, type RegionBlocksArgs, type Tier } from "./cidr-args";
import {
  addressSpace,
  awsRegionOf,
  givenSpace,
  regionSpace,
  reservedIn,
  slotOf,
  slotSpace,
  subnetBlocks,
  type AddressSpace,
  type RegionSpace,
} from "./cidr-layout";
import { slotAdvice } from "./free-slot";
import { homeSlotOf, slotsOf } from "./home-slots";
import { isZoneId, zoneIdPrefix, zoneLetters, zonesOf } from "./zones";

/** A block that is there already, and that regions are connected with. */
export interface ExistingBlock {
  /** Whose it is, as a message says it: `the peer legacy`. */
  readonly owner: string;
  readonly cidrBlock: string;
  /** The names of the regions that are connected with it. */
  readonly regions: readonly string[];
}

/** All that `planCidrs` refuses, at once. */
export function cidrPlanFailures(args: CidrPlanArgs): Failure[] {
  const given: unknown = args;
  if (!isRecord(given)) {
    return [{ propertyPath: "args", reason: `must be an object of arguments, not ${shown(given)}` }];
  }
  const regions = isRecord(given["regions"]) ? given["regions"] : {};
  return [
    ...unknownProperties("", given, Object.keys(planProperties)),
    ...notObject("regions", given["regions"] ?? null, "regions, by name"),
    ...Object.entries(regions).flatMap(([name, region]) => {
      const path = at("regions", name);
      return isRecord(region)
        ? [
            ...unknownProperties(path, region, Object.keys(regionBlocksProperties)),
            ...regionBlocksFailures(region, name, path),
          ]
        : [...notObject(path, region ?? null)];
    }),
    ...spaceFailures(given),
    ...conflictFailures(given, regions, []),
  ];
}

// The compiler keeps these lists complete.
const planProperties: Record<keyof CidrPlanArgs, true> = {
  supernet: true,
  regionPrefixLength: true,
  reserved: true,
  regions: true,
};
export const regionBlocksProperties: Record<keyof RegionBlocksArgs, true> = {
  awsRegion: true,
  slot: true,
  cidrBlock: true,
  podCidrBlock: true,
  serviceCidrBlock: true,
  subnets: true,
  zones: true,
};
const tiers: Record<Tier, true> = { public: true, private: true, database: true };

/** Where VPCs, and the services of EKS, may lie as a matter of course. */
const privateSpace = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(blockOf);
/** What no VPC may have: this network, loopback, link-local, multicast and beyond. */
const impossibleSpace = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(blockOf);

/** What is wrong with what all regions share. */
export function* spaceFailures(args: Unknowns): Generator<Failure> {
  const { supernet, regionPrefixLength, reserved } = args;
  const prefix = isPrefix(regionPrefixLength) ? regionPrefixLength : cidrDefaults.regionPrefixLength;
  const isSupernet = (block: Block) =>
    block.prefix < prefix && privateSpace.some((space) => contains(space, block));
  yield* notBlock(
    "supernet",
    supernet,
    isSupernet,
    `in ${privateSpace.map(formatBlock).join(", ")}, with a prefix of ${prefix - 1} at most`,
  );
  yield* notWholeNumber("regionPrefixLength", regionPrefixLength, 16, 20);
  yield* notList("reserved", reserved, "CIDR blocks");
  for (const [index, block] of Array.isArray(reserved) ? reserved.entries() : []) {
    yield* notBlock(at("reserved", index), block ?? null, () => true, "such as 10.1.0.0/16");
  }
}

function isPrefix(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 16 && (value as number) <= 20;
}

/** What is wrong with a region by itself. */
export function* regionBlocksFailures(region: Unknowns, name: string, path: string): Generator<Failure> {
  const { slot, cidrBlock, podCidrBlock, serviceCidrBlock, subnets } = region;
  yield* awsRegionFailures(region, name, path);
  yield* notWholeNumber(at(path, "slot"), slot, 0);
  yield* notBlock(at(path, "cidrBlock"), cidrBlock, within(16, 23), "for a VPC: a prefix from 16 to 23");
  yield* notBlock(at(path, "podCidrBlock"), podCidrBlock, within(8, 28), "for pods: a prefix from 8 to 28");
  const isForServices = (block: Block) =>
    within(12, 24)(block) && privateSpace.some((space) => contains(space, block));
  yield* notBlock(
    at(path, "serviceCidrBlock"),
    serviceCidrBlock,
    isForServices,
    `for services: in ${privateSpace.map(formatBlock).join(", ")}, a prefix from 12 to 24`,
  );
  yield* zonesFailures(region, name, path);
  yield* subnetsFailures(at(path, "subnets"), subnets, region, name);
}

export function* awsRegionFailures(region: Unknowns, name: string, path: string): Generator<Failure> {
  const { awsRegion } = region;
  yield* notAwsRegion(at(path, "awsRegion"), awsRegion);
  if (awsRegion === undefined && !isAwsRegion(name)) {
    const reason = `is missing: must be ${anAwsRegion}, since ${shown(name)} is none`;
    yield { propertyPath: at(path, "awsRegion"), reason };
  }
}

function* zonesFailures(region: Unknowns, name: string, path: string): Generator<Failure> {
  const { zones } = region;
  const zonesPath = at(path, "zones");
  const awsRegion = region["awsRegion"] ?? name;
  yield* notList(zonesPath, zones, "zones' letters or ids");
  if (zones === undefined && typeof awsRegion === "string" && zonesOf(awsRegion) === undefined) {
    const reason = `is missing: accounts differ in the zones that ${awsRegion} has, so name those of yours`;
    yield { propertyPath: zonesPath, reason };
  }
  if (!Array.isArray(zones)) {
    return;
  }
  if (zones.length < 2) {
    const reason = `must be two zones or more, as a database's subnets take, not ${zones.length}`;
    yield { propertyPath: zonesPath, reason };
  }
  if (zones.some(isZoneId) && !zones.every(isZoneId)) {
    yield { propertyPath: zonesPath, reason: "must be letters, or ids, and not both" };
  }
  for (const [index, zone] of zones.entries()) {
    const isKnown = (value: unknown) => isZoneOf(awsRegion, value);
    const expected = `one of ${zoneLetters.join(", ")}, or the id of a zone such as use1-az1`;
    yield* mismatch(at(zonesPath, index), zone ?? null, isKnown, expected);
    if (zones.indexOf(zone) < index) {
      yield {
        propertyPath: at(zonesPath, index),
        reason: `must be listed once, but ${shown(zone)} already is`,
      };
    }
  }
}

/** The ids of the sovereign cloud in Europe are not known to follow the rule. */
function isZoneOf(awsRegion: unknown, zone: unknown): boolean {
  if (!isZoneId(zone)) {
    return zoneLetters.some((letter) => letter === zone);
  }
  return (
    !isAwsRegion(awsRegion) ||
    awsRegion.startsWith("eusc-") ||
    zone.startsWith(`${zoneIdPrefix(awsRegion)}-az`)
  );
}

function* subnetsFailures(
  path: string,
  subnets: unknown,
  region: Unknowns,
  name: string,
): Generator<Failure> {
  yield* notObject(path, subnets, "tiers");
  if (!isRecord(subnets)) {
    return;
  }
  yield* unknownProperties(path, subnets, Object.keys(tiers));
  for (const tier of Object.keys(tiers).filter((each) => subnets[each] !== undefined)) {
    const blocks = subnets[tier];
    yield* notObject(at(path, tier), blocks, "blocks, by zone");
    for (const [zone, block] of Object.entries(isRecord(blocks) ? blocks : {})) {
      const blockPath = at(at(path, tier), zone);
      yield* notBlock(blockPath, block ?? null, within(16, 28), "for a subnet: a prefix from 16 to 28");
      const zones = knownZones(region, name);
      if (zones !== undefined && !zones.includes(zone)) {
        yield { propertyPath: blockPath, reason: `is for no zone: must be one of ${zones.join(", ")}` };
      }
    }
  }
}

function knownZones({ zones, awsRegion }: Unknowns, name: string): readonly string[] | undefined {
  const given = Array.isArray(zones) ? (zones as string[]) : undefined;
  return zonesOf(typeof awsRegion === "string" ? awsRegion : name, given);
}

/** Refuses what is no block, or not one that is allowed. `undefined` passes. */
export function notBlock(
  path: string,
  value: unknown,
  test: (block: Block) => boolean,
  expected: string,
): Generator<Failure> {
  const isAllowed = (given: unknown) => {
    const block = typeof given === "string" ? parseBlock(given) : undefined;
    return block !== undefined && test(block) && !impossibleSpace.some((space) => overlap(space, block));
  };
  return mismatch(path, value, isAllowed, `a CIDR block ${expected}, without bits set behind it`);
}

export function within(least: number, most: number): (block: Block) => boolean {
  return ({ prefix }) => prefix >= least && prefix <= most;
}

/**
 * What regions cannot have beside each other, and beside what is there already. A region that is wrong by itself is
 * passed over: it is refused as it is.
 *
 * @param regions The regions that have blocks to be planned.
 */
export function* conflictFailures(
  args: Unknowns,
  regions: Unknowns,
  existing: readonly ExistingBlock[],
): Generator<Failure> {
  if ([...spaceFailures(args)].length > 0) {
    return;
  }
  const space = addressSpace(args);
  const sound = Object.keys(regions)
    .sort()
    .filter((name) => isRecord(regions[name]))
    .filter((name) => [...regionBlocksFailures(regions[name] as Unknowns, name, "")].length === 0)
    .map((name) => ({ name, region: regions[name] as RegionBlocksArgs }));
  for (const each of sound) {
    yield* slotFailures(space, each, sound);
  }
  const placed = sound.filter((each) => [...slotFailures(space, each, sound)].length === 0);
  for (const { name, region } of placed) {
    yield* layoutFailures(space, name, region);
  }
  const claims = placed.flatMap(({ name, region }) => claimsOf(space, name, region));
  yield* sharedSlots(space, claims, placed);
  for (const [index, claim] of claims.entries()) {
    yield* claimFailures(space, claim, claims.slice(0, index), existing, placed);
  }
}

/** A region that is sound by itself. */
interface SoundRegion {
  readonly name: string;
  readonly region: RegionBlocksArgs;
}

function* slotFailures(
  space: AddressSpace,
  { name, region }: SoundRegion,
  all: readonly SoundRegion[],
): Generator<Failure> {
  const path = at("regions", name);
  const last = space.capacity - 1;
  yield* notWholeNumber(at(path, "slot"), region.slot, 0, last);
  if (regionSpace(space, name, region) !== undefined) {
    return;
  }
  const awsRegion = awsRegionOf(name, region);
  const slots = slotsOf(awsRegion, space.capacity);
  const home = homeSlotOf(awsRegion);
  const reserved = slots.slice(0, 3).map((slot) => {
    const { vpc } = slotSpace(space, slot);
    return `${slot} (${formatBlock(vpc)}) meets ${formatBlock(reservedIn(space, slot, region)!)}, which is reserved`;
  });
  const why =
    home === undefined
      ? `${awsRegion} is none of the AWS regions that have one`
      : slots.length === 0
        ? `that of ${awsRegion} is ${home}, beyond the last of ${formatBlock(space.supernet)}`
        : `of those of ${awsRegion}, ${reserved.join("; ")}${slots.length > 3 ? "; and so on" : ""}`;
  yield { propertyPath: path, reason: `has no slot: ${why}: ${slotAdvice(space, name, region, all)}` };
}

/** Subnets lie in the VPC, beside each other. */
function* layoutFailures(space: AddressSpace, name: string, region: RegionBlocksArgs): Generator<Failure> {
  if (region.subnets === undefined) {
    return;
  }
  const { vpc } = regionSpace(space, name, region)!;
  const zones = zonesOf(awsRegionOf(name, region), region.zones)!;
  const path = at(at("regions", name), "subnets");
  const subnets = (Object.keys(tiers) as Tier[]).flatMap((tier) =>
    Object.entries(subnetBlocks(vpc, tier, zones, region.subnets)).map(([zone, block]) => ({
      what: `${tier} subnet ${zone}`,
      path: at(at(path, tier), zone),
      own: region.subnets?.[tier]?.[zone] !== undefined,
      block,
    })),
  );
  // What nobody gave lies as it should.
  for (const { path: propertyPath, block } of subnets.filter(({ own }) => own)) {
    if (!contains(vpc, block)) {
      const reason = `must lie in the VPC's block ${formatBlock(vpc)}, not ${shown(formatBlock(block))}`;
      yield { propertyPath, reason };
    }
    const index = subnets.findIndex((subnet) => subnet.path === propertyPath);
    const others = subnets.filter((other, place) => !other.own || place < index);
    for (const other of others.filter((each) => overlap(each.block, block))) {
      const reason = `${formatBlock(block)} overlaps ${formatBlock(other.block)}, the ${other.what}`;
      yield { propertyPath, reason };
    }
  }
}

/** A block that a region is to have. */
interface Claim {
  readonly region: string;
  /** The property that decides it. */
  readonly path: string;
  readonly what: string;
  readonly block: Block;
  /** The slot that it comes from, unless it is the user's own. */
  readonly slot: number | undefined;
}

const claimed: Record<keyof RegionSpace, readonly [string, keyof RegionBlocksArgs]> = {
  vpc: ["VPC", "cidrBlock"],
  pods: ["pods", "podCidrBlock"],
  services: ["services", "serviceCidrBlock"],
};

function claimsOf(space: AddressSpace, name: string, region: RegionBlocksArgs): Claim[] {
  const blocks = regionSpace(space, name, region)!;
  const slot = slotOf(space, name, region);
  const given = givenSpace(region);
  const path = at("regions", name);
  return (Object.keys(claimed) as (keyof RegionSpace)[]).map((part) => {
    const [what, property] = claimed[part];
    const own = given[part] !== undefined;
    const decisive = region.slot === undefined ? path : at(path, "slot");
    return {
      region: name,
      path: own ? at(path, property) : decisive,
      what,
      block: blocks[part],
      slot: own ? undefined : slot,
    };
  });
}

/** Once for two regions, whichever blocks they would have in common. */
function* sharedSlots(
  space: AddressSpace,
  claims: readonly Claim[],
  all: readonly SoundRegion[],
): Generator<Failure> {
  const owners = new Map<number, Claim>();
  const regionOf = (name: string) => all.find((each) => each.name === name)!.region;
  const refused = new Set<string>();
  for (const claim of claims.filter(({ slot }) => slot !== undefined)) {
    const owner = owners.get(claim.slot!) ?? claim;
    owners.set(claim.slot!, owner);
    if (owner.region !== claim.region && !refused.has(claim.region)) {
      refused.add(claim.region);
      const [one, other] = [owner, claim].map(({ what, block }) => `${formatBlock(block)} (${what})`);
      const reason = `takes slot ${claim.slot} with ${other}, as ${owner.region} does with ${one}: ${slotAdvice(space, claim.region, regionOf(claim.region), all)}`;
      yield { propertyPath: claim.path, reason };
    }
  }
}

function* claimFailures(
  space: AddressSpace,
  claim: Claim,
  others: readonly Claim[],
  existing: readonly ExistingBlock[],
  all: readonly SoundRegion[],
): Generator<Failure> {
  const { region, path: propertyPath, what, slot } = claim;
  const args = all.find(({ name }) => name === region)!.region;
  const connected = existing.filter(({ regions }) => regions.includes(region));
  const advice = () =>
    slotAdvice(
      space,
      region,
      args,
      all,
      connected.map(({ cidrBlock }) => blockOf(cidrBlock)),
    );
  const meets = (block: Block) => overlap(block, claim.block);
  const block = `${formatBlock(claim.block)} (${what})`;
  for (const other of others.filter(
    (each) => meets(each.block) && (slot === undefined || each.slot !== slot),
  )) {
    const reason = `${block} overlaps ${formatBlock(other.block)} (${other.what}) of ${other.region}`;
    yield { propertyPath, reason };
  }
  for (const reserved of space.reserved.filter(meets)) {
    const way = slot === undefined ? "" : `: ${advice()}`;
    yield { propertyPath, reason: `${block} overlaps ${formatBlock(reserved)}, which is reserved${way}` };
  }
  for (const { owner, cidrBlock } of connected.filter((each) => meets(blockOf(each.cidrBlock)))) {
    // What is reserved is avoided by a region that has been given no slot.
    const way = args.slot === undefined ? `list that in reserved, or ${advice()}` : advice();
    yield {
      propertyPath,
      reason: `${block} overlaps ${cidrBlock} of ${owner}${slot === undefined ? "" : `: ${way}`}`,
    };
  }
}
