import type { Input } from "@pulumi/pulumi";
import type { ResourcesArgs } from "../kubernetes/resources-args";
import type { TopologyArgs } from "../topology";
import type { CertificatesArgs } from "./certificates-args";
import type { PoolersArgs } from "./pooler-args";
import type { BackupArgs } from "./backup-args";
import type { PodArgs } from "./pod-args";
import type { ManagedDatabaseArgs } from "./database-args";
import type { InitdbArgs, InitSqlArgs, OriginArgs } from "./origin-args";
import type { ExternalWriterArgs } from "./external-writer";

/** A volume of every instance. */
export interface VolumeArgs {
  /** A Kubernetes quantity, such as `10Gi`. It can grow, if the storage class can; it never shrinks. */
  size: string;

  /**
   * The storage class. Decided once: volumes never move to another class.
   *
   * @default the cluster's default class
   */
  storageClass?: string;
}

/** How the instances of one region are spread over its nodes. */
export interface AffinityArgs {
  /**
   * Whether the instances of the region avoid each other's nodes.
   *
   * @default true
   */
  enablePodAntiAffinity?: boolean;

  /**
   * `preferred` starts an instance beside another where there is no other place; `required` leaves it waiting.
   *
   * @default "preferred"
   */
  podAntiAffinityType?: "preferred" | "required";

  /**
   * The label of nodes that must differ: by zone, for instance, `topology.kubernetes.io/zone`.
   *
   * @default "kubernetes.io/hostname"
   */
  topologyKey?: string;

  /** Labels that a node must have. */
  nodeSelector?: Record<string, string>;

  /** Taints of nodes that are put up with, as in a pod. */
  tolerations?: Record<string, unknown>[];

  /** Nodes that an instance needs or prefers, as in a pod's `affinity.nodeAffinity`. */
  nodeAffinity?: Record<string, unknown>;

  /** Pods that an instance runs beside, as in a pod's `affinity.podAffinity`. */
  additionalPodAffinity?: Record<string, unknown>;

  /** Pods that an instance avoids beside the other instances, as in a pod's `affinity.podAntiAffinity`. */
  additionalPodAntiAffinity?: Record<string, unknown>;
}

/** What is told about PostgreSQL to Prometheus. */
export interface MonitoringArgs {
  /**
   * Whether there is a `PodMonitor`, named `NAME-REGION-metrics`. It takes the Prometheus operator in the region's
   * cluster. It has the labels of `inheritedMetadata`, by which a Prometheus may choose what it reads.
   *
   * @default false
   */
  podMonitor?: boolean;

  /** ConfigMaps of the namespace that hold further queries. */
  customQueriesConfigMaps?: { name: string; key: string }[];
}

/** Synchronous replication among the instances of one region: `durability` says what other regions confirm. */
export interface SynchronousArgs {
  /**
   * `any`: that many instances, whichever; `first`: the first ones of the list.
   *
   * @default "any"
   */
  method?: "any" | "first";

  /** How many instances of the region must have a commit: less than `instances`. */
  number: number;

  /**
   * `required`: commits wait while too few instances are there; `preferred`: they do not.
   *
   * @default "required"
   */
  dataDurability?: "required" | "preferred";

  /**
   * Whether an instance is only promoted, when the region's primary is gone, if it surely has every commit. Takes
   * three instances.
   *
   * @default false
   */
  failoverQuorum?: boolean;
}

/** An extension that comes in an image of its own, beside that of PostgreSQL. */
export interface ExtensionImageArgs {
  /**
   * The image, such as `ghcr.io/cloudnative-pg/pgvector:0.8.1-18-trixie`.
   *
   * @default the one that `imageCatalog` has for it
   */
  image?: string;

  /**
   * Directories of the image that hold libraries which the extension's own need, as PostGIS does: `["system"]`.
   *
   * @default []
   */
  ldLibraryPath?: string[];
}

/** What a region's CloudNativePG `Cluster` is like. */
export interface CnpgClusterArgs extends PodArgs {
  /**
   * How many instances: 1 to 20. One of them writes or follows the writer's region, the others follow it. Regions
   * differ as they like, and are scaled at any time. With `durability: "region"`: 1, or 3 or more; with 3 or more a
   * commit waits for another instance of the writer's region too, because the operator may promote it.
   *
   * @default 1
   */
  instances?: number;

