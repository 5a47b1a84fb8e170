import { at, isRecord, type Failure, type Unknowns } from "../rules";
import { blockOf, overlap, parseBlock } from "./cidr";
import type { ExistingBlock } from "./cidr-rules";

/** A VPC that is there already: a region's, or a peer. */
export interface ExistingVpc extends ExistingBlock {
  readonly path: string;
  /** The regions that it is, or that are connected with it. */
  readonly at: readonly string[];
}

/** Those whose block can be read: the others are refused as they are. */
export function existingVpcs(args: Unknowns, regions: Unknowns): ExistingVpc[] {
  const names = Object.keys(regions);
  const isMesh = args["mesh"] !== false;
  const brought = Object.entries(regions).map(([name, region]) => ({
    owner: `the VPC of ${name}`,
    path: at(at(at("regions", name), "vpc"), "cidrBlock"),
    cidrBlock: isRecord(region) && isRecord(region["vpc"]) ? region["vpc"]["cidrBlock"] : undefined,
    at: [name],
    regions: isMesh ? names : [],
  }));
  const peers = Object.entries(isRecord(args["peers"]) ? args["peers"] : {}).map(([name, peer]) => {
    const connected =
      isRecord(peer) && Array.isArray(peer["regions"]) ? (peer["regions"] as string[]) : names;
    return {
      owner: `the peer ${name}`,
      path: at(at("peers", name), "cidrBlock"),
      cidrBlock: isRecord(peer) ? peer["cidrBlock"] : undefined,
      at: connected,
      // In a mesh, the tables of a region that is connected with it lead to all the others too.
      regions: isMesh && connected.length > 0 ? names : connected,
    };
  });
  return [...brought, ...peers].flatMap(({ cidrBlock, ...vpc }) =>
    typeof cidrBlock === "string" && parseBlock(cidrBlock) !== undefined ? [{ ...vpc, cidrBlock }] : [],
  );
}

/** What cannot be connected with one and the same region. */
export function* existingFailures(vpcs: readonly ExistingVpc[]): Generator<Failure> {
  for (const [index, vpc] of vpcs.entries()) {
    for (const other of vpcs.slice(0, index).filter((each) => meet(each, vpc))) {
      if (overlap(blockOf(vpc.cidrBlock), blockOf(other.cidrBlock))) {
        const reason = `${vpc.cidrBlock} overlaps ${other.cidrBlock} of ${other.owner}`;
        yield { propertyPath: vpc.path, reason };
      }
    }
  }
}

function meet(one: ExistingVpc, other: ExistingVpc): boolean {
  const share = (some: readonly string[], others: readonly string[]) =>
    some.some((name) => others.includes(name));
  return isPeer(one) && isPeer(other) ? share(one.at, other.at) : share(one.at, other.regions);
}

function isPeer({ path }: ExistingVpc): boolean {
  return path.startsWith("peers");
}
