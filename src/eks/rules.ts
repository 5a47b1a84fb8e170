import { tagsFailures } from "../aws-tags";
import { anAwsRegion, isAwsRegion, notAwsRegion } from "../aws-region";
import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notBoolean,
  notList,
  notObject,
  notOneOf,
  notWholeNumber,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../rules";
import {
  eksDefaults,
  type EksAccessArgs,
  type EksAccessPolicy,
  type EksNodesArgs,
  type EksRegionArgs,
} from "./args";
import { zonesWithoutEks } from "../network/zones";
import { isArm, withoutEks } from "./plan";

/**
 * All that `EksRegion` refuses, at once.
 *
 * @param identifier The user's, or the one made of the component's name and the stack's.
 */
export function eksFailures(identifier: string, args: unknown): Failure[] {
  if (!isRecord(args)) {
    return [{ propertyPath: "args", reason: `must be an object of arguments, not ${shown(args)}` }];
  }
  return [
    ...unknownProperties("", args, Object.keys(properties)),
    ...identifierFailures(identifier),
    ...awsRegionFailures(args),
    ...networkFailures(args),
    ...versionFailures(args["version"]),
    ...blocksFailures("publicAccessCidrBlocks", args["publicAccessCidrBlocks"]),
    ...nodesFailures(args["nodes"]),
    ...accessFailures(args["access"]),
    ...addonsFailures(args["addons"]),
    ...notBoolean("deletionProtection", args["deletionProtection"]),
    ...mismatch("profile", args["profile"], isText, "the name of a profile"),
    ...tagsFailures("tags", args["tags"]),
  ];
}

// The compiler keeps these lists complete.
const properties: Record<keyof EksRegionArgs, true> = {
  network: true,
  awsRegion: true,
  identifier: true,
  version: true,
  publicAccessCidrBlocks: true,
  nodes: true,
  access: true,
  addons: true,
  deletionProtection: true,
  profile: true,
  tags: true,
};
const nodesProperties: Record<keyof EksNodesArgs, true> = {
  instanceTypes: true,
  count: true,
  volumeGiB: true,
};
const accessProperties: Record<keyof EksAccessArgs, true> = {
  principalArn: true,
  policy: true,
  namespaces: true,
};
const accessPolicies: Record<EksAccessPolicy, true> = {
  clusterAdmin: true,
  admin: true,
  edit: true,
  view: true,
};

