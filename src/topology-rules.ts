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
  unknownYet,
  type Failure,
  type Unknowns,
} from "./rules";
import type { SecretsArgs } from "./secrets/args";
import { notHolder, passwordReason, secretsFailures } from "./secrets/rules";
import type { DatabaseArgs, Durability, RoleArgs, TopologyArgs } from "./topology";

/**
 * All that every engine refuses, at once. Programs in plain JavaScript pass anything, so nothing is taken
 * for what its type says.
 *
 * @param regionFailures What the engine refuses about one region, which is an object. `path` is the region's.
 * @param naming How databases and roles may be named.
 * @param engineProperties The properties that the engine takes beside those of `TopologyArgs`.
 */
export function topologyFailures<RegionArgs>(
  args: TopologyArgs<RegionArgs>,
  regionFailures: (region: RegionArgs, name: string, path: string) => Iterable<Failure>,
  engineProperties: readonly string[] = [],
  naming: Naming = ownNames,
): Failure[] {
  const given: unknown = args;
  if (!isRecord(given)) {
    return [{ propertyPath: "args", reason: `must be an object of arguments, not ${shown(given)}` }];
  }
  const facts = factsOf(given);
  return [
    ...unknownProperties("", given, [...Object.keys(topologyProperties), ...engineProperties]),
    ...primaryFailures(given["primary"], facts),
    ...regionsFailures(given["regions"], (region, name, path) =>
      regionFailures(region as RegionArgs, name, path),
    ),
    ...lostFailures(given["lost"], facts),
    ...durabilityFailures(given["durability"], facts),
    ...databaseFailures(given["database"], facts, naming),
    ...rolesFailures(given["roles"], facts, naming),
    ...secretsFailures(given["secrets"] as SecretsArgs | undefined, {
      regions: facts.regions,
      roles: [facts.owner],
    }),
    ...parametersFailures(given["parameters"]),
  ];
}

// The compiler keeps these lists complete.
const topologyProperties: Record<keyof TopologyArgs<unknown>, true> = {
  primary: true,
  regions: true,
  lost: true,
  durability: true,
  database: true,
  roles: true,
  secrets: true,
  parameters: true,
};
const databaseProperties: Record<keyof DatabaseArgs, true> = { name: true, owner: true };
const roleProperties: Record<keyof RoleArgs, true> = {
  password: true,
  login: true,
  replication: true,
  memberOf: true,
  createDatabases: true,
  connectionLimit: true,
};
const durabilities: Record<Durability, true> = { local: true, region: true };

/** What the rules of one property need to know of the others. */
interface Facts {
  readonly regions: readonly string[];
  readonly lost: readonly string[];
  readonly hibernated: readonly string[];
  /** The regions that are neither lost nor hibernated. */
  readonly active: readonly string[];
  readonly owner: string;
}

function factsOf(args: Unknowns): Facts {
  const regions = isRecord(args["regions"]) ? args["regions"] : {};
  const names = Object.keys(regions);
  const listed: unknown[] = Array.isArray(args["lost"]) ? args["lost"] : [];
  const lost = names.filter((name) => listed.includes(name));
  const hibernated = names.filter((name) => {
    const region = regions[name];
    return isRecord(region) && region["hibernated"] === true;
  });
  const database = isRecord(args["database"]) ? args["database"] : {};
  const owner = [database["owner"], database["name"]].find((name) => typeof name === "string") ?? "app";
  return {
    regions: names,
    lost,
    hibernated,
    active: names.filter((name) => !lost.includes(name) && !hibernated.includes(name)),
    owner,
  };
}

function* primaryFailures(primary: unknown, facts: Facts): Generator<Failure> {
  const propertyPath = "primary";
  const { regions, lost, hibernated, active } = facts;
  const choice = active.length > 0 ? `one of ${active.join(", ")}` : "the name of a region";
  if (!isPlain(primary)) {
    yield* unknownYet(propertyPath, primary);
  } else if (primary === undefined) {
    yield { propertyPath, reason: `is missing: must be ${choice}` };
  } else if (typeof primary !== "string") {
    yield { propertyPath, reason: `must be ${choice}, not ${shown(primary)}` };
  } else if (regions.length > 0 && !regions.includes(primary)) {
    yield { propertyPath, reason: `must be ${choice}, not ${shown(primary)}` };
  } else if (lost.includes(primary)) {
    yield { propertyPath, reason: `must be ${choice}, not ${shown(primary)}, which is lost` };
  } else if (hibernated.includes(primary)) {
    yield { propertyPath, reason: `must be ${choice}, not ${shown(primary)}, which is hibernated` };
  }
}

