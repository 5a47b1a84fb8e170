import { tagsFailures } from "../aws-tags";
import { isIPv4 } from "node:net";
import { isAwsRegion, notAwsRegion } from "../aws-region";
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
import { regionsFailures } from "../topology-rules";
import type {
  ContinentArgs,
  CountryArgs,
  DatabaseRecordsArgs,
  EntryArgs,
  GlobalRoutingArgs,
  HealthCheckArgs,
  LoadBalancerArgs,
  Location,
  RoutingPolicy,
  RoutingRecordsArgs,
} from "./args";
import { lostFailures, notTopology, regionsOf } from "./topology-rules";

/** All that `routingRecords` refuses, at once. */
export function routingFailures(args: unknown): Failure[] {
  return isRecord(args)
    ? [...unknownProperties("", args, Object.keys(recordsProperties)), ...recordsFailures(args)]
    : notArguments(args);
}

/** All that `GlobalRouting` refuses, at once. */
export function globalRoutingFailures(args: unknown): Failure[] {
  return isRecord(args)
    ? [
        ...unknownProperties("", args, [...Object.keys(recordsProperties), ...Object.keys(ownProperties)]),
        ...recordsFailures(args),
        ...text("zoneId", args["zoneId"], "the id of a hosted zone"),
        ...healthCheckFailures(args["healthCheck"], args["policy"]),
        ...tagsFailures("tags", args["tags"]),
      ]
    : notArguments(args);
}

// The compiler keeps these lists complete.
const recordsProperties: Record<keyof RoutingRecordsArgs, true> = {
  domain: true,
  policy: true,
  entries: true,
  primary: true,
  lost: true,
  ttl: true,
  database: true,
};
const ownProperties: Record<Exclude<keyof GlobalRoutingArgs, keyof RoutingRecordsArgs>, true> = {
  zoneId: true,
  healthCheck: true,
  tags: true,
};
const policies: Record<RoutingPolicy, true> = { latency: true, geolocation: true, failover: true };
const entryProperties: Record<keyof EntryArgs, true> = {
  host: true,
  address: true,
  loadBalancer: true,
  awsRegion: true,
  locations: true,
  stopped: true,
};
const loadBalancerProperties: Record<keyof LoadBalancerArgs, true> = { name: true, zoneId: true };
const databaseProperties: Record<keyof DatabaseRecordsArgs, true> = {
  domain: true,
  topology: true,
  ttl: true,
};
const healthCheckProperties: Record<keyof HealthCheckArgs, true> = {
  protocol: true,
  port: true,
  path: true,
  intervalSeconds: true,
  failures: true,
};
const protocols: Record<NonNullable<HealthCheckArgs["protocol"]>, true> = {
  HTTPS: true,
  HTTP: true,
  TCP: true,
};
/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_GeoLocation.html */
const continents: Record<ContinentArgs["continent"], true> = {
  AF: true,
  AN: true,
  AS: true,
  EU: true,
  NA: true,
  OC: true,
  SA: true,
};
const countryProperties: Record<keyof CountryArgs, true> = { country: true, subdivision: true };

/** How long DNS may remember: a day, beyond which a region that is gone would be asked for too long. */
const longestTtl = 86_400;

function notArguments(args: unknown): Failure[] {
  return [{ propertyPath: "args", reason: `must be an object of arguments, not ${shown(args)}` }];
}

function* recordsFailures(args: Unknowns): Generator<Failure> {
  const { policy } = args;
  const entries = isRecord(args["entries"]) ? args["entries"] : {};
  const lost: unknown[] = Array.isArray(args["lost"]) ? args["lost"] : [];
  const names = Object.keys(entries);
  const answers = names.filter((name) => !lost.includes(name) && !isStopped(entries[name]));
  yield* domainFailures("domain", args["domain"]);
  yield* notOneOf("policy", policy ?? null, Object.keys(policies));
  yield* regionsFailures(
    args["entries"],
    (entry, name, path) => entryFailures(entry as Unknowns, name, path, policy),
    "entries",
  );
  yield* kindsFailures(entries);
  yield* lostFailures(args["lost"], names);
  if (names.length > 0 && answers.length === 0) {
    yield { propertyPath: "entries", reason: "must leave one that answers, but all are lost or stopped" };
  }
  yield* primaryFailures(args["primary"], policy, answers);
  if (policy === "geolocation") {
    yield* locationsFailures(entries, answers);
  }
  yield* notWholeNumber("ttl", args["ttl"], 0, longestTtl);
  yield* databaseFailures(args["database"], args["domain"]);
}

