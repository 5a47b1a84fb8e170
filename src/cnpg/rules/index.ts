import { at, isPlain, isRecord, mismatch, notBoolean, shown, type Failure, type Unknowns } from "../../rules";
import { notHolder } from "../../secrets/rules";
import type { TopologyArgs } from "../../topology";
import { ownNames, topologyFailures } from "../../topology-rules";
import type { CnpgPostgresArgs, OperatorArgs, PgHbaArgs } from "../args";
import { certificatesFailures } from "./certificates";
import { clusterFailures, clusterProperties } from "./cluster";
import { databasesFailures, namingOf } from "./databases";
import { externalWriterFailures } from "./external-writer";
import { networkFailures } from "../../kubernetes/cluster-rules";
import { isDataKey, isLabel, isSubdomain } from "../../kubernetes/formats";
import { listFailures, missing, notSecretObject, notSecretText, objectFailures } from "../../rule-shapes";
import { manifestNames, rolePrefix } from "../manifests/names";
import { initdbFailures } from "./initdb";
import { initSqlFailures, originFailures } from "./origin";
import { parametersFailures } from "./parameter";
import { clusterName } from "../plan";
import { placesFailures, regionFailures } from "./region";
import { poolerPath, wishesFailures } from "./wish";

/** All that `CnpgPostgres` refuses, at once: what a region's operator would refuse later, too. */
export function cnpgFailures(name: string, args: CnpgPostgresArgs): Failure[] {
  const given: unknown = args;
  const naming = isRecord(given) ? namingOf(given) : ownNames;
  const common = topologyFailures(args, regionFailures, Object.keys(cnpgProperties), naming);
  const refused = new Set(common.map(({ propertyPath }) => propertyPath));
  const own = (isRecord(given) ? [...ownFailures(name, given)] : []).filter(
    ({ propertyPath }) => !refused.has(propertyPath),
  );
  // What is wrong with wishes of all regions is found in every region.
  const once = new Map(own.map((failure) => [`${failure.propertyPath}: ${failure.reason}`, failure]));
  return [...common, ...once.values()];
}

// The compiler keeps these lists complete.
const cnpgProperties: Record<Exclude<keyof CnpgPostgresArgs, keyof TopologyArgs<unknown>>, true> = {
  defaults: true,
  externalWriter: true,
  namespace: true,
  createNamespace: true,
  pgHba: true,
  certificates: true,
  initdb: true,
  origin: true,
  initSql: true,
  databases: true,
  operator: true,
  sharedSecrets: true,
  protect: true,
};
const pgHbaProperties: Record<keyof PgHbaArgs, true> = { additionalCidrs: true, customRules: true };
const operatorProperties: Record<keyof OperatorArgs, true> = { manifest: true, pullSecret: true };

function* ownFailures(name: string, args: Unknowns): Generator<Failure> {
  const regions = isRecord(args["regions"]) ? args["regions"] : {};
  yield* namesFailures(name, Object.keys(regions));
  yield* placesFailures(regions);
  yield* objectFailures("defaults", args["defaults"], Object.keys(clusterProperties), (defaults) =>
    clusterFailures("defaults", defaults),
  );
  yield* wishesFailures(args);
  yield* externalWriterFailures(args);
  yield* rolesFailures(args);
  yield* parametersFailures(args["parameters"]);
  yield* mismatch("namespace", args["namespace"], isLabel, namespace);
  yield* notBoolean("createNamespace", args["createNamespace"]);
  yield* pgHbaFailures("pgHba", args["pgHba"]);
  yield* certificatesFailures("certificates", args, poolerPath(args));
  yield* originFailures("origin", args["origin"]);
  yield* initdbFailures("initdb", args);
  yield* initSqlFailures("initSql", args["initSql"], args["origin"]);
  yield* databasesFailures("databases", args);
  yield* operatorFailures("operator", args["operator"]);
  yield* sharedSecretsFailures("sharedSecrets", args["sharedSecrets"], name, Object.keys(regions));
  yield* notBoolean("protect", args["protect"]);
}

const namespace = "1 to 63 lower-case letters, digits and hyphens, none of these first or last";

/** The operator's limit. */
const longestCluster = 50;

/** As the operator's `validateName`: the cluster's name is that of services too. */
function* namesFailures(name: unknown, regions: readonly string[]): Generator<Failure> {
  if (typeof name !== "string" || !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    const expected = "lower-case letters, digits and hyphens, a letter first and no hyphen last";
    yield { propertyPath: "name", reason: `must be ${expected}, not ${shown(name)}` };
    return;
  }
  for (const region of regions) {
    const cluster = clusterName(name, region);
    if (cluster.length > longestCluster) {
      const reason = `must make a name of at most ${longestCluster} characters with the component's, not ${shown(cluster)}`;
      yield { propertyPath: at("regions", region), reason };
    }
  }
}

/** As the operator's `validateManagedRoles`. */
function* rolesFailures({ roles, database }: Unknowns): Generator<Failure> {
  for (const role of Object.keys(isRecord(roles) ? roles : {})) {
    yield* roleFailures(at("roles", role), role);
  }
  const { name, owner } = isRecord(database) ? database : {};
  for (const { propertyPath, reason } of roleFailures("database.owner", owner ?? name)) {
    const hint = owner === undefined ? ": give an owner unlike the database's name" : "";
    yield { propertyPath, reason: `${reason}${hint}` };
  }
}