/** Aurora's limit: one writer and ten readers. */
const mostRegions = 11;

/** Refuses names that a region cannot have, and what `regionFailures` refuses of each. */
export function* regionsFailures(
  regions: unknown,
  regionFailures: (region: unknown, name: string, path: string) => Iterable<Failure>,
  propertyPath = "regions",
): Generator<Failure> {
  if (regions === undefined) {
    yield { propertyPath, reason: "is missing: must be an object of at least one region" };
    return;
  }
  if (!isRecord(regions)) {
    yield* notObject(propertyPath, regions, "regions, by name");
    return;
  }
  const names = Object.keys(regions);
  if (names.length === 0) {
    yield { propertyPath, reason: "must have at least one region" };
  }
  if (names.length > mostRegions) {
    yield { propertyPath, reason: `must have at most ${mostRegions} regions, not ${names.length}` };
  }
  for (const name of names) {
    const path = at(propertyPath, name);
    const region = regions[name];
    if (name.length > 40 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
      yield {
        propertyPath: path,
        reason: `must be named by 1 to 40 lower-case letters, digits and single hyphens between them, a letter first, not ${shown(name)}`,
      };
    }
    if (isRecord(region)) {
      yield* regionFailures(region, name, path);
    } else {
      yield* notObject(path, region ?? null);
    }
  }
}

/** Refuses all but a list of some of the regions. */
export function* lostFailures(
  lost: unknown,
  { regions, lost: known }: Pick<Facts, "regions" | "lost">,
): Generator<Failure> {
  const propertyPath = "lost";
  yield* notList(propertyPath, lost, "regions' names");
  if (!Array.isArray(lost)) {
    return;
  }
  for (const [index, name] of lost.entries()) {
    const path = at(propertyPath, index);
    if (!isPlain(name)) {
      yield* unknownYet(path, name);
    } else if (!regions.includes(name as string)) {
      yield { propertyPath: path, reason: `must be one of ${regions.join(", ")}, not ${shown(name)}` };
    } else if (lost.indexOf(name) < index) {
      yield { propertyPath: path, reason: `must be listed once, but ${shown(name)} already is` };
    }
  }
  if (regions.length > 0 && regions.every((name) => known.includes(name))) {
    yield { propertyPath, reason: "must leave at least one region, but every region is listed" };
  }
}

function* durabilityFailures(durability: unknown, { regions, active }: Facts): Generator<Failure> {
  const propertyPath = "durability";
  yield* notOneOf(propertyPath, durability, Object.keys(durabilities));
  if (durability === "region" && regions.length > 0 && active.length < 2) {
    const reason =
      '"region" needs a reader that is neither lost nor hibernated: add a region or set durability to "local"';
    yield { propertyPath, reason };
  }
}

/** What PostgreSQL's identifiers are here: none that would have to be quoted. */
const identifier =
  "1 to 63 lower-case letters, digits and underscores, the first of them not a digit" as const;

function isIdentifier(name: unknown): name is string {
  return typeof name === "string" && /^[a-z_][a-z0-9_]{0,62}$/.test(name);
}

/** How databases, their owners and roles may be named. */
export interface Naming {
  readonly expected: string;
  readonly test: (name: unknown) => name is string;
}

/** What is made here needs no quotes, so that SQL written by hand needs none either. */
export const ownNames: Naming = { expected: identifier, test: isIdentifier };

/** What comes from elsewhere is named as it is. */
export const foreignNames: Naming = {
  expected:
    "1 to 63 letters, digits, underscores, hyphens, dots and dollar signs, the first of them none of the last three",
  test: (name): name is string => typeof name === "string" && /^\w[\w.$-]{0,62}$/.test(name),
};

/** Why a role of the user's cannot have this name, or undefined. */
function reservedRole(name: string): string | undefined {
  if (["postgres", "streaming_replica"].includes(name)) {
    return `must not be ${shown(name)}, a role of the topology's own`;
  }
  return name.startsWith("pg_") || ["public", "none"].includes(name)
    ? `must not be ${shown(name)}, a name that PostgreSQL keeps for itself`
    : undefined;
}