  /**
   * The image of PostgreSQL, with its version in the tag: `ghcr.io/cloudnative-pg/postgresql:17.5`. A digest may follow
   * the tag: `postgresql:17.5@sha256:…`; an image by its digest alone goes into an image catalogue. Excludes
   * `imageCatalog`. All regions must have one major version.
   *
   * @default the operator's
   */
  image?: string;

  /** An image catalogue in the cluster, and the major version to take from it. Excludes `image`. */
  imageCatalog?: { name: string; major: number; kind?: "ImageCatalog" | "ClusterImageCatalog" };

  /** Secrets of the namespace by which images are pulled. */
  imagePullSecrets?: string[];

  /**
   * The volume for data. Size it with the log that is kept for regions that are away: see `parameters`.
   *
   * @default { size: "10Gi" }
   */
  storage?: VolumeArgs;

  /**
   * A volume for the write-ahead log alone.
   *
   * @default the log is with the data
   */
  walStorage?: VolumeArgs;

  /** What each instance asks for. */
  resources?: ResourcesArgs;

  /** On which nodes the instances run. */
  affinity?: AffinityArgs;

  /** How the instances spread, as in a pod's `topologySpreadConstraints`. */
  topologySpreadConstraints?: Record<string, unknown>[];

  /** Libraries that every server loads, such as `pg_stat_statements`. */
  sharedPreloadLibraries?: string[];

  /**
   * Extensions that come in images of their own, by name. They take PostgreSQL 18 and a Kubernetes that mounts images:
   * 1.35, or 1.33 with the feature gate `ImageVolume`. `databases` says where one is created.
   *
   * @default {}
   */
  extensionImages?: Record<string, ExtensionImageArgs>;

  /** Synchronous replication inside the region. Excludes `durability: "region"`, which decides it. */
  synchronous?: SynchronousArgs;

  /**
   * Whether logical replication slots are kept on the other instances of the region too, so that Debezium and its like
   * go on after the operator promotes one. Takes `parameters` with `hot_standby_feedback` and `sync_replication_slots`
   * on (PostgreSQL 17 and newer), or those of `pg_failover_slots`; a slot takes part if it is made with `failover`. A
   * slot does not go to another region by a handover: make it there again.
   *
   * @default false
   */
  synchronizeLogicalDecoding?: boolean;

  /**
   * How the instance that leads is updated: `restart` in its place, or `switchover` to another instance.
   *
   * @default "restart"
   */
  primaryUpdateMethod?: "restart" | "switchover";

  /** What Prometheus is told. */
  monitoring?: MonitoringArgs;

  /**
   * How much the instance manager logs.
   *
   * @default "info"
   */
  logLevel?: "error" | "warning" | "info" | "debug" | "trace";

  /**
   * Whether Kubernetes is kept from draining the instance that leads.
   *
   * @default true
   */
  podDisruptionBudget?: boolean;

  /**
   * Whether there are the services `NAME-ro` and `NAME-r`, for clients inside the cluster.
   *
   * @default false
   */
  readOnlyServices?: boolean;

  /**
   * PgBouncer before the region's servers. A region that gives `{}` has none, whatever `defaults` says.
   *
   * @default {}
   */
  poolers?: PoolersArgs;

  /**
   * Backups to an object store.
   *
   * @default none
   */
  backup?: BackupArgs;
}

/** How the other regions, and clients outside, reach a region. */
export interface ServiceArgs {
  /**
   * `NodePort` opens `port` on every node; `LoadBalancer` asks the cloud for one.
   *
   * @default "NodePort"
   */
  type?: "NodePort" | "LoadBalancer";

  /** Annotations of the service: what a cloud's load balancer or a DNS controller reads. */
  annotations?: Record<string, Input<string>>;

  /** The networks that a load balancer lets in: CIDR blocks. */
  loadBalancerSourceRanges?: string[];
}

/** A region that is a Kubernetes cluster. What is not given here is as in `defaults`. */
export interface CnpgRegionArgs extends CnpgClusterArgs {
  /** The cluster's kubeconfig: its text, or the path of a file. Kept secret. */
  kubeconfig: Input<string>;