function* roleFailures(propertyPath: string, role: unknown): Generator<Failure> {
  if (typeof role === "string" && role.startsWith("cnpg_")) {
    yield { propertyPath, reason: `must not be ${shown(role)}, a name that the operator keeps for itself` };
  }
}

function pgHbaFailures(path: string, pgHba: unknown): Generator<Failure> {
  return objectFailures(
    path,
    pgHba,
    Object.keys(pgHbaProperties),
    function* ({ additionalCidrs, customRules }) {
      const rulesPath = at(path, "customRules");
      yield* listFailures(at(path, "additionalCidrs"), additionalCidrs, "CIDR blocks", networkFailures);
      yield* listFailures(rulesPath, customRules, "lines of pg_hba.conf", ruleFailures);
      if (Array.isArray(customRules) && customRules.length === 0) {
        const reason =
          "must have a line: without any the operator lets in everybody by password, without TLS too";
        yield { propertyPath: rulesPath, reason };
      }
      if (additionalCidrs !== undefined && customRules !== undefined) {
        const reason = "must not be given beside customRules, which replace it";
        yield { propertyPath: at(path, "additionalCidrs"), reason };
      }
    },
  );
}

/** As the operator's `validatePodSelectorRefs`, and as PostgreSQL, which does not start with a line it cannot read. */
function ruleFailures(path: string, rule: unknown): Generator<Failure> {
  const start =
    /^\s*(#|(local|host|hostssl|hostnossl|hostgssenc|hostnogssenc|include|include_if_exists|include_dir)\s)/;
  const isRule = (given: unknown) =>
    typeof given === "string" && start.test(given) && !/[\n\r\0]|\$\{[^:]+:[^}]+\}/.test(given);
  return mismatch(path, rule, isRule, "one line of pg_hba.conf, such as hostssl all all all scram-sha-256");
}

function operatorFailures(path: string, operator: unknown): Generator<Failure> {
  return objectFailures(
    path,
    operator,
    Object.keys(operatorProperties),
    function* ({ manifest, pullSecret }) {
      const isPlace = (given: unknown) => typeof given === "string" && given !== "";
      yield* missing(at(path, "manifest"), manifest, "the path or the URL of the operator's YAML");
      yield* mismatch(at(path, "manifest"), manifest, isPlace, "the path or the URL of the operator's YAML");
      yield* notSecretText(at(path, "pullSecret"), pullSecret, "the text of a .dockerconfigjson");
      if (typeof pullSecret === "string" && pullSecret !== "" && !isJson(pullSecret)) {
        yield {
          propertyPath: at(path, "pullSecret"),
          reason: "must be the text of a .dockerconfigjson, which is JSON",
        };
      }
    },
  );
}

function isJson(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}

/** What each says is secret: no reason shows it. */
function* sharedSecretsFailures(
  path: string,
  secrets: unknown,
  name: string,
  regions: readonly string[],
): Generator<Failure> {
  yield* notSecretObject(path, secrets, "secrets, by name");
  for (const [secret, data] of Object.entries(isRecord(secrets) ? secrets : {})) {
    const propertyPath = at(path, secret);
    if (!isSubdomain(secret)) {
      const expected = "lower-case letters, digits, hyphens and dots, a letter or a digit first and last";
      yield { propertyPath, reason: `must be named by ${expected}, not ${shown(secret)}` };
    } else if (isTaken(secret, name, regions)) {
      yield { propertyPath, reason: `must not be ${shown(secret)}, a secret of the topology's own` };
    }
    yield* notSecretObject(propertyPath, data ?? null, "texts, by key");
    for (const [key, value] of Object.entries(isRecord(data) ? data : {})) {
      yield* dataFailures(at(propertyPath, key), key, value);
    }
  }
}

function* dataFailures(propertyPath: string, key: string, value: unknown): Generator<Failure> {
  if (!isDataKey(key)) {
    const reason = `must be named by letters, digits, hyphens, underscores and dots, not ${shown(key)}`;
    yield { propertyPath, reason };
  } else if (isPlain(value) && typeof value !== "string") {
    yield* notHolder(propertyPath, value ?? null, "a text");
  }
}

/** The secrets that this package makes, and those that the operator makes by the names of clusters. */
function isTaken(secret: string, name: string, regions: readonly string[]): boolean {
  const names = manifestNames(name);
  const kinds = [
    "ca",
    "server",
    "replication",
    "superuser",
    "app",
    "pull-secret",
    "pooler",
    "pooler-rw-pull",
    "pooler-ro-pull",
  ];
  const operators = regions.flatMap((region) => kinds.map((kind) => `${clusterName(name, region)}-${kind}`));
  return (
    [
      names.ca,
      names.server,
      names.replication,
      names.pooler,
      names.origin,
      names.externalWriter,
      ...operators,
    ].includes(secret) || secret.startsWith(rolePrefix(name))
  );
}
