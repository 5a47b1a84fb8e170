import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fc from "fast-check";
import type { CertificatesArgs, CnpgClusterArgs, CnpgPostgresArgs, ExternalWriterArgs } from "../../src/cnpg";
import { scheduledBackupSpec } from "../../src/cnpg/manifests/backup-spec";
import { clusterSpec } from "../../src/cnpg/manifests/cluster-spec";
import { parameters as parametersOf } from "../../src/cnpg/manifests/parameters";
import { databaseSpec } from "../../src/cnpg/manifests/database-spec";
import { manifestNames } from "../../src/cnpg/manifests/names";
import { bootstrapSpec } from "../../src/cnpg/manifests/origin-spec";
import { poolerSpec } from "../../src/cnpg/manifests/pooler-spec";
import { planTopology } from "../../src/cnpg/plan";
import { cnpgFailures } from "../../src/cnpg/rules";
import { kubeconfigs, tool } from "../support/regions";
import { brought } from "../unit/secrets/brought";

const topologies = 1000;
const one = <T>(...values: T[]) => fc.constantFrom(...values);

// Good values and bad ones: the rules have to tell them apart before the operator does.
const wishes: { [Wish in keyof Required<CnpgClusterArgs>]: fc.Arbitrary<CnpgClusterArgs[Wish]> } = {
  instances: one(1, 2, 3, 20, 0, 21),
  image: one(
    "localhost/postgresql:17",
    "example.com:5000/postgres:16.4-bookworm",
    "postgres:latest",
    "postgres",
  ),
  imageCatalog: one({ name: "images", major: 17 }, { name: "images", major: 9, kind: "ImageCatalog" }),
  imagePullSecrets: one(["pull"], ["pull", "other"]),
  storage: one({ size: "10Gi" }, { size: "20Gi", storageClass: "standard" }, { size: "0" }, { size: "big" }),
  walStorage: one({ size: "5Gi" }, { size: "1Gi" }, { size: "-1Gi" }),
  resources: one(
    { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "1Gi" } },
    { requests: { memory: "64Mi" } },
    { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } },
  ),
  affinity: one(
    { podAntiAffinityType: "required", topologyKey: "topology.kubernetes.io/zone" },
    { nodeSelector: { disk: "fast" }, tolerations: [{ key: "db", operator: "Exists" }] },
    { tolerations: [{ key: "db", operator: "Exists", value: "yes" }] },
    { tolerations: [{ operator: "Equal" }] },
    {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "disk", operator: "In", values: ["fast"] }] }],
        },
      },
      additionalPodAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] },
    },
  ),
  topologySpreadConstraints: one(
    [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
    [{ maxSkew: 1 }],
  ),
  priorityClass: one("system-cluster-critical", "Not a class"),
  startDelaySeconds: one(600, 0),
  stopDelaySeconds: one(300, 1),
  inheritedMetadata: one(
    { labels: { team: "shop" }, annotations: { note: "ours" } },
    { labels: { "a b": "c" } },
  ),
  env: one({ TZ: "UTC" }, { PGDATA: "/data" }, { CNPG_x: "1" }, { pod_name: "1" }),
  serviceAccountAnnotations: one({ "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/db" }),
  synchronizeLogicalDecoding: fc.boolean(),
  sharedPreloadLibraries: one(["pg_stat_statements"], ["auto_explain", "pgaudit"]),
  extensionImages: one(
    { pgvector: { image: "example.com/pgvector:0.8.1-18" } },
    { postgis: { image: "postgis:3.6", ldLibraryPath: ["system"] }, pg_ivm: {} },
    { "pg-ivm": { image: "ivm" }, pg_ivm: { image: "ivm" } },
    { postgis: { image: "postgis:3.6", ldLibraryPath: ["../lib"] } },
    { PostGIS: { image: "postgis:3.6" } },
  ),
  synchronous: one(
    { number: 1 },
    { number: 2, method: "first" },
    { number: 1, failoverQuorum: true },
    { number: 0 },
  ),
  primaryUpdateMethod: one("restart", "switchover"),
  monitoring: one({ podMonitor: true }, { customQueriesConfigMaps: [{ name: "queries", key: "more" }] }),
  logLevel: one("debug", "info"),
  podDisruptionBudget: fc.boolean(),
  readOnlyServices: fc.boolean(),
  poolers: one(
    {
      readWrite: {
        poolMode: "transaction",
        parameters: { default_pool_size: 5, client_tls_sslmode: "prefer" },
      },
    },
    { readWrite: { instances: 2 }, readOnly: {} },
    { readWrite: { parameters: { listen_port: 6432 } } },
    {},
  ),
  backup: fc.record({
    destinationPath: one("s3://backups/db", "gs://backups"),
    schedule: one(
      "0 0 3 * * *",
      "*/10 0-30/5 ? 1,15 JAN-Mar mon",
      "59 59 23 31 12 6",
      "5/20 0 0 ? * sun-tue,4",
      "0 0 3 * *",
      "0 0 24 * * *",
      "0 0 3 5-1 * *",
      "0 0 3 * * */0",
      "0 0 3 0 * *",
    ),
  }),
};

