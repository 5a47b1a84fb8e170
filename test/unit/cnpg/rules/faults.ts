import { output } from "@pulumi/pulumi";
import type { CnpgPostgresArgs } from "../../../../src/cnpg/args";
import { cnpgFailures } from "../../../../src/cnpg/rules";

// Bad input is what the types do not let pass.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = Record<string, any>;

/** Valid, with everything in it. */
export function validArgs(): CnpgPostgresArgs {
  return {
    primary: "rome",
    regions: {
      rome: { kubeconfig: "/home/me/rome.yaml", host: "rome.example.com" },
      lisbon: {
        kubeconfig: output("apiVersion: v1"),
        context: output("admin"),
        host: "203.0.113.7",
        port: 5432,
        service: {
          type: "LoadBalancer",
          annotations: { "example.com/name": "lisbon", plain: output("later") },
          loadBalancerSourceRanges: ["203.0.113.0/24", "2001:db8::/32"],
        },
        image: "localhost:5000/pg:17.5-system-trixie@sha256:abcdef",
        instances: 4,
        storage: { size: "20Gi", storageClass: "fast.ssd" },
      },
      oslo: { kubeconfig: "/home/me/oslo.yaml", context: "admin", host: "2001:db8::1", hibernated: true },
    },
    defaults: {
      instances: 3,
      image: "ghcr.io/cloudnative-pg/postgresql:17.4",
      imagePullSecrets: ["registry.example.com"],
      storage: { size: "12G" },
      walStorage: { size: "4.5Gi", storageClass: "fast" },
      resources: {
        requests: { cpu: "500m", memory: "1Gi", "hugepages-2Mi": "4Mi" },
        limits: { cpu: "0.5", memory: "1024Mi", "hugepages-2Mi": "4096Ki", "ephemeral-storage": "1e9" },
      },
      affinity: {
        enablePodAntiAffinity: true,
        podAntiAffinityType: "required",
        topologyKey: "topology.kubernetes.io/zone",
        nodeSelector: { "node.kubernetes.io/pool": "db", ssd: "" },
        tolerations: [
          { operator: "Exists" },
          { key: "dedicated", value: "db", effect: "NoExecute", tolerationSeconds: 60 },
        ],
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
        additionalPodAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] },
      },
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} },
      ],
      priorityClass: "system-cluster-critical",
      startDelaySeconds: 600,
      stopDelaySeconds: 60,
      inheritedMetadata: {
        labels: { "example.com/team": "shop" },
        annotations: { note: output("later") },
      },
      env: { TZ: "UTC", HTTPS_PROXY: output("later") },
      serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": output("later") },
      synchronizeLogicalDecoding: true,
      sharedPreloadLibraries: ["pg_stat_statements", "$libdir/auto_explain"],
      synchronous: { method: "first", number: 2, dataDurability: "preferred", failoverQuorum: true },
      primaryUpdateMethod: "switchover",
      monitoring: { podMonitor: true, customQueriesConfigMaps: [{ name: "queries", key: "queries.yaml" }] },
      logLevel: "debug",
      podDisruptionBudget: false,
      readOnlyServices: true,
      poolers: {
        readWrite: {},
        readOnly: {
          instances: 2,
          poolMode: "transaction",
          parameters: { default_pool_size: 5, verbose: "1" },
        },
      },
      backup: {
        destinationPath: "s3://backups/db",
        endpointUrl: "https://minio.example.com:9000",
        endpointCa: { secret: "app-keys", key: "ca.crt" },
        credentials: { secret: "app-keys", keys: { accessKeyId: "ID", secretAccessKey: "KEY", region: "R" } },
        schedule: "0 30 3 * * mon-fri",
        retention: "30d",
        walCompression: "zstd",
        dataCompression: "gzip",
      },
    },
    namespace: "databases",
    createNamespace: false,
    pgHba: { additionalCidrs: ["198.18.0.0/15"] },
    initSql: { statements: ["CREATE TABLE one ()", output("later")] },
    origin: {
      import: {
        host: output("old.example.com"),
        port: 6432,
        user: "mover",
        password: output("secret"),
        sslMode: "require",
        databases: ["Old Shop"],
      },
    },
    databases: {
      app: { extensions: { pg_stat_statements: {}, "uuid-ossp": { version: "1.1", schema: "tools" } } },
      reports: { owner: "clerk", schemas: { tools: { owner: "app" } } },
    },
    operator: { manifest: "https://example.com/cnpg.yaml", pullSecret: '{"auths":{}}' },
    sharedSecrets: { "app-keys": { "key-1.pem": "one", key_2: output("two") } },
    protect: false,
    roles: { clerk: { replication: true }, _keeper: {}, "Old-Group": { login: false } },
    parameters: {
      shared_buffers: "512MB",
      min_wal_size: "1 GB",
      max_wal_size: 4096,
      wal_keep_size: output("3GB"),
      max_slot_wal_keep_size: "512MB",
      ssl_min_protocol_version: "TLSv1.2",
      wal_level: "logical",
      hot_standby_feedback: "tru",
      sync_replication_slots: false,
      "pg_failover_slots.drop_extra_slots": "on",
    },
  };
}

export function linesOf(args: unknown, name = "db"): string[] {
  return cnpgFailures(name, args as CnpgPostgresArgs).map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}

export function spoiled(spoil: (args: Loose) => unknown): Loose {
  const args: Loose = validArgs();
  spoil(args);
  return args;
}

export type Fault = [title: string, spoil: (args: Loose) => unknown, ...lines: string[]];

/** Something else in the place of a property, such as `regions.rome.host`. */
export function wrong(path: string, value: unknown, reason: string): Fault {
  return [
    `${path} that is ${typeof value === "string" ? `"${value}"` : JSON.stringify(value)}`,
    (args) => set(args, path.split("."), value),
    `${path}: ${reason}`,
  ];
}

function set(args: Loose, path: readonly string[], value: unknown): void {
  const holder = path.slice(0, -1).reduce<Loose>((within, key) => (within[key] ??= {}), args);
  holder[path.at(-1)!] = value;
}

/** A test for each fault: it is refused with these lines, and nothing else is. */
export function refusesEach(faults: readonly Fault[]): void {
  it.each(faults)("refuses %s", (_title, spoil, ...lines) => {
    expect(linesOf(spoiled(spoil))).toEqual(lines);
  });
}

export const names = "lower-case letters, digits, hyphens and dots";