function* addonsFailures(addons: unknown): Generator<Failure> {
  yield* notList("addons", addons, "add-ons");
  for (const [index, addon] of Array.isArray(addons) ? addons.entries() : []) {
    yield* notOneOf(at("addons", index), addon ?? null, eksDefaults.addons);
    if ((addons as unknown[]).indexOf(addon) < index) {
      const reason = `must be listed once, but ${shown(addon)} already is`;
      yield { propertyPath: at("addons", index), reason };
    }
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/** IAM takes names of 64 characters, and ours end in `-cluster`. */
const longestIdentifier = 50;

function* identifierFailures(identifier: unknown): Generator<Failure> {
  const isName = (value: unknown) =>
    typeof value === "string" &&
    value.length <= longestIdentifier &&
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value);
  const form = `1 to ${longestIdentifier} lower-case letters, digits and single hyphens between them, a letter first`;
  yield* mismatch("identifier", identifier, isName, form);
}

function* awsRegionFailures(args: Unknowns): Generator<Failure> {
  const { awsRegion, network } = args;
  const place = isRecord(network) ? network["awsRegion"] : undefined;
  yield* notAwsRegion("awsRegion", awsRegion);
  yield* notAwsRegion("network.awsRegion", place);
  if (awsRegion === undefined && place === undefined) {
    const reason = `is missing: must be ${anAwsRegion}, where the network names none`;
    yield { propertyPath: "awsRegion", reason };
  } else if (isAwsRegion(awsRegion) && isAwsRegion(place) && awsRegion !== place) {
    const reason = `must be ${awsRegion}, the AWS region of the cluster, not ${shown(place)}`;
    yield { propertyPath: "network.awsRegion", reason };
  }
}

function* networkFailures({ network, awsRegion: given }: Unknowns): Generator<Failure> {
  const path = "network";
  if (!isRecord(network)) {
    const reason = `must be a network of RegionNetworks, or an object of vpcId and privateSubnetIds, not ${shown(network)}`;
    yield { propertyPath: path, reason };
    return;
  }
  const awsRegion = String(given ?? network["awsRegion"]);
  // A RegionNetwork has more properties, which are none of ours.
  const { vpcId, privateSubnetIds: subnets, privateZoneIds, clientCidrBlocks, serviceCidrBlock } = network;
  const expected = {
    vpcId: "the id of a VPC",
    subnets: "a list of two subnets or more, in two availability zones",
    services: "a block of the addresses of services: a prefix from 12 to 24",
  };
  if (isPlain(vpcId)) {
    yield* mismatch(at(path, "vpcId"), vpcId ?? null, isText, expected.vpcId);
  }
  if (isPlain(subnets)) {
    const isList = (value: unknown) => Array.isArray(value) && value.length >= 2;
    yield* mismatch(at(path, "privateSubnetIds"), subnets ?? null, isList, expected.subnets);
  }
  const zones: unknown[] = Array.isArray(privateZoneIds) ? privateZoneIds : [];
  for (const zone of zones.filter((each) => zonesWithoutEks.includes(each as string)) as string[]) {
    yield { propertyPath: at(path, "privateZoneIds"), reason: withoutEks(awsRegion, zone) };
  }
  if (isPlain(clientCidrBlocks)) {
    yield* blocksFailures(at(path, "clientCidrBlocks"), clientCidrBlocks);
  }
  const isOfServices = (value: unknown) => isBlock(value) && prefixOf(value) >= 12 && prefixOf(value) <= 24;
  yield* mismatch(at(path, "serviceCidrBlock"), serviceCidrBlock, isOfServices, expected.services);
}

function isBlock(value: unknown): value is string {
  return typeof value === "string" && /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(value);
}

function prefixOf(block: string): number {
  return Number(block.split("/")[1]);
}

function* blocksFailures(path: string, blocks: unknown): Generator<Failure> {
  yield* notList(path, blocks, "CIDR blocks");
  for (const [index, block] of Array.isArray(blocks) ? blocks.entries() : []) {
    if (isPlain(block)) {
      const isClosed = (value: unknown) => isBlock(value) && prefixOf(value) > 0;
      const what = "a CIDR block such as 203.0.113.0/24, which does not let everybody in";
      yield* mismatch(at(path, index), block ?? null, isClosed, what);
    }
  }
}

/** The oldest minor version that EKS supports: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html */
const oldestMinor = 31;

function versionFailures(version: unknown): Generator<Failure> {
  const isSupported = (value: unknown) =>
    typeof value === "string" && /^1\.\d{2}$/.test(value) && Number(value.slice(2)) >= oldestMinor;
  return mismatch("version", version, isSupported, `a version that EKS supports, 1.${oldestMinor} or newer`);
}

function* nodesFailures(nodes: unknown): Generator<Failure> {
  const path = "nodes";
  yield* notObject(path, nodes);
  if (!isRecord(nodes)) {
    return;
  }
  yield* unknownProperties(path, nodes, Object.keys(nodesProperties));
  yield* notWholeNumber(at(path, "count"), nodes["count"], 1, 450);
  yield* notWholeNumber(at(path, "volumeGiB"), nodes["volumeGiB"], 20, 16_384);
  const types = nodes["instanceTypes"];
  const typesPath = at(path, "instanceTypes");
  const isList = (value: unknown) => Array.isArray(value) && value.length > 0;
  yield* mismatch(typesPath, types, isList, "a list of one instance type or more");
  const isType = (value: unknown): value is string =>
    typeof value === "string" && /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(value);
  const list: unknown[] = Array.isArray(types) ? types : [];
  for (const [index, type] of list.entries()) {
    yield* mismatch(at(typesPath, index), type ?? null, isType, "an instance type such as m6i.large");
  }
  const known = list.filter(isType);
  const others = known.filter((type) => isArm(type) !== isArm(known[0]!));
  if (others.length > 0) {
    const reason = `must be of one processor architecture, not ${known[0]} and ${others[0]}`;
    yield { propertyPath: typesPath, reason };
  }
}

function* accessFailures(access: unknown): Generator<Failure> {
  yield* notObject("access", access, "principals, by name");
  for (const [who, entry] of Object.entries(isRecord(access) ? access : {})) {
    const path = at("access", who);
    if (!/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(who)) {
      yield { propertyPath: path, reason: "must be named by letters, digits and single hyphens" };
    }
    yield* notObject(path, entry ?? null);
    if (isRecord(entry)) {
      yield* principalFailures(path, entry);
    }
  }
}

function* principalFailures(path: string, entry: Unknowns): Generator<Failure> {
  const { principalArn, policy, namespaces } = entry;
  yield* unknownProperties(path, entry, Object.keys(accessProperties));
  if (isPlain(principalArn)) {
    const isPrincipal = (value: unknown) =>
      typeof value === "string" && /^arn:[\w-]+:iam::\d{12}:(role|user)\/.+$/.test(value);
    const what = "the ARN of a role or a user of IAM";
    yield* mismatch(at(path, "principalArn"), principalArn ?? null, isPrincipal, what);
  }
  yield* notOneOf(at(path, "policy"), policy, Object.keys(accessPolicies));
  const namespacesPath = at(path, "namespaces");
  yield* notList(namespacesPath, namespaces, "namespaces");
  if (policy === "clusterAdmin" && namespaces !== undefined) {
    yield { propertyPath: namespacesPath, reason: "must not be given: clusterAdmin knows no namespaces" };
  }
  for (const [index, namespace] of Array.isArray(namespaces) ? namespaces.entries() : []) {
    const isName = (value: unknown) =>
      typeof value === "string" && value.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(value);
    yield* mismatch(at(namespacesPath, index), namespace ?? null, isName, "the name of a namespace");
  }
}
