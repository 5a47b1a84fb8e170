import { refusesEach, wrong, type Fault } from "./faults";

const cidr = "must be a CIDR block such as 203.0.113.0/24";
const line = "must be one line of pg_hba.conf, such as hostssl all all all scram-sha-256";

const faults: Fault[] = [
  wrong("namespce", "a", 'unknown property, did you mean "namespace"?'),
  wrong(
    "namespace",
    "my.databases",
    'must be 1 to 63 lower-case letters, digits and hyphens, none of these first or last, not "my.databases"',
  ),
  wrong("createNamespace", "no", 'must be true or false, not "no"'),
  wrong("protect", 0, "must be true or false, not 0"),
  wrong("pgHba", [], "must be an object of properties, not a list"),
  wrong("pgHba.additionalCidr", [], 'unknown property, did you mean "additionalCidrs"?'),
  wrong("pgHba.additionalCidrs", "10.0.0.0/8", 'must be a list of CIDR blocks, not "10.0.0.0/8"'),
  [
    "networks that are none",
    (args) => (args.pgHba.additionalCidrs = ["all", "10.0.0.0/33", "::/129"]),
    `pgHba.additionalCidrs[0]: ${cidr}, not "all"`,
    `pgHba.additionalCidrs[1]: ${cidr}, not "10.0.0.0/33"`,
    `pgHba.additionalCidrs[2]: ${cidr}, not "::/129"`,
  ],
  [
    "networks beside rules of one's own",
    (args) => (args.pgHba.customRules = ["host all all all reject"]),
    "pgHba.additionalCidrs: must not be given beside customRules, which replace it",
  ],
  [
    "no rules of one's own",
    (args) => (args.pgHba = { customRules: [] }),
    "pgHba.customRules: must have a line: without any the operator lets in everybody by password, without TLS too",
  ],
  [
    "rules that cannot be read",
    (args) =>
      (args.pgHba = {
        customRules: [
          "",
          "hostsll all all all cert",
          "host all all all\nmd5",
          "host all all ${podselector:x} md5",
        ],
      }),
    `pgHba.customRules[0]: ${line}, not ""`,
    `pgHba.customRules[1]: ${line}, not "hostsll all all all cert"`,
    `pgHba.customRules[2]: ${line}, not "host all all all\\nmd5"`,
    `pgHba.customRules[3]: ${line}, not "host all all \${podselector:x} md5"`,
  ],
  wrong("operator", "cnpg.yaml", 'must be an object of properties, not "cnpg.yaml"'),
  wrong("operator.manifest", "", 'must be the path or the URL of the operator\'s YAML, not ""'),
  wrong("operator.pullsecret", "", 'unknown property, did you mean "pullSecret"?'),
  wrong("operator.pullSecret", "", "must be the text of a .dockerconfigjson, not an empty text"),
  wrong("operator.pullSecret", "registry", "must be the text of a .dockerconfigjson, which is JSON"),
  wrong("operator.pullSecret", 5, "must be the text of a .dockerconfigjson, not 5"),
  [
    "no manifest",
    (args) => (args.operator = {}),
    "operator.manifest: is missing: must be the path or the URL of the operator's YAML",
  ],
  wrong("sharedSecrets", ["a"], "must be an object of secrets, by name, not a list"),
  wrong("sharedSecrets.keys", "hush", "must be an object of texts, by key, not a text"),
  [
    "a secret that is a number",
    (args) => (args.sharedSecrets.keys = { a: 5 }),
    "sharedSecrets.keys.a: must be a text, not 5",
  ],
  [
    "a secret by no name",
    (args) => (args.sharedSecrets = { Keys: {} }),
    'sharedSecrets.Keys: must be named by lower-case letters, digits, hyphens and dots, a letter or a digit first and last, not "Keys"',
  ],
  [
    "keys that are no names of files",
    (args) => (args.sharedSecrets = { keys: { "a/b": "c", "..d": "e" } }),
    'sharedSecrets.keys["a/b"]: must be named by letters, digits, hyphens, underscores and dots, not "a/b"',
    'sharedSecrets.keys["..d"]: must be named by letters, digits, hyphens, underscores and dots, not "..d"',
  ],
  ...["db-ca", "db-server", "db-replication", "db-role-app", "db-rome-app", "db-oslo-pull-secret"].map(
    (secret): Fault => [
      `a shared secret named ${secret}`,
      (args) => (args.sharedSecrets = { [secret]: {} }),
      `sharedSecrets["${secret}"]: must not be "${secret}", a secret of the topology's own`,
    ],
  ),
  wrong("roles.cnpg_reader", {}, 'must not be "cnpg_reader", a name that the operator keeps for itself'),
  wrong("database.owner", "cnpg_app", 'must not be "cnpg_app", a name that the operator keeps for itself'),
  [
    "a database by whose name its owner cannot be called",
    (args) => (args.database = { name: "cnpg_shop" }),
    'database.owner: must not be "cnpg_shop", a name that the operator keeps for itself: give an owner unlike the database\'s name',
  ],
];

describe("CnpgPostgres, of what all regions have alike,", () => {
  refusesEach(faults);
});