function* databaseFailures(
  database: unknown,
  { owner: role }: Facts,
  { expected, test }: Naming,
): Generator<Failure> {
  const path = "database";
  yield* notObject(path, database);
  if (!isRecord(database)) {
    return;
  }
  yield* unknownProperties(path, database, Object.keys(databaseProperties));
  const { name, owner } = database;
  yield* mismatch(at(path, "name"), name, test, expected);
  if (["postgres", "template0", "template1"].includes(name as string)) {
    const reason = `must not be ${shown(name)}, a database of PostgreSQL's own`;
    yield { propertyPath: at(path, "name"), reason };
  }
  yield* mismatch(at(path, "owner"), owner, test, expected);
  const reserved = reservedRole(role);
  if (reserved !== undefined) {
    const reason = owner === undefined ? `${reserved}: give an owner unlike the database's name` : reserved;
    yield { propertyPath: at(path, "owner"), reason };
  }
}

function* rolesFailures(roles: unknown, { owner }: Facts, naming: Naming): Generator<Failure> {
  const propertyPath = "roles";
  yield* notObject(propertyPath, roles, "roles, by name");
  if (!isRecord(roles)) {
    return;
  }
  const known = [owner, ...Object.keys(roles)];
  for (const [name, role] of Object.entries(roles)) {
    const path = at(propertyPath, name);
    yield* roleNameFailures(path, name, owner, naming);
    if (isRecord(role)) {
      yield* roleFailures(path, role, known, naming);
    } else {
      yield* notHolder(path, role ?? null, "an object of properties");
    }
  }
  yield* membershipCycles(propertyPath, roles);
}

function* roleNameFailures(
  propertyPath: string,
  name: string,
  owner: string,
  { expected, test }: Naming,
): Generator<Failure> {
  const reserved = reservedRole(name);
  if (!test(name)) {
    yield { propertyPath, reason: `must be named by ${expected}, not ${shown(name)}` };
  } else if (reserved !== undefined) {
    yield { propertyPath, reason: reserved };
  } else if (name === owner) {
    yield { propertyPath, reason: `must not be ${shown(name)}, the owner of the database` };
  }
}

function* roleFailures(
  path: string,
  role: Unknowns,
  known: readonly string[],
  { test }: Naming,
): Generator<Failure> {
  yield* unknownProperties(path, role, Object.keys(roleProperties));
  const { password, memberOf } = role;
  const reason = password === undefined ? undefined : passwordReason(password);
  if (reason !== undefined) {
    yield { propertyPath: at(path, "password"), reason };
  }
  yield* notList(at(path, "memberOf"), memberOf, "roles' names");
  for (const [index, group] of Array.isArray(memberOf) ? memberOf.entries() : []) {
    const isGroup = (name: unknown) => test(name) && (known.includes(name) || name.startsWith("pg_"));
    const expected = `one of ${known.join(", ")} or a predefined role such as pg_read_all_data`;
    yield* mismatch(at(at(path, "memberOf"), index), group ?? null, isGroup, expected);
  }
  for (const property of ["login", "replication", "createDatabases"] as const) {
    yield* notBoolean(at(path, property), role[property]);
  }
  for (const property of ["password", "connectionLimit", "replication"] as const) {
    if (role["login"] === false && ![undefined, false].includes(role[property] as undefined)) {
      yield { propertyPath: at(path, property), reason: "must not be given where login is false" };
    }
  }
  yield* notWholeNumber(at(path, "connectionLimit"), role["connectionLimit"], 1, 2 ** 31 - 1);
}

/** Each cycle once, at the role where a walk in the order given first closes it. */
function* membershipCycles(path: string, roles: Unknowns): Generator<Failure> {
  const done = new Set<string>();
  function* walk(name: string, trail: readonly string[]): Generator<Failure> {
    if (trail.includes(name)) {
      const cycle = [...trail.slice(trail.indexOf(name)), name].join(", ");
      const propertyPath = at(at(path, trail.at(-1)!), "memberOf");
      yield { propertyPath, reason: `must not make a cycle of membership: ${cycle}` };
    } else if (!done.has(name)) {
      const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
      const groups = isRecord(role) && Array.isArray(role["memberOf"]) ? role["memberOf"] : [];
      for (const group of groups.filter((each) => typeof each === "string")) {
        yield* walk(group, [...trail, name]);
      }
      done.add(name);
    }
  }
  for (const name of Object.keys(roles)) {
    yield* walk(name, []);
  }
}

