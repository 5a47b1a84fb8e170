import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fc from "fast-check";
import type { CertificatesArgs, CnpgClusterArgs, CnpgPostgresArgs } from "../../src/cnpg";
import { bootstrapSpec, clusterSpec } from "../../src/cnpg/manifests/cluster-spec";
import { poolerSpecs } from "../../src/cnpg/manifests/pooler-spec";
import { planTopology } from "../../src/cnpg/plan";
import { cnpgFailures } from "../../src/cnpg/rules";
import { kubeconfigs, tool } from "../support/regions";
import { brought } from "../unit/secrets/brought";

const topologies = 600;
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
  ),
  topologySpreadConstraints: one(
    [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
    [{ maxSkew: 1 }],
  ),
  sharedPreloadLibraries: one(["pg_stat_statements"], ["auto_explain", "pgaudit"]),
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
  ),
  one("64MB", "256MB", "1GB", "80", "replica", "logical", "minimal", "Logical", "5GB"),
  { maxKeys: 3 },
);

const someWishes = fc
  .subarray(Object.keys(wishes) as (keyof CnpgClusterArgs)[], { maxLength: 3 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, wishes[name]]))))
  .map((given) => given as CnpgClusterArgs);

const args: fc.Arbitrary<CnpgPostgresArgs> = fc
  .record({
    primary: one("rome", "lisbon"),
    durability: one("local" as const, "region" as const),
    own: someWishes,
    defaults: someWishes,
    parameters,
    roles: one({}, { reader: { memberOf: ["pg_read_all_data"], connectionLimit: 5 } }),
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
    }),
  })
  .map(({ own, ...rest }) => ({
    ...rest,
    namespace: "default",
    regions: {
      rome: { kubeconfig: "rome.yaml", host: "rome.example.com", ...own },
      lisbon: { kubeconfig: "lisbon.yaml", host: "lisbon.example.com" },
    },
  }));

describe("the operator's own webhook", () => {
  const generated = fc.sample(args, { numRuns: topologies, seed: 5 });
  const accepted = generated.filter((each) => cnpgFailures("db", each).length === 0);

  it("accepts whatever the rules let through, as a writer and as a reader", async () => {
    expect(accepted.length).toBeGreaterThan(100);
    expect(accepted.length).toBeLessThan(topologies);
    const objects = accepted.flatMap((each, index) => render(`t${index}`, each));
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(["Cluster", "Pooler"]));
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
        parameters: given.parameters ?? {},
        pgHba: given.pgHba ?? {},
        roles: given.roles ?? {},
        bootstrap: bootstrapSpec(plan, region.role === "writer"),
        promotionToken: "",
        asText: String,
      }),
    ),
    ...[...poolerSpecs(plan, region)].map(([pooler, spec]) => object("Pooler", pooler, spec)),
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
