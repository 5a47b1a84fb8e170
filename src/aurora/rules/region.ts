import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notBoolean,
  notObject,
  notWholeNumber,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../../rules";
import { anAwsRegion, isAwsRegion, notAwsRegion } from "../../aws-region";
import type { AuroraNetworkArgs, AuroraProxyArgs, AuroraRegionArgs, ServerlessArgs } from "../args";
import { serverlessClass } from "../plan";

// The compiler keeps these lists complete.
const regionProperties: Record<keyof AuroraRegionArgs, true> = {
  awsRegion: true,
  network: true,
  instances: true,
  instanceClass: true,
  serverless: true,
  proxy: true,
  deletionProtection: true,
};
const proxyProperties: Record<keyof AuroraProxyArgs, true> = { maxConnectionsPercent: true };
const serverlessProperties: Record<keyof ServerlessArgs, true> = { minCapacity: true, maxCapacity: true };

/** What is wrong with a region by itself. */
export function* regionFailures(region: AuroraRegionArgs, name: string, path: string): Generator<Failure> {
  const given: Unknowns = { ...region };
  yield* unknownProperties(path, given, Object.keys(regionProperties));
  yield* awsRegionFailures(path, given, name);
  yield* networkFailures(at(path, "network"), given["network"], given["awsRegion"] ?? name);
  yield* notWholeNumber(at(path, "instances"), given["instances"], 0, mostInstances);
  yield* instanceClassFailures(at(path, "instanceClass"), given["instanceClass"], given["serverless"]);
  yield* serverlessFailures(at(path, "serverless"), given["serverless"]);
  yield* proxyFailures(at(path, "proxy"), given["proxy"], given["instances"]);
  yield* notBoolean(at(path, "deletionProtection"), given["deletionProtection"]);
}

/** Aurora's limit: a writer and fifteen others. */
const mostInstances = 16;

function* awsRegionFailures(path: string, region: Unknowns, name: string): Generator<Failure> {
  const propertyPath = at(path, "awsRegion");
  if (!isAwsRegion(awsRegionOf(region, name)) && region["awsRegion"] === undefined) {
    yield {
      propertyPath,
      reason: `is missing: must be ${anAwsRegion}, where neither the network names one nor the region's own name is one`,
    };
  }
  yield* notAwsRegion(propertyPath, region["awsRegion"]);
}

/** The AWS region that a region is: its own, its network's, or its name. */
export function awsRegionOf({ awsRegion, network }: Unknowns, name: string): unknown {
  return awsRegion ?? (isRecord(network) ? network["awsRegion"] : undefined) ?? name;
}

function* networkFailures(path: string, network: unknown, awsRegion: unknown): Generator<Failure> {
  if (!isRecord(network)) {
    const reason = `must be a network of RegionNetworks, or an object of vpcId, databaseSubnetIds and clientCidrBlocks, not ${shown(network)}`;
    yield { propertyPath: path, reason };
    return;
  }
  // A RegionNetwork has more properties, which are none of ours.
  const own = (property: keyof AuroraNetworkArgs) => [at(path, property), network[property]] as const;
  const [placePath, place] = own("awsRegion");
  yield* notAwsRegion(placePath, place);
  if (isAwsRegion(place) && isAwsRegion(awsRegion) && place !== awsRegion) {
    yield {
      propertyPath: placePath,
      reason: `must be ${awsRegion}, the AWS region of the database, not ${shown(place)}`,
    };
  }
  for (const property of ["vpcId", "databaseSubnetIds", "clientCidrBlocks"] as const) {
    if (network[property] === undefined) {
      yield { propertyPath: at(path, property), reason: `is missing: must be ${expected[property]}` };
    }
  }
  const [vpcPath, vpcId] = own("vpcId");
  yield* ifPlain(vpcPath, vpcId, (value) => typeof value === "string" && value !== "", expected.vpcId);
  yield* subnetsFailures(...own("databaseSubnetIds"));
  yield* blocksFailures(...own("clientCidrBlocks"));
}

const expected = {
  vpcId: "the id of a VPC",
  databaseSubnetIds: "a list of two subnets or more, in two availability zones",
  clientCidrBlocks: "a list of CIDR blocks",
} as const;

function* subnetsFailures(path: string, subnets: unknown): Generator<Failure> {
  const isList = (value: unknown) => Array.isArray(value) && value.length >= 2;
  yield* ifPlain(path, subnets, isList, expected.databaseSubnetIds);
}

