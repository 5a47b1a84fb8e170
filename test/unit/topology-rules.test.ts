import { output } from "@pulumi/pulumi";
import * as fc from "fast-check";
import { topologyFailures } from "../../src/topology-rules";
import { passwordReason, secretsFailures } from "../../src/secrets/rules";
import type { TopologyArgs } from "../../src/topology";

// Faults are what the types do not let pass.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = Record<string, any>;

/** Valid, with everything in it. */
function validArgs(): Loose {
  return {
    primary: "rome",
    regions: { rome: {}, lisbon: {}, "paris-2": { hibernated: true }, oslo: {} },
    lost: ["oslo"],
    durability: "region",
    database: { name: "shop", owner: "keeper" },
    roles: {
      analyst: { memberOf: ["pg_read_all_data", "keeper"], connectionLimit: 3, createDatabases: false },
      clerk: { memberOf: ["analyst"], password: "b!g ~secret" },
      later: { password: output("secret") },
    },
    secrets: { passwordRotation: "2026" },
    parameters: {
      work_mem: "8MB",
      "auto_explain.log_min_duration": 50,
      jit: false,
      statement_timeout: output(5),
      wal_level: "logical",
      fsync: "on",
      max_wal_senders: 24,
      max_replication_slots: "30",
    },
  };
}

function linesOf(args: unknown): string[] {
  const failures = topologyFailures(args as TopologyArgs<Loose>, (region, name, path) =>
    region["broken"] === true ? [{ propertyPath: `${path}.broken`, reason: `${name} is broken` }] : [],
  );
  return failures.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
}

interface Fault {
  title: string;
  /** What it changes or depends on: faults combine where these differ. */
  touches: string[];
  spoil: (args: Loose) => void;
  lines: string[];
}

function fault(title: string, touches: string, spoil: (args: Loose) => void, ...lines: string[]): Fault {
  return { title, touches: touches.split(" "), spoil, lines };
}

const topologyNames = "primary, regions, lost, durability, database, roles, secrets, parameters";
const regionName =
  "must be named by 1 to 40 lower-case letters, digits and single hyphens between them, a letter first";
const identifier = "1 to 63 lower-case letters, digits and underscores, the first of them not a digit";
const value = "must be a text of one line, a finite number, true or false";
const groups = "must be one of keeper, analyst, clerk, later or a predefined role such as pg_read_all_data";
const unknown = "must be known before the deployment, not";

const wholes = [
  fault(
    "a misspelt property",
    "primry",
    (a) => (a.primry = 1),
    'primry: unknown property, did you mean "primary"?',
  ),
  fault(
    "an unknown property",
    "colour",
    (a) => (a.colour = 1),
    `colour: unknown property, must be one of ${topologyNames}`,
  ),
  fault(
    "no primary",
    "primary regions lost",
    (a) => delete a.primary,
    "primary: is missing: must be one of rome, lisbon",
  ),
  fault(
    "a number as primary",
    "primary regions lost",
    (a) => (a.primary = 5),
    "primary: must be one of rome, lisbon, not 5",
  ),
  fault(
    "null as primary",
    "primary regions lost",
    (a) => (a.primary = null),
    "primary: must be one of rome, lisbon, not null",
  ),
  fault(
    "an output as primary",
    "primary",
    (a) => (a.primary = output("rome")),
    `primary: ${unknown} an output`,
  ),
  fault(
    "a promise as primary",
    "primary",
    (a) => (a.primary = Promise.resolve("rome")),
    `primary: ${unknown} a promise`,
  ),
  fault(
    "a primary that is no region",
    "primary regions lost",
    (a) => (a.primary = "madrid"),
    'primary: must be one of rome, lisbon, not "madrid"',
  ),
  fault(
    "a primary named like a member of every object",
    "primary regions lost",
    (a) => (a.primary = "constructor"),
    'primary: must be one of rome, lisbon, not "constructor"',
  ),
  fault(
    "a lost primary",
    "primary regions lost",
    (a) => (a.primary = "oslo"),
    'primary: must be one of rome, lisbon, not "oslo", which is lost',
  ),
  fault(
    "a hibernated primary",
    "primary regions lost",
    (a) => (a.primary = "paris-2"),
    'primary: must be one of rome, lisbon, not "paris-2", which is hibernated',
  ),
];