  /**
   * Which of the kubeconfig's contexts.
   *
   * @default its current one
   */
  context?: Input<string>;

  /** The name or address by which the other regions and clients reach the region's service. */
  host: string;

  /**
   * The port there. For a `NodePort` it is the port of every node: 30000 to 32767, unless the cluster has another
   * range.
   *
   * @default 30432 for a NodePort, 5432 for a LoadBalancer
   */
  port?: number;

  /** How the region is reached. */
  service?: ServiceArgs;

  /**
   * Whether the instances are stopped while their volumes are kept. A region that was away for more log than
   * `wal_keep_size` is cloned afresh when it is resumed. The primary cannot be hibernated.
   *
   * @default false
   */
  hibernated?: boolean;
}

/** Who may connect. */
export interface PgHbaArgs {
  /**
   * Networks that may connect by TLS and password beside 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16: CIDR
   * blocks.
   *
   * @default []
   */
  additionalCidrs?: string[];

  /** Lines of pg_hba.conf that replace all of these. The operator's own come before them. */
  customRules?: string[];
}

/** The operator, as each region has it. */
export interface OperatorArgs {
  /**
   * Installs the operator in every region: `manifest` is the release's YAML, a path or a URL.
   */
  manifest: string;

  /** The secret by which its image is pulled: its `.dockerconfigjson`. */
  pullSecret?: Input<string>;
}

/** One PostgreSQL across Kubernetes clusters, by CloudNativePG. */
export interface CnpgPostgresArgs<Name extends string = string> extends TopologyArgs<CnpgRegionArgs, Name> {
  /** What every region's cluster is like, unless the region says otherwise. */
  defaults?: CnpgClusterArgs;

  /**
   * A writer that is none of the regions: all of them read. `primary` follows it, and the others follow `primary`,
   * which can change at any time. Given from the first day, or never: what regions wrote themselves would be lost.
   *
   * Taken away, it makes a topology of its own: `primary` is promoted with all that has arrived by then, and nothing
   * that is written outside later comes here. `handover.arrived` tells how far that was.
   *
   * @default the writer is the region `primary`
   */
  externalWriter?: ExternalWriterArgs;

  /**
   * The namespace, in every region. Decided once: a change is refused, since it would replace the database.
   *
   * @default the component's name
   */
  namespace?: string;

  /**
   * Whether the namespace is made in every region, and taken away with the stack.
   *
   * @default true
   */
  createNamespace?: boolean;

  /** Who may connect. */
  pgHba?: PgHbaArgs;

  /**
   * Where the certificates of servers, and of regions that follow each other, come from.
   *
   * @default "shared"
   */
  certificates?: CertificatesArgs;

  /**
   * How the first data directory is made. Decided once: a change is refused. Excludes `externalWriter`, `origin.clone`
   * and `origin.recovery`, from which the data directory comes.
   *
   * @default as the operator makes it: UTF8, the locale C, no checksums before PostgreSQL 18
   */
  initdb?: InitdbArgs;

  /**
   * Where the data comes from. Decided once.
   *
   * @default nowhere: the application's database starts empty
   */
  origin?: OriginArgs;

  /**
   * SQL that is run once, when the topology is founded: changed later, it changes nothing. Where `origin` imports one
   * database it is run after that, and takes no `configMaps`; otherwise it excludes `origin`.
   */
  initSql?: InitSqlArgs;

  /**
   * Further databases, by name, with their extensions and schemas. The application's own may be among them, for its
   * extensions and schemas.
   *
   * @default {}
   */
  databases?: Record<string, ManagedDatabaseArgs>;

  /**
   * The operator. Version 1.30.0, 1.29.2 or 1.28.4 at least: older ones can wipe the token of a handover.
   *
   * @default it must be there in every region
   */
  operator?: OperatorArgs;

  /**
   * Further secrets that every region has in its namespace: the encryption keys of an application, for instance.
   *
   * @default {}
   */
  sharedSecrets?: Record<string, Record<string, Input<string>>>;

  /**
   * Whether Pulumi refuses to delete the databases.
   *
   * @default true
   */
  protect?: boolean;
}
