import { output } from "@pulumi/pulumi";
import * as fc from "fast-check";
import { generateKeyPairSync } from "node:crypto";
import type { CnpgPostgresArgs } from "../../../src/cnpg/args";
import { cnpgFailures } from "../../../src/cnpg/rules";
import { brought } from "../secrets/brought";

// Bad input is what the types do not let pass.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = Record<string, any>;

/** Valid, with everything in it. */
function validArgs(): CnpgPostgresArgs {
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
      },
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} },
      ],
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
    roles: { clerk: {}, _keeper: {} },
    parameters: {
      shared_buffers: "512MB",
      min_wal_size: "1 GB",
      max_wal_size: 4096,
      wal_keep_size: output("3GB"),
      wal_level: "logical",
      hot_standby_feedback: "tru",
      sync_replication_slots: false,
      "pg_failover_slots.drop_extra_slots": "on",
    },
  };
}

function linesOf(args: unknown, name = "db"): string[] {
  return cnpgFailures(name, args as CnpgPostgresArgs).map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}

function spoiled(spoil: (args: Loose) => unknown): Loose {
  const args: Loose = validArgs();
  spoil(args);
  return args;
}

type Fault = [title: string, spoil: (args: Loose) => unknown, ...lines: string[]];

/** Something else in the place of a property, such as `regions.rome.host`. */
function wrong(path: string, value: unknown, reason: string): Fault {
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

const unknownYet = "must be known before the deployment, not an output";
const kubeconfig = "must be a kubeconfig: its text or the path of a file";
const host = "must be the DNS name or the IP address by which the region is reached";
const size = "must be a Kubernetes quantity of more than nothing, such as 10Gi";
const quantity = "must be a Kubernetes quantity such as 500m or 1Gi";
const cidr = "must be a CIDR block such as 203.0.113.0/24";
const line = "must be one line of pg_hba.conf, such as hostssl all all all scram-sha-256";
const tag =
  "must be an image with its version of PostgreSQL, 13 or newer, as the tag, such as postgresql:17.5";
const named = "lower-case letters, digits, hyphens and dots";
const labelKey = "the key of a label, such as topology.kubernetes.io/zone";
const memory = "ephemeral-storage";

const places: Fault[] = [
  [
    "no kubeconfig",
    (args) => delete args.regions.rome.kubeconfig,
    `regions.rome.kubeconfig: is missing: ${kubeconfig}`,
  ],
  wrong("regions.rome.kubeconfig", "", `${kubeconfig}, not an empty text`),
  wrong("regions.rome.kubeconfig", { apiVersion: "v1" }, `${kubeconfig}, not an object`),
  wrong("regions.rome.kubeconfig", null, `${kubeconfig}, not null`),
  wrong("regions.rome.context", 1, "must be the name of a context, not 1"),
  [
    "no host",
    (args) => delete args.regions.rome.host,
    "regions.rome.host: is missing: must be the DNS name or the IP address by which the region is reached",
  ],
  wrong("regions.rome.host", "rome.example.com:5432", `${host}, not "rome.example.com:5432"`),
  wrong("regions.rome.host", "rome_1", `${host}, not "rome_1"`),
  wrong("regions.rome.host", "203.0.113.256", `${host}, not "203.0.113.256"`),
  wrong("regions.rome.host", "fe80::1%eth0", `${host}, not "fe80::1%eth0"`),
  wrong("regions.rome.host", null, `${host}, not null`),
  [
    "a host that is not known yet",
    (args) => (args.regions.rome.host = output("a")),
    `regions.rome.host: ${unknownYet}`,
  ],
  wrong("regions.rome.port", 0, "must be a whole number from 1 to 65535, not 0"),
  wrong("regions.rome.port", 65_536, "must be a whole number from 1 to 65535, not 65536"),
  wrong("regions.rome.hibernated", "no", 'must be true or false, not "no"'),
  wrong("regions.rome.prot", 1, 'unknown property, did you mean "port"?'),
  wrong("regions.rome.instance", 1, 'unknown property, did you mean "instances"?'),
  [
    "a host and port of another region's",
    (args) => Object.assign(args.regions.oslo, { host: "203.0.113.7", port: 5432 }),
    "regions.oslo.port: must differ from that of lisbon, which has the same host",
  ],
  [
    "a host and port of another region's, by default and in other letters",
    (args) => {
      args.regions.rome.port = 30_432;
      args.regions.oslo.host = "ROME.example.com";
    },
    "regions.oslo.port: must differ from that of rome, which has the same host",
  ],
  [
    "a Kubernetes cluster of another region's",
    (args) => (args.regions.oslo = { ...args.regions.rome, host: "oslo.example.com" }),
    "regions.oslo.kubeconfig: must be of another cluster, or have another context, than that of rome",
  ],
  wrong("regions.lisbon.service.type", "ClusterIP", 'must be one of NodePort, LoadBalancer, not "ClusterIP"'),
  wrong("regions.rome.service", 5, "must be an object of properties, not 5"),
  wrong("regions.rome.service.typ", "NodePort", 'unknown property, did you mean "type"?'),
  wrong("regions.rome.service.annotations", [], "must be an object of texts, by key, not a list"),
  wrong("regions.rome.service.annotations.plain", 1, "must be a text, not 1"),
  [
    "an annotation by no key",
    (args) => (args.regions.rome.service = { annotations: { "a b": "c" } }),
    'regions.rome.service.annotations["a b"]: must be named by the key of an annotation, such as example.com/name, not "a b"',
  ],
  [
    "ranges of a NodePort",
    (args) => (args.regions.rome.service = { loadBalancerSourceRanges: ["10.0.0.0/8"] }),
    'regions.rome.service.loadBalancerSourceRanges: must not be given unless type is "LoadBalancer"',
  ],
  [
    "a range that is an address",
    (args) => (args.regions.lisbon.service.loadBalancerSourceRanges[1] = "10.0.0.1"),
    `regions.lisbon.service.loadBalancerSourceRanges[1]: ${cidr}, not "10.0.0.1"`,
  ],
];

const clusters: Fault[] = [
  wrong("defaults", 1, "must be an object of properties, not 1"),
  [
    "a property of regions among those of all",
    (args) => (args.defaults.hibernated = true),
    "defaults.hibernated: unknown property, must be one of instances, image, imageCatalog, imagePullSecrets, storage, walStorage, resources, affinity, topologySpreadConstraints, sharedPreloadLibraries, synchronous, primaryUpdateMethod, monitoring, logLevel, podDisruptionBudget, readOnlyServices, poolers, backup",
  ],
  wrong("defaults.logLvel", 1, 'unknown property, did you mean "logLevel"?'),
  wrong("regions.lisbon.instances", 0.5, "must be a whole number from 1 to 20, not 0.5"),
  wrong("regions.lisbon.instances", 21, "must be a whole number from 1 to 20, not 21"),
  ...[
    "postgresql",
    "postgresql:latest",
    "pg@sha256:abcdef",
    "pg:v17",
    "pg:12.1",
    "pg:17.x",
    "my pg:17",
    "",
  ].map((image) => wrong("regions.rome.image", image, `${tag}, not "${image}"`)),
  [
    "an image and a catalogue in one place",
    (args) => {
      delete args.regions.lisbon.image;
      args.defaults.imageCatalog = { name: "images", major: 17 };
    },
    "defaults.imageCatalog: must not be given beside defaults.image",
  ],
  [
    "an image of a region's beside the catalogue of all",
    (args) => {
      delete args.defaults.image;
      args.defaults.imageCatalog = { name: "images", major: 17, kind: "ImageCatalog" };
    },
    "regions.lisbon.image: must not be given beside defaults.imageCatalog",
  ],
  [
    "a catalogue of a region's beside the image of all",
    (args) => (args.regions.rome.imageCatalog = { name: "images", major: 17 }),
    "regions.rome.imageCatalog: must not be given beside defaults.image",
  ],
  [
    "a catalogue with nothing right in it",
    (args) => {
      delete args.defaults.image;
      delete args.regions.lisbon.image;
      args.defaults.imageCatalog = { nam: "a", major: 12, kind: "Catalog" };
    },
    'defaults.imageCatalog.nam: unknown property, did you mean "name"?',
    `defaults.imageCatalog.name: is missing: must be the name of a catalogue: ${named}`,
    "defaults.imageCatalog.major: must be a whole number from 13 to 99, not 12",
    'defaults.imageCatalog.kind: must be one of ImageCatalog, ClusterImageCatalog, not "Catalog"',
  ],
  [
    "regions of several major versions",
    (args) => (args.regions.lisbon.image = "pg:16.9"),
    'regions.lisbon.image: must be of PostgreSQL 17, as defaults.image is, not "pg:16.9"',
  ],
  [
    "regions of several major versions, the primary's own among them",
    (args) => {
      args.regions.rome.image = "pg:16.9";
      delete args.regions.lisbon.image;
    },
    'defaults.image: must be of PostgreSQL 16, as regions.rome.image is, not "ghcr.io/cloudnative-pg/postgresql:17.4"',
  ],
  [
    "a major version of a catalogue that no image has",
    (args) => {
      delete args.defaults.image;
      args.regions.oslo.imageCatalog = { name: "images", major: 18 };
    },
    "regions.oslo.imageCatalog.major: must be of PostgreSQL 17, as regions.lisbon.image is, not 18",
  ],
  wrong("defaults.imagePullSecrets", "secret", 'must be a list of secrets\' names, not "secret"'),
  [
    "a pull secret by no name",
    (args) => (args.defaults.imagePullSecrets = ["My_secret", undefined]),
    `defaults.imagePullSecrets[0]: must be the name of a secret: ${named}, not "My_secret"`,
    `defaults.imagePullSecrets[1]: must be the name of a secret: ${named}, not null`,
  ],
  [
    "a volume of no size",
    (args) => (args.defaults.storage = {}),
    `defaults.storage.size: is missing: ${size}`,
  ],
  wrong("defaults.storage.size", "0Gi", `${size}, not "0Gi"`),
  wrong("defaults.storage.size", "10GB", `${size}, not "10GB"`),
  wrong("regions.lisbon.storage.size", 10, `${size}, not 10`),
  wrong("defaults.walStorage.size", "-4Gi", `${size}, not "-4Gi"`),
  wrong("defaults.walStorage.storageClass", "", `must be the name of a storage class: ${named}, not ""`),
  wrong("defaults.walStorage.class", "a", "unknown property, must be one of size, storageClass"),
  wrong("defaults.resources.request", {}, 'unknown property, did you mean "requests"?'),
  wrong("defaults.resources.limits", "1Gi", 'must be an object of quantities, by resource, not "1Gi"'),
  wrong("defaults.resources.requests.cpu", 1, `${quantity}, not 1`),
  wrong("defaults.resources.requests.memori", "1Gi", 'unknown property, did you mean "memory"?'),
  wrong("defaults.resources.requests.gpu", "1", `unknown property, did you mean "cpu"?`),
  wrong("defaults.resources.requests.cpu", "501m", 'must be at most its limit, "0.5", not "501m"'),
  wrong("defaults.resources.requests.memory", "1.1G", 'must be at most its limit, "1024Mi", not "1.1G"'),
  [
    "more of the node's disk than the limit",
    (args) => (args.defaults.resources.requests[memory] = "1Gi"),
    'defaults.resources.requests["ephemeral-storage"]: must be at most its limit, "1e9", not "1Gi"',
  ],
  [
    "huge pages unlike their limit",
    (args) => (args.defaults.resources.requests["hugepages-2Mi"] = "2Mi"),
    'defaults.resources.requests["hugepages-2Mi"]: must be equal to its limit, "4096Ki", not "2Mi"',
  ],
  [
    "a device without its limit",
    (args) => (args.defaults.resources.requests["example.com/disk"] = "1"),
    'defaults.resources.requests["example.com/disk"]: must be equal to its limit, which is missing, not "1"',
  ],
  [
    "huge pages alone",
    (args) => (args.regions.rome.resources = { limits: { "hugepages-2Mi": "4Mi" } }),
    "regions.rome.resources: must say cpu or memory beside huge pages",
  ],
  [
    "less memory than the shared buffers, once for all regions",
    (args) => (args.parameters.shared_buffers = "2GB"),
    'defaults.resources.requests.memory: must be at least shared_buffers, "2GB", not "1Gi"',
  ],
  [
    "less memory in a region than the shared buffers",
    (args) => (args.regions.oslo.resources = { requests: { memory: "511Mi" } }),
    'regions.oslo.resources.requests.memory: must be at least shared_buffers, "512MB", not "511Mi"',
  ],
  [
    "a volume that the log of other regions fills by default",
    (args) => {
      delete args.parameters.wal_keep_size;
      delete args.defaults.walStorage;
      args.defaults.storage.size = "2Gi";
    },
    'defaults.storage.size: must be more than wal_keep_size, "2GB" by default, not "2Gi"',
  ],
  [
    "a default volume that the log of other regions fills",
    (args) => {
      args.parameters.wal_keep_size = "10GB";
      delete args.defaults.walStorage;
      delete args.defaults.storage;
    },
    'defaults.storage.size: must be more than wal_keep_size, "10GB", not "10Gi" by default',
  ],
  [
    "a volume for the log that checkpoints fill",
    (args) => (args.regions.oslo.walStorage = { size: "1Gi" }),
    'regions.oslo.walStorage.size: must be more than min_wal_size, "1 GB", not "1Gi"',
    'regions.oslo.walStorage.size: must be more than max_wal_size, 4096, not "1Gi"',
  ],
];

const scheduling: Fault[] = [
  wrong("defaults.affinity", [], "must be an object of properties, not a list"),
  wrong("defaults.affinity.enablePodAntiAffinity", 1, "must be true or false, not 1"),
  wrong("defaults.affinity.podAntiAffinityType", "any", 'must be one of preferred, required, not "any"'),
  wrong("defaults.affinity.topologyKey", "a b", `must be ${labelKey}, not "a b"`),
  wrong("defaults.affinity.topologykey", "a", 'unknown property, did you mean "topologyKey"?'),
  wrong("defaults.affinity.nodeSelector", 1, "must be an object of labels' values, by key, not 1"),
  wrong(
    "defaults.affinity.nodeSelector.pool",
    "a/b",
    'must be a label\'s value: up to 63 letters, digits, hyphens, underscores and dots, not "a/b"',
  ),
  [
    "a label of nodes by no key",
    (args) => (args.defaults.affinity.nodeSelector = { "a/b/c": "d" }),
    `defaults.affinity.nodeSelector["a/b/c"]: must be named by ${labelKey}, not "a/b/c"`,
  ],
  [
    "tolerations of nothing that there is",
    (args) =>
      (args.defaults.affinity.tolerations = [
        { key: "a b", operator: "Lt", effect: "Never", tolerationSeconds: -1 },
        5,
      ]),
    'defaults.affinity.tolerations[0].key: must be the key of a taint, not "a b"',
    'defaults.affinity.tolerations[0].operator: must be one of Equal, Exists, not "Lt"',
    'defaults.affinity.tolerations[0].effect: must be one of NoSchedule, PreferNoSchedule, NoExecute, not "Never"',
    "defaults.affinity.tolerations[0].tolerationSeconds: must be a whole number of 0 or more, not -1",
    'defaults.affinity.tolerations[0].effect: must be "NoExecute" where there are tolerationSeconds',
    "defaults.affinity.tolerations[1]: must be an object of properties, not 5",
  ],
  [
    "tolerations at odds with themselves",
    (args) =>
      (args.defaults.affinity.tolerations = [{ value: "a" }, { operator: "Exists", value: "a", keys: "b" }]),
    'defaults.affinity.tolerations[0].operator: must be "Exists" where there is no key',
    'defaults.affinity.tolerations[1].keys: unknown property, did you mean "key"?',
    'defaults.affinity.tolerations[1].value: must not be given where operator is "Exists"',
  ],
  [
    "constraints that say nothing",
    (args) => (args.defaults.topologySpreadConstraints = [{ maxskew: 1 }, null]),
    'defaults.topologySpreadConstraints[0].maxskew: unknown property, did you mean "maxSkew"?',
    "defaults.topologySpreadConstraints[0].maxSkew: is missing: must be a whole number of 1 or more",
    `defaults.topologySpreadConstraints[0].topologyKey: is missing: must be ${labelKey}`,
    "defaults.topologySpreadConstraints[0].whenUnsatisfiable: is missing: must be one of DoNotSchedule, ScheduleAnyway",
    "defaults.topologySpreadConstraints[1]: must be an object of properties, not null",
  ],
  [
    "libraries by no name",
    (args) => (args.defaults.sharedPreloadLibraries = ["a,b", ""]),
    'defaults.sharedPreloadLibraries[0]: must be the name of a library, such as pg_stat_statements, not "a,b"',
    'defaults.sharedPreloadLibraries[1]: must be the name of a library, such as pg_stat_statements, not ""',
  ],
  wrong("defaults.primaryUpdateMethod", "switch", 'must be one of restart, switchover, not "switch"'),
  wrong("defaults.logLevel", "warn", 'must be one of error, warning, info, debug, trace, not "warn"'),
  wrong("defaults.podDisruptionBudget", 0, "must be true or false, not 0"),
  wrong("defaults.readOnlyServices", "yes", 'must be true or false, not "yes"'),
  wrong("defaults.monitoring.podmonitor", true, 'unknown property, did you mean "podMonitor"?'),
  wrong("defaults.monitoring.podMonitor", 1, "must be true or false, not 1"),
  [
    "queries of nowhere",
    (args) =>
      (args.defaults.monitoring.customQueriesConfigMaps = [{ name: "A" }, { name: "a", key: "../b" }]),
    `defaults.monitoring.customQueriesConfigMaps[0].name: must be the name of a ConfigMap: ${named}, not "A"`,
    "defaults.monitoring.customQueriesConfigMaps[0].key: is missing: must be a key of the ConfigMap",
    'defaults.monitoring.customQueriesConfigMaps[1].key: must be a key of the ConfigMap, not "../b"',
  ],
];

const synchronous: Fault[] = [
  wrong("defaults.synchronous.method", "all", 'must be one of any, first, not "all"'),
  wrong("defaults.synchronous.number", 0, "must be a whole number of 1 or more, not 0"),
  wrong("defaults.synchronous.dataDurability", "local", 'must be one of required, preferred, not "local"'),
  wrong("defaults.synchronous.failoverQuorum", "yes", 'must be true or false, not "yes"'),
  wrong("defaults.synchronous.numbr", 1, 'unknown property, did you mean "number"?'),
  [
    "no number",
    (args) => (args.defaults.synchronous = {}),
    "defaults.synchronous.number: is missing: must be a whole number of 1 or more",
  ],
  [
    "as many as there are, once for all regions",
    (args) => (args.defaults.synchronous.number = 3),
    "defaults.synchronous.number: must be less than the number of instances, 3 by defaults.instances, not 3",
  ],
  [
    "more than a region has",
    (args) => (args.regions.rome.instances = 2),
    "defaults.synchronous.number: must be less than the number of instances, 2 by regions.rome.instances, not 2",
    "defaults.synchronous.failoverQuorum: must not be true with fewer than 3 instances: there are 2 by regions.rome.instances",
  ],
  [
    "more than there are by default",
    (args) => {
      delete args.defaults.instances;
      delete args.defaults.poolers;
      args.defaults.synchronous = undefined;
      args.regions.rome.synchronous = { number: 1 };
    },
    "regions.rome.synchronous.number: must be less than the number of instances, 1 by default, not 1",
  ],
  [
    "what durability decides",
    (args) => {
      args.durability = "region";
      args.regions.rome.synchronous = { number: 1 };
    },
    'regions.rome.synchronous: must not be given where durability is "region", which decides it',
    'defaults.synchronous: must not be given where durability is "region", which decides it',
  ],
];

const parameters: Fault[] = [
  wrong("parameters.shared_buffers", "lots", 'must be a size such as 256MB, not "lots"'),
  wrong("parameters.shared_buffers", "256mb", 'must be a size such as 256MB, not "256mb"'),
  wrong("parameters.max_wal_size", "1e3MB", 'must be a size such as 256MB, not "1e3MB"'),
  wrong("parameters.wal_keep_size", -1, "must be a size such as 256MB, not -1"),
  wrong("parameters.min_wal_size", "4GB", 'must be less than max_wal_size, 4096, not "4GB"'),
  [
    "checkpoints of less than the default",
    (args) => {
      delete args.parameters.min_wal_size;
      args.parameters.max_wal_size = "80MB";
    },
    'parameters.max_wal_size: must be more than min_wal_size, "80MB" by default, not "80MB"',
  ],
  wrong(
    "parameters.wal_level",
    "Logical",
    'must be "replica" or "logical", in lower case for the operator, not "Logical"',
  ),
  wrong("parameters.wal_level", "minimal", 'must be "replica" or "logical", not "minimal"'),
  wrong("parameters.sync_replication_slots", "o", 'must be on or off, not "o"'),
  wrong(
    "parameters.hot_standby_feedback",
    "of",
    "must be on where parameters of pg_failover_slots are given",
  ),
  [
    "no feedback beside failover slots",
    (args) => delete args.parameters.hot_standby_feedback,
    "parameters.hot_standby_feedback: must be on where parameters of pg_failover_slots are given",
  ],
  wrong("parameters.shared_preload_libraries", "a", "is set by the operator: give sharedPreloadLibraries"),
  [
    "a parameter of the operator's that is not known yet",
    (args) => (args.parameters.archive_command = output("cp")),
    "parameters.archive_command: is set by the operator",
  ],
  wrong("parameters.allow_alter_system", "on", "is set by the operator"),
  [
    "a parameter of the operator's namespace",
    (args) => (args.parameters["cnpg.config_sha256"] = "0"),
    'parameters["cnpg.config_sha256"]: is set by the operator',
  ],
];

const others: Fault[] = [
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
  wrong("roles.clerk_", {}, 'must not end in an underscore, as no name in Kubernetes does, not "clerk_"'),
  wrong("database.owner", "cnpg_app", 'must not be "cnpg_app", a name that the operator keeps for itself'),
  [
    "a database by whose name its owner cannot be called",
    (args) => (args.database = { name: "shop_" }),
    'database.owner: must not end in an underscore, as no name in Kubernetes does, not "shop_": give an owner unlike the database\'s name',
  ],
];

/** `FixedConfigurationParameters` of CloudNativePG 1.30.0, all of them. */
const fixedByTheOperator = `
  allow_system_table_mods archive_mode bonjour bonjour_name cluster_name config_file data_directory
  data_sync_retry event_source external_pid_file hba_file hot_standby ident_file jit_provider
  listen_addresses logging_collector port primary_conninfo primary_slot_name recovery_target
  recovery_target_action recovery_target_inclusive recovery_target_lsn recovery_target_name
  recovery_target_time recovery_target_timeline recovery_target_xid restore_command
  shared_preload_libraries temp_tablespaces unix_socket_directories unix_socket_group
  unix_socket_permissions archive_cleanup_command archive_command log_destination log_directory
  log_file_mode log_filename log_rotation_age log_rotation_size log_truncate_on_rotation
  pg_failover_slots.primary_dsn pg_failover_slots.standby_slot_names promote_trigger_file
  recovery_end_command recovery_min_apply_delay restart_after_crash ssl ssl_ca_file ssl_cert_file
  ssl_crl_file ssl_dh_params_file ssl_ecdh_curve ssl_key_file ssl_passphrase_command
  ssl_passphrase_command_supports_reload ssl_prefer_server_ciphers stats_temp_directory
  synchronous_standby_names synchronized_standby_slots syslog_facility syslog_ident syslog_sequence_numbers
  syslog_split_messages
`
  .trim()
  .split(/\s+/);

const own = {
  ca: "company-ca",
  server: "postgres.tls",
  replication: "follower",
  pooler: "bouncer",
  caCertificate: brought.ca.certificate,
};
const secretName = "must be the name of a secret: lower-case letters, digits, hyphens and dots";
const dnsName = 'must be a DNS name where certificates is "operator"';
const rsaKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

const certificates: Fault[] = [
  wrong("certificates", "self", 'must be "shared", "operator" or an object of secrets\' names, not "self"'),
  wrong("certificates", 5, "must be an object of properties, not 5"),
  [
    "secrets of the user's own that are not named",
    (args) => (args.certificates = { ca: "Company", srver: "x", caCertificate: "x" }),
    'certificates.srver: unknown property, did you mean "server"?',
    `certificates.server: is missing: ${secretName}`,
    `certificates.replication: is missing: ${secretName}`,
    `certificates.ca: ${secretName}, not "Company"`,
    `certificates.pooler: is missing: ${secretName}, for defaults.poolers.readWrite`,
    "certificates.caCertificate: must be a certificate in PEM",
  ],
  [
    "a certificate of no authority",
    (args) => (args.certificates = { ...own, caCertificate: brought.rome.certificate }),
    "certificates.caCertificate: must be the certificate of a certificate authority",
  ],
  [
    "what is made of secrets, and certificates of the user's own",
    (args) =>
      Object.assign(args, { certificates: own, secrets: { ca: brought.ca, certificateRotation: "1" } }),
    "secrets.ca: must not be given where certificates names secrets, which hold them",
    "secrets.certificateRotation: must not be given where certificates names secrets, which hold them",
  ],
  [
    "what the operator does by itself, and hosts that it cannot name",
    (args) => Object.assign(args, { certificates: "operator", secrets: { certificateRotation: "1" } }),
    'secrets.certificateRotation: must not be given where certificates is "operator", which issues them',
    `regions.lisbon.host: ${dnsName}, not "203.0.113.7"`,
    `regions.oslo.host: ${dnsName}, not "2001:db8::1"`,
  ],
  [
    "a key of RSA for the operator",
    (args) => {
      args.regions.lisbon.host = "lisbon.example.com";
      args.regions.oslo.host = "oslo.example.com";
      args.certificates = "operator";
      const privateKey = rsaKey.export({ type: "pkcs8", format: "pem" });
      args.secrets = { ca: { certificate: output(brought.ca.certificate), privateKey } };
    },
    'secrets.ca.privateKey: must be a key of ECDSA where certificates is "operator", not rsa',
  ],
];

const setting = "must be a setting of PgBouncer that the operator lets through";
const poolers: Fault[] = [
  wrong("defaults.poolers.readWrite", "yes", 'must be an object of properties, not "yes"'),
  wrong("defaults.poolers.readwrite", {}, 'unknown property, did you mean "readWrite"?'),
  wrong("defaults.poolers.readWrite.instances", 0, "must be a whole number from 1 to 100, not 0"),
  wrong(
    "defaults.poolers.readWrite.poolMode",
    "statement",
    'must be one of session, transaction, not "statement"',
  ),
  wrong("defaults.poolers.readOnly.parameters.listen_port", 6432, `${setting}, not "listen_port"`),
  wrong(
    "defaults.poolers.readOnly.parameters.verbose",
    true,
    "must be a number or one line of ASCII text, not true",
  ),
  wrong(
    "defaults.poolers.readOnly.parameters.verbose",
    "1\nadmin_users = app",
    'must be a number or one line of ASCII text, not "1\\nadmin_users = app"',
  ),
  [
    "readers behind the only instance",
    (args) => {
      delete args.defaults.synchronous;
      args.regions.rome.instances = 1;
    },
    "defaults.poolers.readOnly: must not be given where there is no instance but the one that leads: instances is 1 by regions.rome.instances",
  ],
];

const bucket = "must be s3://BUCKET/PATH, gs://BUCKET/PATH, or the https:// URL of a container of Azure's";
const schedule = "must be cron with seconds first, such as 0 0 3 * * *";
const retention = "must be a number of days, weeks or months, such as 30d, 8w or 12m";
const credentialKeys = "defaults.backup.credentials.keys";

/** The keys of a store's credentials, and the store's path. */
function keys(given: object, reason: string, destinationPath = "s3://backups", path = credentialKeys): Fault {
  return [
    `${Object.keys(given).join(" and ")} for ${destinationPath}`,
    ({ defaults }) =>
      Object.assign(defaults.backup, { destinationPath, credentials: { secret: "app-keys", keys: given } }),
    `${path}: ${reason}`,
  ];
}

const backups: Fault[] = [
  [
    "backups to nowhere",
    ({ defaults }) => delete defaults.backup.destinationPath,
    `defaults.backup.destinationPath: is missing: ${bucket}`,
  ],
  wrong("defaults.backup.destinationPath", "/backups", `${bucket}, not "/backups"`),
  wrong(
    "defaults.backup.endpointUrl",
    "minio:9000",
    'must be the URL of a service, such as https://minio.example.com, not "minio:9000"',
  ),
  wrong("defaults.backup.schedule", "0 3 * * *", `${schedule}, not "0 3 * * *"`),
  wrong("defaults.backup.schedule", "0 0 3 * * 7", `${schedule}, not "0 0 3 * * 7"`),
  wrong("defaults.backup.schedule", "0 0 3 5-1 * *", `${schedule}, not "0 0 3 5-1 * *"`),
  wrong("defaults.backup.schedule", "0 */0 3 * * *", `${schedule}, not "0 */0 3 * * *"`),
  wrong("defaults.backup.schedule", "@daily", `${schedule}, not "@daily"`),
  wrong("defaults.backup.retention", "30", `${retention}, not "30"`),
  wrong(
    "defaults.backup.walCompression",
    "zip",
    'must be one of bzip2, gzip, lz4, snappy, xz, zstd, not "zip"',
  ),
  wrong("defaults.backup.dataCompression", "zstd", 'must be one of bzip2, gzip, snappy, not "zstd"'),
  wrong("defaults.backup.credentials.secret", "App", `must be the name of a secret: ${named}, not "App"`),
  wrong("defaults.backup.credentials.keys.region", "a/b", 'must be a key of the secret, not "a/b"'),
  keys({ accessKeyId: "ID" }, 'must be accessKeyId and secretAccessKey, not "accessKeyId"'),
  keys({}, 'must be applicationCredentials, not ""', "gs://backups"),
  keys(
    { storageAccount: "ACCOUNT" },
    'must be connectionString, or storageAccount and storageKey, or storageAccount and storageSasToken, not "storageAccount"',
    "https://me.blob.core.windows.net/backups",
  ),
];

/** Another origin in the place of the import. */
function origin(given: Loose, ...lines: string[]): Fault {
  const change = (args: Loose) => {
    args.origin = given;
    delete args.initSql;
  };
  return [`the origin ${JSON.stringify(given).slice(0, 200)}`, change, ...lines];
}

const old = { host: "old.example.com", user: "mover", password: "secret", sslMode: "disable" };
const kinds = "must be exactly one of recovery, clone, import";

const origins: Fault[] = [
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

const databases: Fault[] = [
  wrong(
    "databases.Shop",
    {},
    'must be named by 1 to 63 lower-case letters, digits and underscores, the first of them not a digit, not "Shop"',
  ),
  wrong("databases.postgres", {}, 'must not be "postgres", a database of PostgreSQL\'s own'),
  wrong("databases.shop_", {}, 'must not end in an underscore, as no name in Kubernetes does, not "shop_"'),
  wrong("databases.app.owner", "clerk", "must not be given: database.owner decides it"),
  [
    "an owner that nobody has made",
    (args) => {
      args.databases.reports.owner = "nobody";
      delete args.origin;
    },
    'databases.reports.owner: must be one of app, clerk, _keeper, not "nobody"',
  ],
  wrong(
    "databases.reports.schemas.pg_own",
    {},
    'must be named by 1 to 63 lower-case letters, digits and underscores, the first of them not a digit, without pg_ before them, not "pg_own"',
  ),
  wrong("databases.app.extensions.vector", "0.7", 'must be an object of properties, not "0.7"'),
  wrong("databases.app.extensions.vector.version", "", 'must be a version, such as 1.10, not ""'),
];

describe("CnpgPostgres", () => {
  it("takes valid arguments", () => {
    expect(linesOf(validArgs())).toEqual([]);
    expect(
      linesOf({ primary: "rome", regions: { rome: { kubeconfig: Promise.resolve("x"), host: "rome" } } }),
    ).toEqual([]);
  });

  const faults = [
    backups,
    origins,
    databases,
    places,
    clusters,
    scheduling,
    synchronous,
    parameters,
    others,
    certificates,
    poolers,
  ].flat();
  it.each(faults)("refuses %s", (_title, spoil, ...lines) => {
    expect(linesOf(spoiled(spoil))).toEqual(lines);
  });

  it("takes one host with two ports", () => {
    const args = spoiled(({ regions }) =>
      Object.assign(regions.oslo, { host: "rome.example.com", port: 30_433 }),
    );
    expect(linesOf(args)).toEqual([]);
  });

  it("takes one kubeconfig with two contexts, or with one that is not known yet", () => {
    for (const context of ["other", output("other")]) {
      const args = spoiled(({ regions }) => {
        Object.assign(regions.oslo, { kubeconfig: regions.rome.kubeconfig, context });
      });
      expect(linesOf(args)).toEqual([]);
    }
  });

  it("takes shared buffers that fit into huge pages", () => {
    const args = spoiled(({ defaults, parameters }) => {
      parameters.shared_buffers = "2GB";
      defaults.resources = {
        requests: { memory: "1Gi", "hugepages-1Gi": "2Gi" },
        limits: { "hugepages-1Gi": "2Gi" },
      };
    });
    expect(linesOf(args)).toEqual([]);
  });

  it("takes values that are not known yet where the operator reads them too", () => {
    const names = ["shared_buffers", "min_wal_size", "max_wal_size", "hot_standby_feedback"];
    const args = spoiled(({ parameters }) => names.forEach((name) => (parameters[name] = output("256MB"))));
    expect(linesOf(args)).toEqual([]);
  });

  it("takes what the operator cannot be asked before: images without a version said", () => {
    const args = spoiled(({ defaults, regions }) => {
      delete defaults.image;
      delete regions.lisbon.image;
    });
    expect(linesOf(args)).toEqual([]);
  });

  it.each(["Db", "1db", "db-", "", "my.db", "d_b"])("refuses to be called %p", (name) => {
    const expected = "lower-case letters, digits and hyphens, a letter first and no hyphen last";
    const [first, ...rest] = linesOf(validArgs(), name);
    expect(first).toMatch(new RegExp(`^name: must be ${expected}, not `));
    expect(rest).toEqual([]);
  });

  it("refuses names that make a longer name than the operator takes", () => {
    const [fits, tooLong] = ["a".repeat(50 - "-lisbon".length), "a".repeat(51 - "-lisbon".length)];
    expect(linesOf(validArgs(), fits)).toEqual([]);
    expect(linesOf(validArgs(), tooLong)).toEqual([
      `regions.lisbon: must make a name of at most 50 characters with the component's, not "${tooLong}-lisbon"`,
    ]);
  });

  it.each(fixedByTheOperator)("refuses the parameter %s once", (name) => {
    const args = { ...validArgs(), parameters: { [name]: "1", hot_standby_feedback: "on" } };
    expect(linesOf(args)).toEqual([expect.stringMatching(/: is set by the (operator|topology)/)]);
  });

  it("refuses everything at once", () => {
    const args = spoiled((all) => {
      all.primary = "bern";
      all.regions.rome.host = "a b";
      all.defaults.instances = 0;
      all.parameters.ssl = "off";
      all.parameters.archive_mode = "off";
      all.protect = "yes";
    });
    expect(linesOf(args)).toEqual([
      'primary: must be one of rome, lisbon, not "bern"',
      `regions.rome.host: ${host}, not "a b"`,
      "parameters.ssl: is set by the topology: every connection is verified against the topology's own authority",
      "defaults.instances: must be a whole number from 1 to 20, not 0",
      "parameters.archive_mode: is set by the operator",
      'protect: must be true or false, not "yes"',
    ]);
  });

  it("refuses what is no arguments at all", () => {
    for (const args of [undefined, null, 5, [], "db", output({})]) {
      expect(linesOf(args)).toEqual([expect.stringMatching(/^args: must be an object of arguments, not /)]);
    }
  });

  it("shows nothing secret", () => {
    const secret = "s\u0007cret-of-mine";
    const args = spoiled((all) => {
      all.regions.rome.kubeconfig = [secret];
      all.regions.lisbon.kubeconfig = { token: secret };
      all.regions.oslo.kubeconfig = secret;
      all.regions.bern = { ...all.regions.oslo, host: "bern" };
      all.operator.pullSecret = secret;
      all.sharedSecrets = { keys: secret, more: { key: [secret], "a b": secret } };
      all.roles = { clerk: { password: secret } };
      all.origin.import = {
        ...all.origin.import,
        password: secret,
        clientCertificate: { certificate: secret, privateKey: secret },
        caCertificate: secret,
      };
    });
    expect(linesOf(args)).toHaveLength(12);
    expect(linesOf(args).join()).not.toContain("cret-of-mine");
  });

  it("throws at nothing, whatever a program in plain JavaScript passes", () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.constantFrom(output("x"), Promise.resolve(1), Symbol("s"), 1n),
    );
    const paths = fc.constantFrom(...pathsOf(validArgs(), []));
    fc.assert(
      fc.property(fc.array(fc.tuple(paths, anything), { minLength: 1, maxLength: 4 }), (changes) => {
        const args: Loose = validArgs();
        for (const [path, value] of changes) {
          const holder = path.slice(0, -1).reduce<Loose | undefined>((within, key) => within?.[key], args);
          if (typeof holder === "object" && holder !== null) {
            holder[path.at(-1)!] = value;
          }
        }
        expect(Array.isArray(cnpgFailures("db", args as CnpgPostgresArgs))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Every place in the arguments that can hold something else. */
function pathsOf(value: object, path: readonly string[]): string[][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    [...path, key],
    ...(typeof inner === "object" && inner !== null && !("apply" in inner)
      ? pathsOf(inner, [...path, key])
      : []),
  ]);
}