const regions = [
  fault(
    "no regions",
    "regions lost",
    (a) => {
      delete a.regions;
      delete a.lost;
    },
    "regions: is missing: must be an object of at least one region",
  ),
  fault(
    "regions that are a list",
    "regions lost",
    (a) => {
      a.regions = ["rome"];
      delete a.lost;
    },
    "regions: must be an object of regions, by name, not a list",
  ),
  fault(
    "regions that are an output",
    "regions lost",
    (a) => {
      a.regions = output({});
      delete a.lost;
    },
    `regions: ${unknown} an output`,
  ),
  fault(
    "an empty set of regions",
    "regions lost",
    (a) => {
      a.regions = {};
      delete a.lost;
    },
    "regions: must have at least one region",
  ),
  fault(
    "more than 11 regions",
    "regions",
    (a) => {
      for (let n = 0; n < 8; n++) a.regions[`r${n}`] = {};
    },
    "regions: must have at most 11 regions, not 12",
  ),
  fault(
    "a region named in upper case",
    "regions",
    (a) => (a.regions.Rome = {}),
    `regions.Rome: ${regionName}, not "Rome"`,
  ),
  fault(
    "a region named digit first",
    "regions",
    (a) => (a.regions["2rome"] = {}),
    `regions["2rome"]: ${regionName}, not "2rome"`,
  ),
  fault(
    "a region named with a hyphen last",
    "regions",
    (a) => (a.regions["rome-"] = {}),
    `regions["rome-"]: ${regionName}, not "rome-"`,
  ),
  fault(
    "a region named with two hyphens in a row",
    "regions",
    (a) => (a.regions["ro--me"] = {}),
    `regions["ro--me"]: ${regionName}, not "ro--me"`,
  ),
  fault(
    "a region with a name too long",
    "regions",
    (a) => (a.regions["r".repeat(41)] = {}),
    `regions.${"r".repeat(41)}: ${regionName}, not "${"r".repeat(41)}"`,
  ),
  fault(
    "a region that is a number",
    "regions",
    (a) => (a.regions.bonn = 5432),
    "regions.bonn: must be an object of properties, not 5432",
  ),
  fault(
    "a region that is undefined",
    "regions",
    (a) => (a.regions.bonn = undefined),
    "regions.bonn: must be an object of properties, not null",
  ),
  fault(
    "a region that is an output",
    "regions",
    (a) => (a.regions.bonn = output({})),
    `regions.bonn: ${unknown} an output`,
  ),
  fault(
    "what the engine refuses of a region",
    "regions",
    (a) => (a.regions.bonn = { broken: true }),
    "regions.bonn.broken: bonn is broken",
  ),
];

const lost = [
  fault(
    "lost that is a text",
    "lost",
    (a) => (a.lost = "oslo"),
    `lost: must be a list of regions' names, not "oslo"`,
  ),
  fault(
    "a lost region that is a number",
    "lost regions",
    (a) => a.lost.push(7),
    "lost[1]: must be one of rome, lisbon, paris-2, oslo, not 7",
  ),
  fault(
    "a lost region that is no region",
    "lost regions",
    (a) => a.lost.push("bern"),
    'lost[1]: must be one of rome, lisbon, paris-2, oslo, not "bern"',
  ),
  fault(
    "a lost region that is an output",
    "lost",
    (a) => a.lost.push(output("rome")),
    `lost[1]: ${unknown} an output`,
  ),
  fault(
    "a region listed as lost twice",
    "lost",
    (a) => a.lost.push("oslo"),
    'lost[1]: must be listed once, but "oslo" already is',
  ),
  fault(
    "every region lost",
    "lost regions primary durability",
    (a) => {
      a.lost = Object.keys(a.regions);
      a.durability = "local";
    },
    'primary: must be the name of a region, not "rome", which is lost',
    "lost: must leave at least one region, but every region is listed",
  ),
];

const durability = [
  fault(
    "an unknown durability",
    "durability",
    (a) => (a.durability = "global"),
    'durability: must be one of local, region, not "global"',
  ),
  fault(
    "a durability that is an output",
    "durability",
    (a) => (a.durability = output("local")),
    `durability: ${unknown} an output`,
  ),
  fault(
    'durability "region" without an active reader',
    "durability lost regions",
    (a) => a.lost.push("lisbon"),
    'durability: "region" needs a reader that is neither lost nor hibernated: add a region or set durability to "local"',
  ),
];