function isStopped(entry: unknown): boolean {
  return isRecord(entry) && entry["stopped"] === true;
}

function domainFailures(path: string, domain: unknown): Generator<Failure> {
  const isDomain = (value: unknown) =>
    typeof value === "string" &&
    value.length <= 253 &&
    /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value);
  return mismatch(path, domain ?? null, isDomain, "a lower-case DNS name such as shop.example.com");
}

/** Where something must be given, and may only be known later. */
function* text(path: string, value: unknown, what: string): Generator<Failure> {
  if (value === undefined) {
    yield { propertyPath: path, reason: `is missing: must be ${what}` };
  } else if (isPlain(value)) {
    yield* mismatch(path, value, (given) => typeof given === "string" && given !== "", what);
  }
}

const kinds = ["host", "address", "loadBalancer"] as const;

function* entryFailures(entry: Unknowns, name: string, path: string, policy: unknown): Generator<Failure> {
  yield* unknownProperties(path, entry, Object.keys(entryProperties));
  const given = kinds.filter((kind) => entry[kind] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none of them" : given.join(" and ");
    yield { propertyPath: path, reason: `must have one of ${kinds.join(", ")}, not ${found}` };
  }
  yield* given.includes("host") ? text(at(path, "host"), entry["host"], "a DNS name") : [];
  yield* addressFailures(at(path, "address"), entry["address"]);
  yield* loadBalancerFailures(at(path, "loadBalancer"), entry["loadBalancer"]);
  yield* notBoolean(at(path, "stopped"), entry["stopped"]);
  const awsRegionPath = at(path, "awsRegion");
  yield* notAwsRegion(awsRegionPath, entry["awsRegion"]);
  if (policy === "latency" && entry["awsRegion"] === undefined && !isAwsRegion(name)) {
    const reason = "is missing: must be the nearest AWS region, where the region's own name is none";
    yield { propertyPath: awsRegionPath, reason };
  }
  if (policy !== "geolocation" && entry["locations"] !== undefined) {
    const reason = 'must not be given: only the policy "geolocation" asks where users are';
    yield { propertyPath: at(path, "locations"), reason };
  }
}

function* addressFailures(path: string, address: unknown): Generator<Failure> {
  if (isPlain(address)) {
    yield* mismatch(
      path,
      address,
      (value) => typeof value === "string" && isIPv4(value),
      "an IPv4 address such as 203.0.113.7",
    );
  }
}

function* loadBalancerFailures(path: string, balancer: unknown): Generator<Failure> {
  yield* notObject(path, balancer);
  if (isRecord(balancer)) {
    yield* unknownProperties(path, balancer, Object.keys(loadBalancerProperties));
    yield* text(at(path, "name"), balancer["name"], "the load balancer's DNS name");
    yield* text(at(path, "zoneId"), balancer["zoneId"], "the id of the hosted zone of its name");
  }
}

/** Records of one name are of one type, or Route 53 chooses among those of each type apart. */
function* kindsFailures(entries: Unknowns): Generator<Failure> {
  const hosts = Object.keys(entries).filter((name) => {
    const entry = entries[name];
    return isRecord(entry) && entry["host"] !== undefined;
  });
  const others = Object.keys(entries).filter((name) => !hosts.includes(name));
  if (hosts.length > 0 && others.length > 0) {
    const reason = `must all be hosts or none: ${hosts.join(", ")} are, and ${others.join(", ")} are not. Records of one name have one type`;
    yield { propertyPath: "entries", reason };
  }
}

function* primaryFailures(primary: unknown, policy: unknown, answers: readonly string[]): Generator<Failure> {
  const propertyPath = "primary";
  if (policy !== "failover") {
    if (primary !== undefined) {
      yield { propertyPath, reason: 'must not be given: only the policy "failover" has one' };
    }
    return;
  }
  const choice = `one of ${answers.join(", ")}, which answer`;
  yield* mismatch(propertyPath, primary ?? null, (given) => answers.includes(given as string), choice);
}

