import * as fc from "fast-check";
import type { CidrPlanArgs, RegionBlocksArgs } from "../../../src/network/cidr-args";
import { knownAwsRegions } from "../../../src/network/home-slots";
import { zoneLetters } from "../../../src/network/zones";

const zonesOf = (most: number) =>
  fc.uniqueArray(fc.constantFrom(...zoneLetters), { minLength: 2, maxLength: most });

export const zones = zonesOf(zoneLetters.length);

/** Supernets with the prefix of their slots, of 8 slots to 2048. */
const spaces = fc.constantFrom(
  { supernet: "10.0.0.0/8", regionPrefixLength: 16 },
  { supernet: "10.0.0.0/8", regionPrefixLength: 20 },
  { supernet: "10.128.0.0/9", regionPrefixLength: 17 },
  { supernet: "172.16.0.0/12", regionPrefixLength: 16 },
  { supernet: "172.16.0.0/12", regionPrefixLength: 19 },
  { supernet: "192.168.0.0/16", regionPrefixLength: 20 },
);

export function capacityOf({
  supernet,
  regionPrefixLength,
}: {
  supernet: string;
  regionPrefixLength: number;
}) {
  return 2 ** (regionPrefixLength - Number(supernet.split("/")[1]) - 1);
}

/** Regions with slots of their own, in any order. */
const slottedPlansOf = (
  most: number,
  lists = zones,
): fc.Arbitrary<Required<Omit<CidrPlanArgs, "reserved">>> =>
  spaces.chain((space) =>
    fc
      .tuple(
        fc.uniqueArray(fc.nat(capacityOf(space) - 1), { minLength: 1, maxLength: most }),
        fc.array(fc.record({ awsRegion: fc.constantFrom(...knownAwsRegions), zones: lists }), {
          minLength: most,
          maxLength: most,
        }),
      )
      .map(([slots, regions]) => ({
        ...space,
        regions: Object.fromEntries(slots.map((slot, index) => [`r${index}`, { ...regions[index]!, slot }])),
      })),
  );

/** Different AWS regions without slots, at the sizes where all have a home; some blocks are in use elsewhere. */
const homePlansOf = (most: number, lists = zones): fc.Arbitrary<CidrPlanArgs> =>
  fc
    .record({
      regionPrefixLength: fc.constantFrom(16, 17, 18, 19, 20),
      names: fc.shuffledSubarray([...knownAwsRegions], { minLength: 1, maxLength: most }),
      zones: fc.array(lists, { minLength: most, maxLength: most }),
      reserved: fc.array(
        fc.nat(63).map((slot) => `10.${slot}.0.0/16`),
        { maxLength: 5 },
      ),
    })
    .map(({ names, zones: letters, ...space }) => ({
      ...space,
      regions: Object.fromEntries(
        names.map((name, index): [string, RegionBlocksArgs] => [name, { zones: letters[index]! }]),
      ),
    }));

export const slottedPlans = slottedPlansOf(11);
export const homePlans = homePlansOf(11);
export const plans: fc.Arbitrary<CidrPlanArgs> = fc.oneof<fc.Arbitrary<CidrPlanArgs>[]>(
  slottedPlans,
  homePlans,
);

/** Plans that take little time each. */
export const smallPlans = fc.oneof<fc.Arbitrary<CidrPlanArgs>[]>(
  slottedPlansOf(3, zonesOf(3)),
  homePlansOf(3, zonesOf(3)),
);