const database = [
  fault(
    "a database that is a text",
    "database roles",
    (a) => (a.database = "shop"),
    'database: must be an object of properties, not "shop"',
    `roles.analyst.memberOf[1]: must be one of app, analyst, clerk, later or a predefined role such as pg_read_all_data, not "keeper"`,
  ),
  fault(
    "a misspelt property of the database",
    "database.x",
    (a) => (a.database.nmae = "shop"),
    'database.nmae: unknown property, did you mean "name"?',
  ),
  fault(
    "a database named in upper case",
    "database.name",
    (a) => (a.database.name = "Shop"),
    `database.name: must be ${identifier}, not "Shop"`,
  ),
  fault(
    "a database with no name",
    "database.name",
    (a) => (a.database.name = ""),
    `database.name: must be ${identifier}, not ""`,
  ),
  fault(
    "a database with a name too long",
    "database.name",
    (a) => (a.database.name = "s".repeat(64)),
    `database.name: must be ${identifier}, not "${"s".repeat(64)}"`,
  ),
  fault(
    "a database of PostgreSQL's own",
    "database.name",
    (a) => (a.database.name = "template1"),
    `database.name: must not be "template1", a database of PostgreSQL's own`,
  ),
  fault(
    "a database name that is an output",
    "database.name",
    (a) => (a.database.name = output("shop")),
    `database.name: ${unknown} an output`,
  ),
  fault(
    "an owner that is the superuser",
    "database roles",
    (a) => {
      a.database.owner = "postgres";
      delete a.roles;
    },
    `database.owner: must not be "postgres", a role of the topology's own`,
  ),
  fault(
    "an owner whose name is kept",
    "database roles",
    (a) => {
      a.database.owner = "pg_shop";
      delete a.roles;
    },
    `database.owner: must not be "pg_shop", a name that PostgreSQL keeps for itself`,
  ),
  fault(
    "an owner that defaults to a kept name",
    "database roles",
    (a) => {
      a.database = { name: "pg_shop" };
      delete a.roles;
    },
    `database.owner: must not be "pg_shop", a name that PostgreSQL keeps for itself: give an owner unlike the database's name`,
  ),
];

const roles = [
  fault(
    "roles that are a list",
    "roles",
    (a) => (a.roles = []),
    "roles: must be an object of roles, by name, not a list",
  ),
  fault(
    "a role with a hyphen",
    "roles",
    (a) => (a.roles["a-b"] = {}),
    `roles["a-b"]: must be named by ${identifier}, not "a-b"`,
  ),
  fault(
    "a role of the topology's own",
    "roles",
    (a) => (a.roles.streaming_replica = {}),
    `roles.streaming_replica: must not be "streaming_replica", a role of the topology's own`,
  ),
  fault(
    "a role whose name is kept",
    "roles",
    (a) => (a.roles.pg_mine = {}),
    'roles.pg_mine: must not be "pg_mine", a name that PostgreSQL keeps for itself',
  ),
  fault(
    "a role that is the owner",
    "roles database",
    (a) => (a.roles.keeper = {}),
    'roles.keeper: must not be "keeper", the owner of the database',
  ),
  fault(
    "a role that is null",
    "roles",
    (a) => (a.roles.guest = null),
    "roles.guest: must be an object of properties, not null",
  ),
  fault(
    "a password in the place of a role, without showing it",
    "roles",
    (a) => (a.roles.guest = "hunter2"),
    "roles.guest: must be an object of properties, not a text",
  ),
  fault(
    "a misspelt property of a role",
    "roles.later.x",
    (a) => (a.roles.later.memberof = []),
    'roles.later.memberof: unknown property, did you mean "memberOf"?',
  ),
  fault(
    "an empty password",
    "roles.later.password",
    (a) => (a.roles.later.password = ""),
    "roles.later.password: must not be empty",
  ),
  fault(
    "a password with an umlaut, which is not shown",
    "roles.later.password",
    (a) => (a.roles.later.password = "süß"),
    `roles.later.password: ${passwordReason("süß")}`,
  ),
  fault(
    "groups that are a text",
    "roles.later.memberOf",
    (a) => (a.roles.later.memberOf = "clerk"),
    `roles.later.memberOf: must be a list of roles' names, not "clerk"`,
  ),
  fault(
    "a group that is no role",
    "roles.later.memberOf roles",
    (a) => (a.roles.later.memberOf = ["boss"]),
    `roles.later.memberOf[0]: ${groups}, not "boss"`,
  ),
  fault(
    "a circle of groups",
    "roles.analyst.memberOf",
    (a) => a.roles.analyst.memberOf.push("clerk"),
    "roles.clerk.memberOf: must not make a cycle of membership: analyst, clerk, analyst",
  ),
  fault(
    "a role in itself",
    "roles.later.memberOf",
    (a) => (a.roles.later.memberOf = ["later"]),
    "roles.later.memberOf: must not make a cycle of membership: later, later",
  ),
  fault(
    "a connection limit of 0",
    "roles.later.limit",
    (a) => (a.roles.later.connectionLimit = 0),
    "roles.later.connectionLimit: must be a whole number from 1 to 2147483647, not 0",
  ),
  fault(
    "createDatabases that is a text",
    "roles.later.create",
    (a) => (a.roles.later.createDatabases = "yes"),
    'roles.later.createDatabases: must be true or false, not "yes"',
  ),
  fault(
    "login and replication that are texts",
    "roles.later.login",
    (a) => Object.assign(a.roles.later, { login: "yes", replication: "no" }),
    'roles.later.login: must be true or false, not "yes"',
    'roles.later.replication: must be true or false, not "no"',
  ),
  fault(
    "what only a role that logs in has",
    "roles.later.login",
    (a) => (a.roles.group = { login: false, password: "secret", connectionLimit: 3, replication: true }),
    "roles.group.password: must not be given where login is false",
    "roles.group.connectionLimit: must not be given where login is false",
    "roles.group.replication: must not be given where login is false",
  ),
];

