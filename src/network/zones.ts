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

/**
 * What the default letters stand for where one of them may be a zone that EKS refuses: letters differ by account, ids do
 * not. What version 0.1.0 made by letters keeps its zone.
 */
const idsOfDefaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "us-east-1": { a: "use1-az1", b: "use1-az2", c: "use1-az4" },
  "ca-central-1": { a: "cac1-az1", b: "cac1-az2", d: "cac1-az4" },
};

/** In which subnets EKS has no control plane: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export const zonesWithoutEks: readonly string[] = ["use1-az3", "usw1-az2", "cac1-az3"];

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

/** Where a zone's subnets are among those of its tier: by its letter, or by the number in its id. */
export function placeOf(zone: string): number {
  return isZoneId(zone)
    ? Number(zone.split("-az")[1]) - 1
    : zoneLetters.findIndex((letter) => letter === zone);
}

/** Whether it is a zone's id, such as `use1-az1`. There is room for eight. */
export function isZoneId(zone: unknown): zone is string {
  return typeof zone === "string" && /^[a-z]+\d+-az[1-8]$/.test(zone);
}

/** What the ids of a region's zones begin with: `apne1` in ap-northeast-1. */
export function zoneIdPrefix(awsRegion: string): string {
  const [area = "", ...parts] = awsRegion.split("-");
  const short = (part: string) =>
    /^\d+$/.test(part)
      ? part
      : (/^(north|south)(east|west)$/.exec(part)?.slice(1) ?? [part]).map(([first]) => first).join("");
  return area + parts.map(short).join("");
}

/** How AWS is told of a zone. */
export type ZoneInput = { readonly availabilityZone: string } | { readonly availabilityZoneId: string };

/** @param isDefault whether the user names no zones */
export function zoneInput(awsRegion: string, zone: string, isDefault: boolean): ZoneInput {
  const id = isZoneId(zone) ? zone : isDefault ? idsOfDefaults[awsRegion]?.[zone] : undefined;
  return id === undefined ? { availabilityZone: `${awsRegion}${zone}` } : { availabilityZoneId: id };
}

/** Whether a letter may stand for one zone today and have stood for another when its subnets were made. */
export function isZoneKept(awsRegion: string, zone: string): boolean {
  return Object.hasOwn(idsOfDefaults[awsRegion] ?? {}, zone);
}
