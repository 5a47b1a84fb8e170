import { type Fault, linesOf, names, refusesEach, spoiled, wrong } from "./faults";

const size = "must be a Kubernetes quantity of more than nothing, such as 10Gi";
const quantity = "must be a Kubernetes quantity such as 500m or 1Gi";
const tag =
  "must be an image with its version of PostgreSQL, 13 or newer, as the tag, such as postgresql:17.5";
const memory = "ephemeral-storage";

const faults: Fault[] = [
  wrong("defaults", 1, "must be an object of properties, not 1"),
  [
    "a property of regions among those of all",
    (args) => (args.defaults.hibernated = true),
    "defaults.hibernated: unknown property, must be one of instances, image, imageCatalog, imagePullSecrets, storage, walStorage, resources, affinity, topologySpreadConstraints, sharedPreloadLibraries, extensionImages, synchronous, synchronizeLogicalDecoding, primaryUpdateMethod, monitoring, logLevel, podDisruptionBudget, readOnlyServices, poolers, backup, priorityClass, startDelaySeconds, stopDelaySeconds, inheritedMetadata, env, serviceAccountAnnotations",
  ],
  wrong("defaults.logLvel", 1, 'unknown property, did you mean "logLevel"?'),
  wrong("regions.lisbon.instances", 0.5, "must be a whole number from 1 to 20, not 0.5"),
  wrong("regions.lisbon.instances", 21, "must be a whole number from 1 to 20, not 21"),
  ...["postgresql", "postgresql:latest", "pg:v17", "pg:12.1", "pg:17.x", "my pg:17", ""].map((image) =>
    wrong("regions.rome.image", image, `${tag}, not "${image}"`),
  ),
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
    `defaults.imageCatalog.name: is missing: must be the name of a catalogue: ${names}`,
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
    `defaults.imagePullSecrets[0]: must be the name of a secret: ${names}, not "My_secret"`,
    `defaults.imagePullSecrets[1]: must be the name of a secret: ${names}, not null`,
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
  wrong("defaults.walStorage.storageClass", "", `must be the name of a storage class: ${names}, not ""`),
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
    "a volume that the log of slots fills",
    (args) => (args.parameters.max_slot_wal_keep_size = "5GB"),
    'defaults.walStorage.size: must be more than max_slot_wal_keep_size, "5GB", not "4.5Gi"',
  ],
  [
    "an image by its digest alone",
    (args) => (args.regions.lisbon.image = "pg@sha256:abcdef"),
    'regions.lisbon.image: must be an image with its version of PostgreSQL, 13 or newer, as the tag, such as postgresql:17.5, not "pg@sha256:abcdef": a digest follows the tag, and an image by its digest alone goes into imageCatalog',
  ],
  [
    "logical slots on other instances of an old PostgreSQL",
    (args) => {
      args.defaults.image = "pg:16.4";
      args.regions.lisbon.image = "pg:16.4";
      delete args.parameters["pg_failover_slots.drop_extra_slots"];
    },
    "defaults.synchronizeLogicalDecoding: must not be true with PostgreSQL 16, unless parameters of pg_failover_slots are given",
  ],
  [
    "logical slots on other instances without what they take",
    (args) => {
      delete args.parameters["pg_failover_slots.drop_extra_slots"];
      delete args.parameters.hot_standby_feedback;
    },
    "parameters.hot_standby_feedback: must be on where defaults.synchronizeLogicalDecoding is true",
    "parameters.sync_replication_slots: must be on where defaults.synchronizeLogicalDecoding is true",
  ],
  [
    "a volume for the log that checkpoints fill",
    (args) => (args.regions.oslo.walStorage = { size: "1Gi" }),
    'regions.oslo.walStorage.size: must be more than min_wal_size, "1 GB", not "1Gi"',
    'regions.oslo.walStorage.size: must be more than max_wal_size, 4096, not "1Gi"',
  ],
];

describe("CnpgPostgres, of what a Cluster is like,", () => {
  refusesEach(faults);

  it("takes what the operator cannot be asked before: images without a version said", () => {
    const args = spoiled(({ defaults, regions }) => {
      delete defaults.image;
      delete regions.lisbon.image;
    });
    expect(linesOf(args)).toEqual([]);
  });
});
