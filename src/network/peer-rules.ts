import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notList,
  notObject,
  notOneOf,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../rules";
import type { PeerArgs } from "./args";
import { notAwsRegion } from "../aws-region";
import { notBlock, within } from "./cidr-rules";

// The compiler keeps this list complete.
const peerProperties: Record<keyof PeerArgs, true> = {
  awsRegion: true,
  vpcId: true,
  cidrBlock: true,
  accountId: true,
  provider: true,
  routeTableIds: true,
  regions: true,
};

/** What is wrong with the existing VPCs that regions are connected with. */
export function* peersFailures(peers: unknown, regions: readonly string[]): Generator<Failure> {
  yield* notObject("peers", peers, "existing VPCs, by name");
  for (const [name, peer] of Object.entries(isRecord(peers) ? peers : {})) {
    const path = at("peers", name);
    yield* nameFailures(path, name, regions);
    yield* notObject(path, peer ?? null);
    if (isRecord(peer)) {
      yield* peerFailures(path, peer, regions);
    }
  }
}

function* nameFailures(propertyPath: string, name: string, regions: readonly string[]): Generator<Failure> {
  if (name.length > 40 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    const reason = `must be named by 1 to 40 lower-case letters, digits and single hyphens between them, a letter first, not ${shown(name)}`;
    yield { propertyPath, reason };
  } else if (regions.includes(name)) {
    yield { propertyPath, reason: `must not be named ${shown(name)}, as a region is` };
  }
}

function* peerFailures(path: string, peer: Unknowns, regions: readonly string[]): Generator<Failure> {
  yield* unknownProperties(path, peer, Object.keys(peerProperties));
  yield* notAwsRegion(at(path, "awsRegion"), peer["awsRegion"] ?? null);
  yield* notValue(at(path, "vpcId"), peer["vpcId"] ?? null, /^vpc-\w+$/, "the id of a VPC");
  const expected = "of the VPC: a prefix from 16 to 28";
  yield* notBlock(at(path, "cidrBlock"), peer["cidrBlock"] ?? null, within(16, 28), expected);
  yield* notValue(at(path, "accountId"), peer["accountId"], /^\d{12}$/, "an account's 12 digits");
  yield* mismatch(at(path, "provider"), peer["provider"], isRecord, "a provider");
  yield* tablesFailures(at(path, "routeTableIds"), peer["routeTableIds"]);
  if (isRecord(peer["routeTableIds"]) && peer["accountId"] !== undefined && peer["provider"] === undefined) {
    const reason = "must not be given without the provider of the account: its owner makes the routes there";
    yield { propertyPath: at(path, "routeTableIds"), reason };
  }
  yield* notList(at(path, "regions"), peer["regions"], "regions' names");
  for (const [index, region] of Array.isArray(peer["regions"]) ? peer["regions"].entries() : []) {
    yield* notOneOf(at(at(path, "regions"), index), region ?? null, regions);
  }
}

/** Refuses all but route tables' ids, by names that resources can be named by. `undefined` passes. */
export function* tablesFailures(path: string, tables: unknown): Generator<Failure> {
  yield* notObject(path, tables, "route tables' ids, by names of yours");
  for (const [name, id] of Object.entries(isRecord(tables) ? tables : {})) {
    const tablePath = at(path, name);
    if (!/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(name)) {
      const reason = `must be named by letters, digits and single hyphens between them, not ${shown(name)}`;
      yield { propertyPath: tablePath, reason };
    }
    yield* notValue(tablePath, id ?? null, /^rtb-\w+$/, "the id of a route table");
  }
}

/** Refuses a text that does not match. What is not known yet is taken as it is, and `undefined` passes. */
export function notValue(
  path: string,
  value: unknown,
  pattern: RegExp,
  expected: string,
): Generator<Failure> {
  const matches = (given: unknown) => typeof given === "string" && pattern.test(given);
  return mismatch(path, isPlain(value) ? value : undefined, matches, expected);
}
