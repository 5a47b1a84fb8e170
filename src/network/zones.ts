/** The letters that a zone may have. Its place among them is its place among the subnets, for ever. */
export const zoneLetters = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;

/** Where a, b and c are not what every account has. Frozen, as are `usualZones`: a zone that goes takes its subnets. */
const unusualZones: Readonly<Record<string, readonly string[]>> = {
  "ap-northeast-1": ["a", "c", "d"],
  "ca-central-1": ["a", "b", "d"],
};
const usualZones: readonly string[] = ["a", "b", "c"];

/** Here each account sees zones of its own, and not always three. */
const withoutDefault: readonly string[] = ["us-west-1", "cn-north-1"];

/** The zones of a region, sorted, or undefined where its user names none and there is no telling. */
export function zonesOf(awsRegion: string, given?: readonly string[]): readonly string[] | undefined {
  if (given !== undefined) {
    return [...given].sort();
  }
  if (withoutDefault.includes(awsRegion)) {
    return undefined;
  }
  return Object.hasOwn(unusualZones, awsRegion) ? unusualZones[awsRegion] : usualZones;
}
