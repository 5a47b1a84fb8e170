import { brought } from "../../secrets/brought";
import { linesOf, refusesEach, validArgs, wrong, type Fault } from "./faults";

const foreign =
  "1 to 63 letters, digits, underscores, hyphens, dots and dollar signs, the first of them none of the last three";
const login = { username: "one", password: "secret" };
const outside = {
  host: "old.example.com",
  caCertificate: brought.ca.certificate,
  superuser: login,
  replication: login,
  authenticator: login,
};
const server = { host: "old.example.com", user: "mover", password: "secret", sslMode: "require" };

const faults: Fault[] = [
  [
    "a name that would need quotes in what is made here",
    (args) => {
      args.databases = { "Old-Shop": {} };
      delete args.roles["Old-Group"];
      delete args.origin;
    },
    'databases["Old-Shop"]: must be named by 1 to 63 lower-case letters, digits and underscores, the first of them not a digit, not "Old-Shop"',
  ],
  [
    "a name that nothing has",
    (args) => (args.databases = { "a b": {} }),
    `databases["a b"]: must be named by ${foreign}, not "a b"`,
  ],
  wrong("databases.postgres", {}, 'must not be "postgres", a database of PostgreSQL\'s own'),
  wrong("databases.app.owner", "clerk", "must not be given: database.owner decides it"),
  [
    "an owner that nobody has made",
    (args) => {
      args.databases.reports.owner = "nobody";
      delete args.roles["Old-Group"];
      delete args.origin;
    },
    'databases.reports.owner: must be one of app, clerk, _keeper, not "nobody"',
  ],
  wrong(
    "databases.reports.schemas.pg_own",
    {},
    `must be named by ${foreign}, without pg_ before them, not "pg_own"`,
  ),
  wrong("databases.app.extensions.vector", "0.7", 'must be an object of properties, not "0.7"'),
  wrong("databases.app.extensions.vector.version", "", 'must be a version, such as 1.10, not ""'),
];

const elsewhere: [string, object][] = [
  ["externalWriter", { externalWriter: outside, initSql: undefined, roles: undefined }],
  ["origin.clone", { origin: { clone: server }, initSql: undefined }],
  ["origin.import", { origin: { import: { ...server, databases: ["Old-Shop"] } } }],
  [
    "origin.recovery",
    {
      origin: { recovery: { destinationPath: "s3://old", serverName: "old" } },
      initSql: undefined,
    },
  ],
];

describe("CnpgPostgres, of databases,", () => {
  refusesEach(faults);

  it.each(elsewhere)("takes names as they are in what comes from %s", (_, changes) => {
    const names = { database: { name: "Old-Shop", owner: "Old.Keeper_" }, databases: { "2nd-Shop_": {} } };
    const args = { ...validArgs(), origin: undefined, ...changes, ...names };
    expect(linesOf(args)).toEqual([]);
  });
});