function* blocksFailures(path: string, blocks: unknown): Generator<Failure> {
  yield* ifPlain(path, blocks, Array.isArray, expected.clientCidrBlocks);
  for (const [index, block] of Array.isArray(blocks) ? blocks.entries() : []) {
    const isBlock = (value: unknown) =>
      typeof value === "string" && /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(value);
    const isClosed = (value: unknown) => isBlock(value) && !(value as string).endsWith("/0");
    yield* ifPlain(
      at(path, index),
      block,
      isClosed,
      "a CIDR block such as 10.0.0.0/16, which does not let everybody in",
    );
  }
}

/** For what may only be known once a network is there. `undefined` passes. */
function* ifPlain(
  path: string,
  value: unknown,
  test: (value: unknown) => boolean,
  what: string,
): Generator<Failure> {
  if (isPlain(value)) {
    yield* mismatch(path, value, test, what);
  }
}

const classes =
  "a memory-optimised class that a global database takes, db.r5.large or larger, such as db.r6g.large";

/** Burstable classes and those before r5 cannot be members of a global database. */
export function isGlobalClass(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^db\.(r([5-9]|[1-9]\d)|x[2-9])[a-z]*\.(large|\d{0,2}xlarge)(\.tpc\d.*)?$/.test(value)
  );
}

/** @param serverless The capacity that makes the instances serverless. */
export function* instanceClassFailures(
  propertyPath: string,
  instanceClass: unknown,
  serverless?: unknown,
): Generator<Failure> {
  if (instanceClass === serverlessClass) {
    yield {
      propertyPath,
      reason: `must not be "${serverlessClass}": give a region's serverless: { minCapacity, maxCapacity }`,
    };
  } else if (instanceClass !== undefined && serverless !== undefined) {
    yield { propertyPath, reason: "must not be given beside serverless, which is a class of its own" };
  } else {
    yield* mismatch(propertyPath, instanceClass, isGlobalClass, classes);
  }
}

function* serverlessFailures(path: string, serverless: unknown): Generator<Failure> {
  if (serverless === undefined) {
    return;
  }
  if (!isRecord(serverless)) {
    yield {
      propertyPath: path,
      reason: `must be an object of minCapacity and maxCapacity, not ${shown(serverless)}`,
    };
    return;
  }
  yield* unknownProperties(path, serverless, Object.keys(serverlessProperties));
  const { minCapacity, maxCapacity } = serverless;
  yield* capacityFailures(at(path, "minCapacity"), minCapacity, 0);
  yield* capacityFailures(at(path, "maxCapacity"), maxCapacity, 1);
  if (isCapacity(minCapacity, 0) && isCapacity(maxCapacity, 1) && minCapacity > maxCapacity) {
    const reason = `must be at most maxCapacity, ${maxCapacity}, not ${minCapacity}`;
    yield { propertyPath: at(path, "minCapacity"), reason };
  }
}

function* proxyFailures(path: string, proxy: unknown, instances: unknown): Generator<Failure> {
  yield* notObject(path, proxy);
  if (!isRecord(proxy)) {
    return;
  }
  yield* unknownProperties(path, proxy, Object.keys(proxyProperties));
  yield* notWholeNumber(at(path, "maxConnectionsPercent"), proxy["maxConnectionsPercent"], 1, 100);
  if (instances === 0) {
    const reason = "must not be given: nobody is behind the proxy of a region without instances";
    yield { propertyPath: path, reason };
  }
}

function isCapacity(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isInteger(value * 2) && value >= least && value <= 256;
}

function* capacityFailures(path: string, capacity: unknown, least: number): Generator<Failure> {
  const range = `a multiple of 0.5 from ${least} to 256`;
  if (capacity === undefined) {
    yield { propertyPath: path, reason: `is missing: must be ${range}` };
  }
  yield* mismatch(path, capacity, (given) => isCapacity(given, least), range);
}

/** A global database takes one cluster an AWS region; what they are called would collide there too. */
export function* collisions(regions: Unknowns): Generator<Failure> {
  const taken = new Map<string, string>();
  for (const [name, region] of Object.entries(regions)) {
    const awsRegion = isRecord(region) ? awsRegionOf(region, name) : undefined;
    if (isAwsRegion(awsRegion)) {
      const other = taken.get(awsRegion);
      if (other !== undefined) {
        const reason = `must be another AWS region than that of ${other}: a global database has one cluster in ${awsRegion}`;
        yield { propertyPath: at(at("regions", name), "awsRegion"), reason };
      }
      taken.set(awsRegion, name);
    }
  }
}
