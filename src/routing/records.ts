import { isIP } from "node:net";
import { output, type Output } from "@pulumi/pulumi";
import type { Endpoint } from "../endpoints";
import { refuseIfAny } from "../rules";
import {
  routingDefaults,
  type DatabaseRecordsArgs,
  type EntryArgs,
  type Location,
  type RoutingRecordsArgs,
} from "./args";
import { routingFailures } from "./rules";

export type {
  ContinentArgs,
  CountryArgs,
  DatabaseRecordsArgs,
  EntryArgs,
  LoadBalancerArgs,
  Location,
  RoutingPolicy,
  RoutingRecordsArgs,
} from "./args";

/** `ALIAS` is no type of DNS: it follows another name, and looks like an `A` from outside. */
export type RecordType = "A" | "AAAA" | "CNAME" | "ALIAS";

/** Whom a record answers. */
export type RecordPolicy =
  | { readonly kind: "everybody" }
  | { readonly kind: "latency"; readonly awsRegion: string }
  | { readonly kind: "geolocation"; readonly location: Location }
  | { readonly kind: "failover"; readonly primary: boolean };

/** A record of DNS, for whichever DNS. */
export interface RoutingRecord {
  /** The region that it leads to; absent for the name that follows the writer. */
  readonly region?: string;

  /** The full name, without a dot at its end. */
  readonly name: string;

  readonly type: Output<RecordType>;

  /** For how many seconds an answer may be remembered. */
  readonly ttl: number;

  /** What it leads to: one address or one name. */
  readonly values: Output<string[]>;

  readonly policy: RecordPolicy;
}

/**
 * The records of an application in many regions, and of its database, for users of any DNS: what `GlobalRouting` makes
 * on Route 53. By names that stay the same whichever region writes. A region that is lost or stopped has none.
 *
 * Bad input is refused with one error that lists every failure.
 *
 * @example
 * ```ts
 * const records = routingRecords({ domain: "shop.example.com", policy: "failover", primary: "rome", entries });
 * for (const [name, record] of Object.entries(records)) {
 *   new cloudflare.Record(name, { name: record.name, type: record.type, content: record.values[0], ... });
 * }
 * ```
 */
export function routingRecords(args: RoutingRecordsArgs): Readonly<Record<string, RoutingRecord>> {
  refuseIfAny("routingRecords", routingFailures(args));
  return planRecords(args);
}

/** What follows from valid arguments. */
export function planRecords(args: RoutingRecordsArgs): Readonly<Record<string, RoutingRecord>> {
  return {
    ...Object.fromEntries(answering(args).flatMap((region) => entryRecords(args, region))),
    ...(args.database === undefined ? {} : databaseRecords(args.database)),
  };
}

/** The regions that answer, in the order of their names, so that their order is no input. */
export function answering({ entries, lost = [] }: RoutingRecordsArgs): string[] {
  return Object.keys(entries)
    .filter((region) => !lost.includes(region) && entries[region]!.stopped !== true)
    .sort();
}

function entryRecords(args: RoutingRecordsArgs, region: string): [string, RoutingRecord][] {
  const entry = args.entries[region]!;
  const common = {
    region,
    name: args.domain,
    ttl: args.ttl ?? routingDefaults.ttl,
    ...target(entry),
  };
  if (args.policy !== "geolocation") {
    const policy: RecordPolicy =
      args.policy === "latency"
        ? { kind: "latency", awsRegion: entry.awsRegion ?? region }
        : { kind: "failover", primary: region === args.primary };
    return [[`entry-${region}`, { ...common, policy }]];
  }
  return entry.locations!.map((location) => [
    `entry-${region}-${locationName(location)}`,
    { ...common, policy: { kind: "geolocation", location } },
  ]);
}

function target({ host, address, loadBalancer }: EntryArgs): Pick<RoutingRecord, "type" | "values"> {
  if (loadBalancer !== undefined) {
    return { type: output<RecordType>("ALIAS"), values: output(loadBalancer.name).apply((name) => [name]) };
  }
  return host === undefined
    ? { type: output<RecordType>("A"), values: output(address!).apply((known) => [known]) }
    : { type: output<RecordType>("CNAME"), values: output(host).apply((known) => [known]) };
}

/** What tells locations apart, in names. */
export function locationName(location: Location): string {
  if (location === "elsewhere") {
    return location;
  }
  if ("continent" in location) {
    return `continent-${location.continent.toLowerCase()}`;
  }
  const { country, subdivision } = location;
  return ["country", country, ...(subdivision === undefined ? [] : [subdivision])].join("-").toLowerCase();
}

/** Of a region that does not answer the topology tells no endpoint to read from: it has no record. */
function databaseRecords({ domain, topology, ttl }: DatabaseRecordsArgs): Record<string, RoutingRecord> {
  const record = (name: string, endpoint: Output<Endpoint>): RoutingRecord => ({
    name,
    type: endpoint.apply(({ host }) => typeOf(host)),
    ttl: ttl ?? routingDefaults.databaseTtl,
    values: endpoint.apply(({ host }) => [host]),
    policy: { kind: "everybody" },
  });
  const reading = Object.keys(topology.regions)
    .sort()
    .flatMap((region) => {
      const { role, endpoint } = topology.regions[region]!;
      const from = role === "writer" ? endpoint : topology.readerEndpoints[region];
      return from === undefined ? [] : [{ region, from }];
    });
  return {
    database: record(domain, topology.writerEndpoint),
    ...Object.fromEntries(
      reading.map(({ region, from }) => [
        `database-${region}`,
        { ...record(`${region}.${domain}`, from), region },
      ]),
    ),
  };
}

function typeOf(host: string): RecordType {
  return ({ 0: "CNAME", 4: "A", 6: "AAAA" } as const)[isIP(host) as 0 | 4 | 6];
}
