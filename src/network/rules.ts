import { tagsFailures } from "../aws-tags";
import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notBoolean,
  notList,
  notObject,
  notOneOf,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../rules";
import { inOtherPartitions, partitionOf } from "../aws-policies";
import { isAwsRegion } from "../aws-region";
import { regionsFailures } from "../topology-rules";
import type { ExistingVpcArgs, NetworkArgs, RegionNetworkArgs, RegionNetworksArgs } from "./args";
import {
  awsRegionFailures,
  conflictFailures,
  notBlock,
  regionBlocksFailures,
  regionBlocksProperties,
  spaceFailures,
  within,
} from "./cidr-rules";
import { existingFailures, existingVpcs, type ExistingVpc } from "./existing-vpcs";
import { notValue, peersFailures, tablesFailures } from "./peer-rules";
import { planNetworks } from "./plan";

/** All that `RegionNetworks` refuses, at once. */
export function networksFailures(args: RegionNetworksArgs): Failure[] {
  const given: unknown = args;
  if (!isRecord(given)) {
    return [{ propertyPath: "args", reason: `must be an object of arguments, not ${shown(given)}` }];
  }
  const regions = isRecord(given["regions"]) ? given["regions"] : {};
  const existing = existingVpcs(given, regions);
  const failures = [
    ...unknownProperties("", given, Object.keys(networksProperties)),
    ...spaceFailures(given),
    ...regionsFailures(given["regions"], (region, name, path) =>
      regionFailures(region as Unknowns, name, path),
    ),
    ...hubsFailures(given, regions),
    ...partitionFailures(given, regions),
    ...publicFailures(given["defaults"], regions),
    ...wishesOfAll(given["defaults"]),
    ...notBoolean("mesh", given["mesh"]),
    ...connectFailures(given, Object.keys(regions)),
    ...notBoolean("publicRoutes", given["publicRoutes"]),
    ...peersFailures(given["peers"], Object.keys(regions)),
    ...tagsFailures("tags", given["tags"]),
    ...conflicts(given, regions, existing),
    ...existingFailures(existing),
  ];
  // Names follow from a plan, and a plan from valid arguments.
  return failures.length > 0 ? failures : [...sharedNames(args)];
}

// The compiler keeps these lists complete.
const networksProperties: Record<keyof RegionNetworksArgs, true> = {
  supernet: true,
  regionPrefixLength: true,
  reserved: true,
  regions: true,
  defaults: true,
  mesh: true,
  connect: true,
  publicRoutes: true,
  peers: true,
  tags: true,
};
const wishProperties: Record<keyof NetworkArgs, true> = {
  nat: true,
  publicSubnets: true,
  endpoints: true,
  flowLogs: true,
  flowLogRetentionDays: true,
};
const regionProperties: Record<keyof RegionNetworkArgs, true> = {
  ...regionBlocksProperties,
  ...wishProperties,
  hub: true,
  vpc: true,
};
const vpcProperties: Record<keyof ExistingVpcArgs, true> = {
  vpcId: true,
  cidrBlock: true,
  databaseSubnetIds: true,
  privateSubnetIds: true,
  publicSubnetIds: true,
  routeTableIds: true,
};
const nats: Record<NonNullable<NetworkArgs["nat"]>, true> = { none: true, one: true, onePerZone: true };