const parameters = fc.dictionary(
  one(
    "work_mem",
    "max_connections",
    "shared_buffers",
    "min_wal_size",
    "max_wal_size",
    "wal_level",
    "wal_keep_size",
    "max_slot_wal_keep_size",
    "hot_standby_feedback",
    "sync_replication_slots",
    "ssl_min_protocol_version",
  ),
  one(
    "on",
    "off",
    "TLSv1.2",
    "64MB",
    "256MB",
    "1GB",
    "80",
    "replica",
    "logical",
    "minimal",
    "Logical",
    "5GB",
  ),
  // Most values are no parameter's of these: with more, too few topologies would be right.
  { maxKeys: 2 },
);

const someWishes = fc
  .subarray(Object.keys(wishes) as (keyof CnpgClusterArgs)[], { maxLength: 3 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, wishes[name]]))))
  .map((given) => given as CnpgClusterArgs);

const user = { username: "postgres", password: "password" };
const outside: ExternalWriterArgs = {
  host: "192.0.2.4",
  caCertificate: brought.ca.certificate,
  superuser: user,
  replication: user,
  authenticator: user,
};

const args: fc.Arbitrary<CnpgPostgresArgs> = fc
  .record({
    primary: one("rome", "lisbon"),
    durability: one("local" as const, "region" as const),
    own: someWishes,
    defaults: someWishes,
    parameters,
    externalWriter: one<Partial<Pick<CnpgPostgresArgs, "externalWriter">>>(
      {},
      {},
      {},
      {},
      { externalWriter: outside },
      { externalWriter: { ...outside, host: "::1", port: 1, sslMode: "verify-ca" } },
    ),
    roles: one(
      {},
      { debezium: { replication: true }, group: { login: false } },
      { reader: { memberOf: ["pg_read_all_data"], connectionLimit: 5 } },
    ),
    pgHba: one(
      {},
      { additionalCidrs: ["198.18.0.0/15"] },
      { customRules: ["hostssl all all all scram-sha-256"] },
    ),
    certificates: one<CertificatesArgs>("shared", "operator", {
      ca: "company-ca",
      server: "server",
      replication: "replication",
      pooler: "pooler",
      caCertificate: brought.ca.certificate,
      clientCa: "clients-ca",
    }),
  })
  .map(({ own, externalWriter, ...rest }) => ({
    ...rest,
    ...externalWriter,
    namespace: "default",
    regions: {
      rome: { kubeconfig: "rome.yaml", host: "rome.example.com", ...own },
      lisbon: { kubeconfig: "lisbon.yaml", host: "lisbon.example.com" },
    },
  }));

