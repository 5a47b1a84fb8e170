import { tagsFailures } from "../aws-tags";
import { anAwsRegion, isAwsRegion } from "../aws-region";
import {
  at,
  isRecord,
  mismatch,
  notObject,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../rules";
import type { EndpointParametersArgs } from "./endpoint-parameters-args";
import { lostFailures, notTopology, regionsOf } from "./topology-rules";

/**
 * All that `EndpointParameters` refuses, at once.
 *
 * @param path The user's, or the one made of the component's name and the stack's.
 */
export function endpointParametersFailures(path: string, args: unknown): Failure[] {
  if (!isRecord(args)) {
    return [{ propertyPath: "args", reason: `must be an object of arguments, not ${shown(args)}` }];
  }
  const regions = regionsOf(args["topology"]);
  return [
    ...unknownProperties("", args, Object.keys(properties)),
    ...notTopology("topology", args["topology"]),
    ...awsRegionsFailures(args["awsRegions"], regions ?? {}),
    ...pathFailures(path),
    ...lostFailures(args["lost"], Object.keys(regions ?? {})),
    ...tagsFailures("tags", args["tags"]),
  ];
}

// The compiler keeps this list complete.
const properties: Record<keyof EndpointParametersArgs, true> = {
  topology: true,
  awsRegions: true,
  path: true,
  lost: true,
  tags: true,
};

/** Where each region is that has parameters. */
export function awsRegionsOf({
  topology,
  awsRegions,
}: EndpointParametersArgs): Readonly<Record<string, string>> {
  return awsRegions ?? ownAwsRegions(topology.regions);
}

/** Regions of an `AuroraPostgres` know where they are. */
function ownAwsRegions(regions: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(regions).flatMap(([region, known]: [string, unknown]) => {
      const place: unknown =
        typeof known === "object" && known !== null ? Reflect.get(known, "awsRegion") : undefined;
      return isAwsRegion(place) ? [[region, place] as const] : [];
    }),
  );
}

function* awsRegionsFailures(awsRegions: unknown, regions: Unknowns): Generator<Failure> {
  const path = "awsRegions";
  const names = Object.keys(regions);
  yield* notObject(path, awsRegions, "AWS regions, by region");
  if (awsRegions === undefined && names.length > 0 && Object.keys(ownAwsRegions(regions)).length === 0) {
    const reason = "is missing: must be AWS regions, by region, since these are not Aurora's";
    yield { propertyPath: path, reason };
  }
  const taken = new Map<unknown, string>();
  for (const [region, place] of Object.entries(isRecord(awsRegions) ? awsRegions : {})) {
    const placePath = at(path, region);
    if (names.length > 0 && !names.includes(region)) {
      yield { propertyPath: placePath, reason: `must be of one of the regions ${names.join(", ")}` };
    }
    yield* mismatch(placePath, place ?? null, isAwsRegion, anAwsRegion);
    const other = taken.get(place);
    if (other !== undefined) {
      const reason = `must be another one than that of ${other}: the parameters' names are alike in every AWS region`;
      yield { propertyPath: placePath, reason };
    }
    taken.set(place, region);
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html */
function pathFailures(path: unknown): Generator<Failure> {
  const isPath = (value: unknown) =>
    typeof value === "string" &&
    value.length <= 512 &&
    /^(\/[\w.-]+){1,12}$/.test(value) &&
    !/^\/(aws|ssm)/i.test(value);
  const what = "a path such as /shop/db, which begins with neither /aws nor /ssm";
  return mismatch("path", path, isPath, what);
}