/** What CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function* regionFailures(region: Unknowns, name: string, path: string): Generator<Failure> {
  yield* unknownProperties(path, region, Object.keys(regionProperties));
  if (region["vpc"] === undefined) {
    yield* regionBlocksFailures(region, name, path);
    yield* wishesFailures(path, region);
    return;
  }
  yield* awsRegionFailures(region, name, path);
  yield* vpcFailures(at(path, "vpc"), region["vpc"]);
  const excluded = Object.keys(regionProperties).filter(
    (property) => !["vpc", "awsRegion", "hub"].includes(property) && region[property] !== undefined,
  );
  for (const property of excluded) {
    yield {
      propertyPath: at(path, property),
      reason: "is for a VPC that is made, but this region has one: vpc",
    };
  }
}

function* vpcFailures(path: string, vpc: unknown): Generator<Failure> {
  yield* notObject(path, vpc);
  if (!isRecord(vpc)) {
    return;
  }
  yield* unknownProperties(path, vpc, Object.keys(vpcProperties));
  yield* notValue(at(path, "vpcId"), vpc["vpcId"] ?? null, /^vpc-\w+$/, "the id of a VPC");
  const expected = "of the VPC: a prefix from 16 to 28";
  yield* notBlock(at(path, "cidrBlock"), vpc["cidrBlock"] ?? null, within(16, 28), expected);
  yield* subnetIdsFailures(at(path, "databaseSubnetIds"), vpc["databaseSubnetIds"] ?? null, 2);
  yield* subnetIdsFailures(at(path, "privateSubnetIds"), vpc["privateSubnetIds"], 0);
  yield* subnetIdsFailures(at(path, "publicSubnetIds"), vpc["publicSubnetIds"], 0);
  yield* tablesFailures(at(path, "routeTableIds"), vpc["routeTableIds"]);
}

function* subnetIdsFailures(path: string, ids: unknown, least: number): Generator<Failure> {
  if (!isPlain(ids)) {
    return;
  }
  yield* notList(path, ids, "subnets' ids");
  if (Array.isArray(ids) && ids.length < least) {
    yield { propertyPath: path, reason: `must be subnets of ${least} zones or more, not ${ids.length}` };
  }
  for (const [index, id] of Array.isArray(ids) ? ids.entries() : []) {
    yield* notValue(at(path, index), id ?? null, /^subnet-\w+$/, "the id of a subnet");
  }
}

function* wishesOfAll(defaults: unknown): Generator<Failure> {
  yield* notObject("defaults", defaults);
  if (isRecord(defaults)) {
    yield* unknownProperties("defaults", defaults, Object.keys(wishProperties));
    yield* wishesFailures("defaults", defaults);
  }
}

function* wishesFailures(path: string, wishes: Unknowns): Generator<Failure> {
  const { nat, flowLogs, flowLogRetentionDays } = wishes;
  yield* notOneOf(at(path, "nat"), nat, Object.keys(nats));
  yield* notBoolean(at(path, "publicSubnets"), wishes["publicSubnets"]);
  yield* notList(at(path, "endpoints"), wishes["endpoints"], "services' short names");
  const endpoints: unknown[] = Array.isArray(wishes["endpoints"]) ? wishes["endpoints"] : [];
  for (const [index, service] of endpoints.entries()) {
    const isService = (name: unknown) => typeof name === "string" && /^[a-z0-9]+([.-][a-z0-9]+)*$/.test(name);
    const servicePath = at(at(path, "endpoints"), index);
    yield* mismatch(servicePath, service ?? null, isService, "a service's short name such as secretsmanager");
    if (service === "s3") {
      yield { propertyPath: servicePath, reason: 'must not be "s3": every VPC has a gateway to it' };
    }
    if (endpoints.indexOf(service) < index) {
      const reason = `must be listed once, but ${shown(service)} already is`;
      yield { propertyPath: servicePath, reason };
    }
  }
  yield* notBoolean(at(path, "flowLogs"), flowLogs);
  yield* mismatch(
    at(path, "flowLogRetentionDays"),
    flowLogRetentionDays,
    (days) => retentions.includes(days as number),
    `one of ${retentions.join(", ")}`,
  );
}

/** NAT gateways are in public subnets. What a region does not say is as in `defaults`. */
function* publicFailures(defaults: unknown, regions: Unknowns): Generator<Failure> {
  const common = isRecord(defaults) ? defaults : {};
  for (const [name, region] of Object.entries(regions)) {
    const own = isRecord(region) && region["vpc"] === undefined ? region : undefined;
    const wish = (property: keyof NetworkArgs) => own?.[property] ?? common[property];
    if (own !== undefined && wish("publicSubnets") === false && (wish("nat") ?? "none") !== "none") {
      const reason = `must be "none" without public subnets, which NAT gateways are in, not ${shown(wish("nat"))}`;
      yield { propertyPath: at(at("regions", name), "nat"), reason };
    }
  }
}