const server = { host: "old.example.com", user: "mover", password: "secret", sslMode: "require" } as const;
const imports = fc.record(
  {
    type: one("microservice" as const, "monolith" as const),
    databases: one(["shop"], ["shop", "stock"], ["*"], [], ["*", "shop"]),
    roles: one(["clerk"], ["*"], ["*", "clerk"]),
  },
  { requiredKeys: ["databases"] },
);
const origins: fc.Arbitrary<NonNullable<CnpgPostgresArgs["origin"]>> = fc.oneof(
  one({ clone: server }),
  imports.map((wishes) => ({ import: { ...server, ...wishes } })),
  fc
    .record(
      {
        targetTime: one(
          "2026-01-31T12:00:00Z",
          "2026-01-31T12:00:00.123456+02:00",
          "2026-02-30T12:00:00Z",
          "yesterday",
        ),
      },
      { requiredKeys: [] },
    )
    .map((wishes) => ({
      recovery: { destinationPath: "s3://backups/db", serverName: "db-rome", ...wishes },
    })),
);
const founded: fc.Arbitrary<CnpgPostgresArgs> = fc.record(
  {
    origin: origins,
    initSql: one({ statements: ["SELECT 1"] }, { configMaps: [{ name: "init", key: "a.sql" }] }),
    databases: one<NonNullable<CnpgPostgresArgs["databases"]>>(
      { reports: { schemas: { daily: { owner: "app" } }, extensions: { pg_trgm: { schema: "daily" } } } },
      { app: { extensions: { pg_stat_statements: {}, "uuid-ossp": { version: "1.1" } } } },
      { _reports_2: {}, stock: { owner: "app" } },
      { postgres: {} },
    ),
    defaults: wishes.backup.map((backup) => (backup === undefined ? {} : { backup })),
    primary: one("rome"),
    namespace: one("default"),
    regions: one({
      rome: { kubeconfig: "rome.yaml", host: "rome.example.com" },
      lisbon: { kubeconfig: "lisbon.yaml", host: "lisbon.example.com" },
    }),
  },
  { requiredKeys: ["primary", "namespace", "regions"] },
);

describe("the operator's own webhook", () => {
  // What is founded has more that can be wrong.
  const generated = [
    fc.sample(args, { numRuns: topologies, seed: 5 }),
    fc.sample(founded, { numRuns: 2 * topologies, seed: 5 }),
  ].map((each) => each.filter((given) => cnpgFailures("db", given).length === 0));
  const accepted = generated.flat();

  it("accepts whatever the rules let through, as a writer and as a reader", async () => {
    for (const { length } of generated) {
      expect(length).toBeGreaterThan(100);
      expect(length).toBeLessThan(topologies);
    }
    const objects = accepted.flatMap((each, index) => render(`t${index}`, each));
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(
      new Set(["Cluster", "Pooler", "Database", "ScheduledBackup"]),
    );
    expect(await refusals(objects)).toEqual([]);
  });

  it("refuses a Cluster that no rule has let through: it is asked indeed", async () => {
    const [cluster] = render("bad", accepted[0]!);
    const told = await refusals([{ ...cluster!, spec: { ...cluster!.spec, instances: 0 } }]);
    expect(told.join()).toContain("spec.instances");
  });
});

function render(name: string, given: CnpgPostgresArgs) {
  const plan = planTopology(name, given);
  const names = manifestNames(name);
  const object = (kind: string, objectName: string, spec: object) => ({
    apiVersion: "postgresql.cnpg.io/v1",
    kind,
    metadata: { name: objectName, namespace: plan.namespace },
    spec,
  });
  return plan.regions.flatMap((region) => [
    object(
      "Cluster",
      region.cluster,
      clusterSpec(plan, region, {
        parameters: parametersOf(given.parameters, String),
        pgHba: given.pgHba ?? {},
        roles: given.roles ?? {},
        externalWriter: given.externalWriter,
        ...(given.origin && { origin: given.origin }),
        bootstrap: bootstrapSpec(plan, given, region.role === "writer"),
        promotionToken: "",
      }),
    ),
    ...region.poolers.map((pooler) => object("Pooler", pooler.name, poolerSpec(plan, region, pooler))),
    ...Object.entries(given.databases ?? {}).map(([database, wishes]) =>
      object("Database", names.database(database), databaseSpec(plan, region, database, wishes)),
    ),
    ...[region.wishes.backup?.schedule ?? []]
      .flat()
      .map((schedule) => object("ScheduledBackup", names.backup, scheduledBackupSpec(region, schedule))),
  ]);
}

/** What the API server says to each that it would not create. */
async function refusals(items: readonly object[]): Promise<string[]> {
  const region = Object.keys(kubeconfigs)[0]!;
  const asking = spawn(process.execPath, [
    tool,
    "kubectl",
    region,
    "create",
    "--dry-run=server",
    "--filename=-",
  ]);
  let [created, refused] = ["", ""];
  asking.stdout.on("data", (text: Buffer) => (created += text.toString()));
  asking.stderr.on("data", (text: Buffer) => (refused += text.toString()));
  asking.stdin.end(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await once(asking, "close");
  const lines = refused.split("\n").filter((line) => /denied|invalid|rror/.test(line));
  expect(created.split("\n").filter((line) => line.includes("created"))).toHaveLength(
    items.length - lines.length,
  );
  return lines;
}