/** The topology adds regions without a restart, so there is room for all of them from the first day. */
const leastSenders = 24;

/** Parameters that the topology sets, and why they are not the user's. */
const managedParameters: readonly [RegExp, string][] = [
  [/^port$|^listen_addresses$|^unix_socket_/, "a region's endpoint decides it"],
  [
    /^(data_directory|hba_file|ident_file|config_file|external_pid_file)$/,
    "the engine decides where files are",
  ],
  [/^include(_dir|_if_exists)?$/, "settings must be seen to be checked"],
  [
    /^(ssl|ssl_(ca|cert|key|crl|dh_params)_\w+)$/,
    "every connection is verified against the topology's own authority",
  ],
  [
    /^ssl_(?!min_protocol_version$)/,
    "what servers and clients agree on by themselves; give ssl_min_protocol_version",
  ],
  [/^password_encryption$/, "every password is kept as SCRAM has it"],
  [/^(primary_conninfo|primary_slot_name|cluster_name)$/, "a reader follows whichever region writes"],
  [/^synchronous_(standby_names|commit)$/, "durability decides it"],
  [/^(hot_standby|promote_trigger_file)$/, "a region's role decides it"],
  [/^(default_)?transaction_read_only$/, "clients find the writer by it"],
  [/^recovery_min_apply_delay$/, "a reader must have replayed everything when it becomes the writer"],
  [/^(recovery_target|restore_command$)/, "a reader recovers to the end of what the writer sends"],
  [/^(wal_log_hints|full_page_writes)$/, "a lost region could not be rewound without it"],
  [/^wal_retrieve_retry_interval$/, "the length of a handover depends on it"],
];

/** Parameters that the user sets within limits: what is allowed, and the test of a value as text. */
const limitedParameters: Readonly<Record<string, readonly [string, (value: string) => boolean]>> = {
  wal_level: ['"replica" or "logical"', (value) => /^(replica|logical)$/i.test(value)],
  fsync: ["on, or nothing acknowledged would be safe", (value) => /^(on|true|yes|1)$/i.test(value)],
  ssl_min_protocol_version: [
    "TLSv1.2 or TLSv1.3, since older ones are broken",
    (value) => /^TLSv1\.[23]$/i.test(value),
  ],
  max_wal_senders: senders(),
  max_replication_slots: senders(),
};

function senders(): readonly [string, (value: string) => boolean] {
  return [
    `a whole number of ${leastSenders} or more, so that regions can be added without a restart`,
    (value) => /^\d+$/.test(value) && Number(value) >= leastSenders,
  ];
}

function* parametersFailures(parameters: unknown): Generator<Failure> {
  yield* notObject("parameters", parameters, "parameters, by name");
  if (!isRecord(parameters)) {
    return;
  }
  for (const [name, value] of Object.entries(parameters)) {
    yield* parameterFailures(at("parameters", name), name, value);
  }
}

function* parameterFailures(propertyPath: string, name: string, value: unknown): Generator<Failure> {
  const managed = managedParameters.find(([pattern]) => pattern.test(name.toLowerCase()));
  if (managed !== undefined) {
    yield { propertyPath, reason: `is set by the topology: ${managed[1]}` };
  } else if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(name)) {
    const reason = `must be named by lower-case letters, digits and underscores, not ${shown(name)}`;
    yield { propertyPath, reason };
  } else if (Object.hasOwn(limitedParameters, name)) {
    const [expected, test] = limitedParameters[name]!;
    yield* mismatch(propertyPath, value ?? null, (given) => isValue(given) && test(String(given)), expected);
  } else if (isPlain(value)) {
    const expected = "a text of one line, a finite number, true or false";
    yield* mismatch(propertyPath, value ?? null, isValue, expected);
  }
}

function isValue(value: unknown): boolean {
  return (
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value)) ||
    (typeof value === "string" && !/[\n\r\0]/.test(value))
  );
}
