/**
 * The number of each AWS region's first slot. Frozen: a number that changes would replace VPCs. What AWS opens later is
 * appended with the next number, up to `homeSlotCount`.
 */
const homeSlots: Readonly<Record<string, number>> = {
  "us-east-1": 0,
  "eu-west-1": 1,
  "us-west-2": 2,
  "eu-central-1": 3,
  "ap-southeast-1": 4,
  "ap-northeast-1": 5,
  "us-east-2": 6,
  "eu-west-2": 7,
  "ap-southeast-2": 8,
  "ap-south-1": 9,
  "eu-west-3": 10,
  "eu-north-1": 11,
  "ca-central-1": 12,
  "sa-east-1": 13,
  "ap-northeast-2": 14,
  "us-west-1": 15,
  "eu-south-1": 16,
  "ap-east-1": 17,
  "me-south-1": 18,
  "af-south-1": 19,
  "ap-northeast-3": 20,
  "eu-central-2": 21,
  "eu-south-2": 22,
  "ap-south-2": 23,
  "ap-southeast-3": 24,
  "ap-southeast-4": 25,
  "me-central-1": 26,
  "il-central-1": 27,
  "ca-west-1": 28,
  "ap-southeast-5": 29,
  "ap-southeast-7": 30,
  "mx-central-1": 31,
  "ap-east-2": 32,
  "ap-southeast-6": 33,
  "us-gov-east-1": 34,
  "us-gov-west-1": 35,
  "cn-north-1": 36,
  "cn-northwest-1": 37,
  "eusc-de-east-1": 38,
};

/** The distance between two slots of one AWS region: so no two AWS regions ever have a slot in common. */
const homeSlotCount = 64;

/** The number of an AWS region's first slot, or undefined where it is none of those known. */
export function homeSlotOf(awsRegion: string): number | undefined {
  return Object.hasOwn(homeSlots, awsRegion) ? homeSlots[awsRegion] : undefined;
}

/** The slots below `capacity` that are an AWS region's own, in the order in which they are tried. */
export function slotsOf(awsRegion: string, capacity: number): readonly number[] {
  const home = homeSlotOf(awsRegion) ?? capacity;
  const count = Math.max(0, Math.ceil((capacity - home) / homeSlotCount));
  return Array.from({ length: count }, (_, index) => home + index * homeSlotCount);
}

/** The AWS regions that have slots of their own. */
export const knownAwsRegions: readonly string[] = Object.keys(homeSlots);