const managed: [string, string][] = [
  ["port", "a region's endpoint decides it"],
  ["listen_addresses", "a region's endpoint decides it"],
  ["unix_socket_directories", "a region's endpoint decides it"],
  ["data_directory", "the engine decides where files are"],
  ["hba_file", "the engine decides where files are"],
  ["ident_file", "the engine decides where files are"],
  ["config_file", "the engine decides where files are"],
  ["ssl", "every connection is verified against the topology's own authority"],
  ["ssl_cert_file", "every connection is verified against the topology's own authority"],
  ["ssl_ca_file", "every connection is verified against the topology's own authority"],
  ["ssl_ciphers", "what servers and clients agree on by themselves; give ssl_min_protocol_version"],
  [
    "ssl_max_protocol_version",
    "what servers and clients agree on by themselves; give ssl_min_protocol_version",
  ],
  ["password_encryption", "every password is kept as SCRAM has it"],
  ["primary_conninfo", "a reader follows whichever region writes"],
  ["primary_slot_name", "a reader follows whichever region writes"],
  ["synchronous_standby_names", "durability decides it"],
  ["Synchronous_Commit", "durability decides it"],
  ["hot_standby", "a region's role decides it"],
  ["promote_trigger_file", "a region's role decides it"],
  ["recovery_min_apply_delay", "a reader must have replayed everything when it becomes the writer"],
  ["recovery_target_time", "a reader recovers to the end of what the writer sends"],
  ["restore_command", "a reader recovers to the end of what the writer sends"],
  ["wal_log_hints", "a lost region could not be rewound without it"],
  ["full_page_writes", "a lost region could not be rewound without it"],
  ["wal_retrieve_retry_interval", "the length of a handover depends on it"],
];

const senders = "must be a whole number of 24 or more, so that regions can be added without a restart";

function parameter(title: string, name: string, given: unknown, reason: string, path = `parameters.${name}`) {
  return fault(title, `parameters.${name}`, (a) => (a.parameters[name] = given), `${path}: ${reason}`);
}

const parameters = [
  fault(
    "parameters that are a list",
    "parameters",
    (a) => (a.parameters = []),
    "parameters: must be an object of parameters, by name, not a list",
  ),
  ...managed.map(([name, why]) =>
    parameter(`the parameter ${name}`, name, output("x"), `is set by the topology: ${why}`),
  ),
  parameter(
    "wal_level below replica",
    "wal_level",
    "minimal",
    'must be "replica" or "logical", not "minimal"',
  ),
  parameter("fsync off", "fsync", false, "must be on, or nothing acknowledged would be safe, not false"),
  parameter("fsync that is not known", "fsync", output("on"), `${unknown} an output`),
  parameter("too few senders", "max_wal_senders", 10, `${senders}, not 10`),
  parameter("too few slots, in text", "max_replication_slots", "23", `${senders}, not "23"`),
  parameter(
    "a parameter named in upper case",
    "Work_Mem",
    "8MB",
    'must be named by lower-case letters, digits and underscores, not "Work_Mem"',
  ),
  parameter(
    "a parameter whose name holds a line",
    "a\nb",
    1,
    'must be named by lower-case letters, digits and underscores, not "a\\nb"',
    'parameters["a\\nb"]',
  ),
  parameter("a parameter that is not a number", "jit_above_cost", NaN, `${value}, not NaN`),
  parameter("a parameter without end", "geqo_seed", Infinity, `${value}, not Infinity`),
  parameter("a parameter that is null", "geqo", null, `${value}, not null`),
  parameter("a parameter that is an object", "geqo", {}, `${value}, not an object`),
  parameter("a parameter of two lines", "log_line_prefix", "a\nport = 1", `${value}, not "a\\nport = 1"`),
  parameter("a parameter with a NUL", "log_line_prefix", "a\0", `${value}, not "a\\u0000"`),
];