/** Everybody is answered by somebody, and nobody by two. */
function* locationsFailures(entries: Unknowns, answers: readonly string[]): Generator<Failure> {
  const taken = new Map<string, string>();
  for (const [name, entry] of Object.entries(entries)) {
    const path = at(at("entries", name), "locations");
    const locations = isRecord(entry) ? entry["locations"] : [];
    yield* notList(path, locations ?? null, "locations");
    if (Array.isArray(locations) && locations.length === 0 && isRecord(entry)) {
      yield { propertyPath: path, reason: "must have one location or more" };
    }
    for (const [index, location] of Array.isArray(locations) ? locations.entries() : []) {
      const failures = [...locationFailures(at(path, index), location)];
      yield* failures;
      const key = JSON.stringify(location);
      const other = taken.get(key);
      if (failures.length === 0 && other !== undefined) {
        yield { propertyPath: at(path, index), reason: `must be another one: ${other} answers it` };
      }
      taken.set(key, name);
    }
  }
  const elsewhere = taken.get(JSON.stringify("elsewhere" satisfies Location));
  if (Object.keys(entries).length > 0 && (elsewhere === undefined || !answers.includes(elsewhere))) {
    const reason = `must have one that answers those who are "elsewhere", not ${
      elsewhere === undefined ? "none" : `${elsewhere}, which is lost or stopped`
    }`;
    yield { propertyPath: "entries", reason };
  }
}

function* locationFailures(path: string, location: unknown): Generator<Failure> {
  if (location === "elsewhere") {
    return;
  }
  if (!isRecord(location)) {
    const reason = `must be { continent }, { country } or "elsewhere", not ${shown(location)}`;
    yield { propertyPath: path, reason };
  } else if ("continent" in location) {
    yield* unknownProperties(path, location, ["continent"]);
    yield* notOneOf(at(path, "continent"), location["continent"], Object.keys(continents));
  } else {
    yield* unknownProperties(path, location, Object.keys(countryProperties));
    const { country, subdivision } = location;
    const code = (most: number) => (value: unknown) =>
      typeof value === "string" && new RegExp(`^[A-Z0-9]{1,${most}}$`).test(value);
    yield* mismatch(
      at(path, "country"),
      country ?? null,
      (value) => typeof value === "string" && /^[A-Z]{2}$/.test(value),
      "a country's code such as US",
    );
    const subdivisionPath = at(path, "subdivision");
    yield* mismatch(subdivisionPath, subdivision, code(3), "a code of one to three letters such as CA");
    if (subdivision !== undefined && country !== "US" && country !== "UA") {
      yield {
        propertyPath: subdivisionPath,
        reason: "must not be given: Route 53 tells parts of the US and of UA apart, of no other country",
      };
    }
  }
}

function* databaseFailures(database: unknown, domain: unknown): Generator<Failure> {
  const path = "database";
  yield* notObject(path, database);
  if (!isRecord(database)) {
    return;
  }
  yield* unknownProperties(path, database, Object.keys(databaseProperties));
  yield* domainFailures(at(path, "domain"), database["domain"]);
  yield* notWholeNumber(at(path, "ttl"), database["ttl"], 0, longestTtl);
  yield* notTopology(at(path, "topology"), database["topology"]);
  const regions = Object.keys(regionsOf(database["topology"]) ?? {});
  const own = [database["domain"], ...regions.map((region) => `${region}.${String(database["domain"])}`)];
  if (own.includes(domain)) {
    yield { propertyPath: at(path, "domain"), reason: `must leave ${shown(domain)} to the application` };
  }
}

function* healthCheckFailures(check: unknown, policy: unknown): Generator<Failure> {
  const path = "healthCheck";
  if (check === false) {
    if (policy === "failover") {
      const reason = 'must not be false: with the policy "failover" somebody has to notice';
      yield { propertyPath: path, reason };
    }
    return;
  }
  yield* mismatch(path, check, isRecord, "an object of properties, or false");
  if (!isRecord(check)) {
    return;
  }
  yield* unknownProperties(path, check, Object.keys(healthCheckProperties));
  yield* notOneOf(at(path, "protocol"), check["protocol"], Object.keys(protocols));
  yield* notWholeNumber(at(path, "port"), check["port"], 1, 65_535);
  const isPath = (value: unknown) => typeof value === "string" && /^\/\S{0,254}$/.test(value);
  yield* mismatch(at(path, "path"), check["path"], isPath, "a path such as /healthz");
  if (check["protocol"] === "TCP" && check["path"] !== undefined) {
    yield { propertyPath: at(path, "path"), reason: "must not be given: TCP knows no paths" };
  }
  const intervals = (value: unknown) => value === 10 || value === 30;
  yield* mismatch(at(path, "intervalSeconds"), check["intervalSeconds"], intervals, "10 or 30");
  yield* notWholeNumber(at(path, "failures"), check["failures"], 1, 10);
}