function* connectFailures({ connect, mesh }: Unknowns, regions: readonly string[]): Generator<Failure> {
  if (connect !== undefined && mesh === false) {
    yield {
      propertyPath: "connect",
      reason: "must not be given where mesh is false: no regions are connected",
    };
  }
  if (connect === undefined || connect === "all") {
    return;
  }
  const writers = isRecord(connect) ? connect["writers"] : undefined;
  if (!isRecord(connect) || !Array.isArray(writers) || writers.length === 0) {
    const reason = `must be "all" or { writers: [...] }, the names of the regions that may write, not ${shown(connect)}`;
    yield { propertyPath: "connect", reason };
    return;
  }
  yield* unknownProperties("connect", connect, ["writers"]);
  for (const [index, writer] of writers.entries()) {
    yield* notOneOf(at("connect.writers", index), writer ?? null, regions);
  }
}

/** One account's credentials are of one partition, and no VPC is connected with one of another. */
function* partitionFailures({ peers }: Unknowns, regions: Unknowns): Generator<Failure> {
  const places = [
    ...Object.entries(regions).map(([name, region]) => [at("regions", name), name, region] as const),
    ...Object.entries(isRecord(peers) ? peers : {}).map(
      ([name, peer]) => [at("peers", name), name, peer] as const,
    ),
  ].flatMap(([path, name, place]) => {
    const awsRegion = (isRecord(place) ? place["awsRegion"] : undefined) ?? name;
    return isAwsRegion(awsRegion) ? [{ path, awsRegion }] : [];
  });
  for (const { place, first } of inOtherPartitions(places)) {
    const here = `${place.awsRegion} is in ${partitionOf(place.awsRegion)}`;
    const there = `${first.awsRegion} in ${partitionOf(first.awsRegion)}`;
    const reason = `must be in one partition with all others, but ${here}, and ${there}`;
    yield { propertyPath: at(place.path, "awsRegion"), reason };
  }
}

/** A gateway connects with the other regions that have one. */
function* hubsFailures({ mesh }: Unknowns, regions: Unknowns): Generator<Failure> {
  const given = Object.entries(regions).flatMap(([name, region]) =>
    isRecord(region) && region["hub"] !== undefined
      ? [[at(at("regions", name), "hub"), region["hub"]] as const]
      : [],
  );
  for (const [path, hub] of given) {
    yield* hubFailures(path, hub);
    if (mesh === false || given.length === 1) {
      const why = mesh === false ? "mesh is false" : "no other region has one";
      yield { propertyPath: path, reason: `connects no regions: ${why}` };
    }
  }
}

function* hubFailures(path: string, hub: unknown): Generator<Failure> {
  const kinds: Record<string, readonly [RegExp, string]> = {
    transitGatewayId: [/^tgw-\w+$/, "the id of a transit gateway"],
    coreNetworkArn: [/^arn:[\w-]+:networkmanager::\d{12}:core-network\/[\w-]+$/, "the ARN of a core network"],
  };
  const given = isRecord(hub) ? Object.keys(hub).filter((kind) => hub[kind] !== undefined) : [];
  const [kind] = given;
  if (!isRecord(hub) || given.length !== 1 || kind === undefined || !Object.hasOwn(kinds, kind)) {
    const reason = `must be an object of transitGatewayId or of coreNetworkArn, not ${shown(hub)}`;
    yield { propertyPath: path, reason };
    return;
  }
  const [pattern, what] = kinds[kind]!;
  yield* notValue(at(path, kind), hub[kind], pattern, what);
}

/** Blocks are planned for the regions whose VPC is made. */
function conflicts(args: Unknowns, regions: Unknowns, existing: readonly ExistingVpc[]): Iterable<Failure> {
  const made = Object.entries(regions).filter(
    ([, region]) => isRecord(region) && region["vpc"] === undefined,
  );
  return conflictFailures(args, Object.fromEntries(made), existing);
}

/** Hyphens join names, and are in names: `a-b` with `c` reads like `a` with `b-c`. */
function* sharedNames(args: RegionNetworksArgs): Generator<Failure> {
  const owners = new Map<string, string>();
  for (const { name, requester, accepter, routes } of planNetworks("", args).peerings) {
    const owner = `${requester.name} and ${accepter.name}`;
    const other = [name, ...routes.map((route) => route.name)]
      .map((each) => owners.get(each))
      .find((found) => found !== undefined);
    if (other !== undefined) {
      const reason = `must not give two connections one name, but ${owner} have that of ${other}: rename one of them`;
      yield { propertyPath: "regions", reason };
    }
    [name, ...routes.map((route) => route.name)].forEach((each) => owners.set(each, owner));
  }
}
