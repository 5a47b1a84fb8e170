import { refusesEach, type Fault, type Loose } from "./faults";

const old = { host: "old.example.com", user: "mover", password: "secret", sslMode: "disable" };
const kinds = "must be exactly one of recovery, clone, import";

/** Another origin in the place of the import. */
function origin(given: Loose, ...lines: string[]): Fault {
  const change = (args: Loose) => {
    args.origin = given;
    delete args.initSql;
  };
  return [`the origin ${JSON.stringify(given).slice(0, 200)}`, change, ...lines];
}

const faults: Fault[] = [
  origin({}, `origin: ${kinds}, not none`),
  origin(
    { clone: old, recovery: { destinationPath: "s3://a", serverName: "b" } },
    `origin: ${kinds}, not recovery and clone`,
  ),
  origin(
    { copy: old },
    "origin.copy: unknown property, must be one of recovery, clone, import",
    `origin: ${kinds}, not none`,
  ),
  origin(
    { clone: {} },
    "origin.clone.host: is missing: must be the DNS name or the IP address of the server",
    "origin.clone.user: is missing: must be the name of a role",
    "origin.clone.password: is missing: must be given, or clientCertificate",
    'origin.clone.caCertificate: is missing: sslMode is "verify-full" by default, which takes the authority of the server\'s certificate',
  ),
  origin(
    { clone: { ...old, clientCertificate: { certificate: "none" }, caCertificate: "none" } },
    "origin.clone.clientCertificate.certificate: must be a certificate in PEM",
    "origin.clone.clientCertificate.privateKey: is missing: a certificate and its key go together",
    "origin.clone.caCertificate: must be a certificate in PEM",
  ),
  origin(
    { clone: { ...old, databases: ["shop"] } },
    "origin.clone.databases: unknown property, must be one of host, port, user, password, clientCertificate, caCertificate, sslMode",
  ),
  origin(
    { recovery: { destinationPath: "s3://backups", serverName: "a/b", targetTime: "2026-02-30T12:00:00Z" } },
    'origin.recovery.serverName: must be the name of the Cluster whose backups they are, such as db-rome, not "a/b"',
    'origin.recovery.targetTime: must be a time such as 2026-01-31T12:00:00Z, not "2026-02-30T12:00:00Z"',
  ),
  origin(
    { import: { ...old, databases: ["one", "two"] } },
    "origin.import.databases: must be one database's name where one is imported",
  ),
  origin(
    { import: { ...old, databases: ["*"] } },
    "origin.import.databases: must be one database's name where one is imported",
  ),
  origin(
    { import: { ...old, databases: ["one"], roles: ["clerk"] } },
    'origin.import.roles: must not be given unless type is "monolith"',
  ),
  origin(
    { import: { ...old, type: "monolith", databases: ["*", "one"], roles: ["*", "clerk"] } },
    "origin.import.databases: must have no other name beside *",
    "origin.import.roles: must have no other name beside *",
  ),
  origin(
    { import: { ...old, type: "monolith", databases: [] } },
    "origin.import.databases: must name a database, or be * for all",
  ),
  [
    "a database's name with a star",
    (args) => (args.origin.import.databases = ["sh*p"]),
    'origin.import.databases[0]: must be a name, or * alone for all, not "sh*p"',
  ],
  [
    "a statement that says nothing",
    (args) => (args.initSql.statements = ["SELECT 1", " "]),
    'initSql.statements[1]: must be an SQL statement, not " "',
  ],
  [
    "SQL beside what brings its databases as they are",
    (args) => (args.origin = { clone: old }),
    "initSql: must not be given beside origin.clone, which brings databases as they are",
  ],
  [
    "SQL of ConfigMaps beside an import",
    (args) => (args.initSql.configMaps = [{ name: "init", key: "a.sql" }]),
    "initSql.configMaps: must not be given beside origin.import: the operator would run it before the import",
  ],
  [
    "a shared secret in the place of the origin's",
    (args) => (args.sharedSecrets = { "db-origin": {} }),
    'sharedSecrets["db-origin"]: must not be "db-origin", a secret of the topology\'s own',
  ],
];

describe("CnpgPostgres, of an origin,", () => {
  refusesEach(faults);
});