/** Their wording is tested with their rules. */
function secretsLines(args: Loose): string[] {
  const known = { regions: ["rome", "lisbon", "paris-2", "oslo"], roles: ["keeper"] };
  return secretsFailures(args, known).map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
}

const secrets = [
  fault(
    "what the rules of secrets refuse",
    "secrets regions",
    (a) => (a.secrets.serverCertificates = { bern: {} }),
    ...secretsLines({ serverCertificates: { bern: {} } }),
  ),
  fault(
    "a password of a role that has its own",
    "secrets database roles",
    (a) => (a.secrets.passwords = { clerk: "secret" }),
    ...secretsLines({ passwords: { clerk: "secret" } }),
  ),
];

const faults = [
  ...wholes,
  ...regions,
  ...lost,
  ...durability,
  ...database,
  ...roles,
  ...parameters,
  ...secrets,
];

describe("topologyFailures", () => {
  it("takes valid arguments", () => {
    expect(linesOf(validArgs())).toEqual([]);
  });

  it("takes the least that is allowed", () => {
    expect(linesOf({ primary: "rome", regions: { rome: {} } })).toEqual([]);
  });

  it("takes properties that are undefined for absent", () => {
    const { primary, regions, ...optional } = validArgs();
    const absent = Object.fromEntries(Object.keys(optional).map((key) => [key, undefined]));
    expect(linesOf({ primary, regions, ...absent })).toEqual([]);
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [[], "a list"],
    [output({}), "an output"],
  ])("refuses arguments that are %p", (args, text) => {
    expect(linesOf(args)).toEqual([`args: must be an object of arguments, not ${text}`]);
  });

  it("takes the engine's own properties, and suggests them", () => {
    const linesFor = (property: string) =>
      topologyFailures({ ...validArgs(), [property]: 1 } as unknown as TopologyArgs<object>, () => [], [
        "dataDir",
      ]);
    expect(linesFor("dataDir")).toEqual([]);
    expect(linesFor("datadir")).toEqual([
      { propertyPath: "datadir", reason: 'unknown property, did you mean "dataDir"?' },
    ]);
  });

  it("knows at least 45 faults", () => {
    expect(faults.length).toBeGreaterThanOrEqual(45);
  });

  it.each(faults.map((each) => [each.title, each] as const))("refuses %s", (_title, { spoil, lines }) => {
    const args = validArgs();
    spoil(args);
    expect(linesOf(args)).toEqual(lines);
  });

  it("reports the faults of any combination all at once", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(faults, { minLength: 2 }), (chosen) => {
        const args = validArgs();
        const combined = chosen.reduce<Fault[]>(
          (taken, each) => (taken.some((other) => collide(each, other)) ? taken : [...taken, each]),
          [],
        );
        combined.forEach(({ spoil }) => spoil(args));
        expect(linesOf(args)).toEqual(expect.arrayContaining(combined.flatMap(({ lines }) => lines)));
      }),
      { numRuns: 500 },
    );
  });

  it("never shows a password", () => {
    const password = "p\u0007ssword-of-mine";
    const args = {
      ...validArgs(),
      roles: { clerk: { password } },
      secrets: { passwords: { postgres: password } },
    };
    expect(linesOf(args)).toHaveLength(2);
    expect(linesOf(args).join()).not.toContain("ssword-of-mine");
  });
});

function collide(one: Fault, other: Fault): boolean {
  return one.touches.some((left) =>
    other.touches.some(
      (right) => left === right || left.startsWith(`${right}.`) || right.startsWith(`${left}.`),
    ),
  );
}
