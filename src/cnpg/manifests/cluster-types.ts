import type { Input } from "@pulumi/pulumi";

/** The fields of a CloudNativePG `Cluster` (postgresql.cnpg.io/v1) that this package uses. */
export interface ClusterSpec {
  readonly description?: string;
  readonly instances: number;
  readonly imageName?: string;
  readonly imageCatalogRef?: {
    readonly apiGroup: "postgresql.cnpg.io";
    readonly kind: "ImageCatalog" | "ClusterImageCatalog";
    readonly name: string;
    readonly major: number;
  };
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly storage: StorageSpec;
  readonly walStorage?: StorageSpec;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly affinity?: {
    readonly enablePodAntiAffinity?: boolean;
    readonly podAntiAffinityType?: "preferred" | "required";
    readonly topologyKey?: string;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Readonly<Record<string, unknown>>[];
    readonly nodeAffinity?: Readonly<Record<string, unknown>>;
    readonly additionalPodAffinity?: Readonly<Record<string, unknown>>;
    readonly additionalPodAntiAffinity?: Readonly<Record<string, unknown>>;
  };
  readonly topologySpreadConstraints?: readonly Readonly<Record<string, unknown>>[];
  readonly priorityClassName?: string;
  readonly startDelay?: number;
  readonly stopDelay?: number;
  readonly inheritedMetadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, Input<string>>>;
  };
  readonly env?: readonly { readonly name: string; readonly value: Input<string> }[];
  readonly serviceAccountTemplate?: {
    readonly metadata: { readonly annotations: Readonly<Record<string, Input<string>>> };
  };
  readonly postgresql: {
    readonly parameters: Input<Readonly<Record<string, Input<string>>>>;
    readonly pg_hba: readonly string[];
    readonly shared_preload_libraries?: readonly string[];
    readonly extensions?: readonly ExtensionSpec[];
    readonly synchronous?: SynchronousSpec;
  };
  readonly bootstrap: Input<BootstrapSpec>;
  readonly replica: {
    readonly self: string;
    readonly primary: string;
    readonly source: string;
    readonly promotionToken?: Input<string>;
  };
  readonly externalClusters: readonly ExternalClusterSpec[];
  readonly plugins?: readonly PluginSpec[];
  readonly certificates: {
    readonly serverCASecret: string;
    readonly serverTLSSecret?: string;
    readonly clientCASecret: string;
    readonly replicationTLSSecret?: string;
    readonly serverAltDNSNames?: readonly string[];
  };
  readonly enableSuperuserAccess: true;
  readonly superuserSecret: { readonly name: string };
  readonly managed?: {
    readonly services?: { readonly disabledDefaultServices: readonly ("ro" | "r")[] };
    readonly roles?: readonly ManagedRoleSpec[];
  };
  readonly replicationSlots?: { readonly highAvailability: { readonly synchronizeLogicalDecoding: true } };
  readonly primaryUpdateMethod: "restart" | "switchover";
  readonly smartShutdownTimeout: number;
  readonly monitoring?: {
    readonly customQueriesConfigMap?: readonly { readonly name: string; readonly key: string }[];
  };
  readonly logLevel?: string;
  readonly enablePDB: boolean;
}

export interface ExtensionSpec {
  readonly name: string;
  readonly image?: { readonly reference: string };
  readonly ld_library_path?: readonly string[];
}

export interface StorageSpec {
  readonly size: string;
  readonly storageClass?: string;
}

export interface SynchronousSpec {
  readonly method: "any" | "first";
  readonly number: number;
  readonly standbyNamesPre?: readonly string[];
  readonly maxStandbyNamesFromCluster?: number;
  readonly dataDurability?: "required" | "preferred";
  readonly failoverQuorum?: boolean;
}

/** How a region's database came to be: made, as a copy, or from backups. */
export type BootstrapSpec =
  { readonly initdb: InitSpec } | { readonly pg_basebackup: CloneSpec } | { readonly recovery: RecoverySpec };

export interface ApplicationSpec {
  readonly database: string;
  readonly owner: string;
  readonly secret: { readonly name: string };
}

export interface InitSpec extends ApplicationSpec {
  readonly encoding?: string;
  readonly locale?: string;
  readonly localeCollate?: string;
  readonly localeCType?: string;
  readonly localeProvider?: "libc" | "icu" | "builtin";
  readonly icuLocale?: string;
  readonly builtinLocale?: string;
  readonly dataChecksums?: true;
  readonly walSegmentSize?: number;
  readonly postInitApplicationSQL?: readonly Input<string>[];
  readonly postInitApplicationSQLRefs?: {
    readonly configMapRefs: readonly { readonly name: string; readonly key: string }[];
  };
  readonly import?: {
    readonly type: "microservice" | "monolith";
    readonly databases: readonly string[];
    readonly roles?: readonly string[];
    readonly source: { readonly externalCluster: string };
    readonly postImportApplicationSQL?: readonly Input<string>[];
  };
}

export interface CloneSpec extends ApplicationSpec {
  readonly source: string;
}

export interface RecoverySpec extends CloneSpec {
  readonly recoveryTarget?: { readonly targetTime: string };
}

/** Reached as a server, or by what it archives. */
export interface ExternalClusterSpec {
  readonly name: string;
  readonly connectionParameters?: Readonly<Record<string, Input<string>>>;
  readonly password?: SecretKey;
  readonly sslCert?: SecretKey;
  readonly sslKey?: SecretKey;
  readonly sslRootCert?: SecretKey;
  readonly plugin?: PluginSpec;
}

export interface PluginSpec {
  readonly name: string;
  readonly isWALArchiver?: true;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

export interface ManagedRoleSpec {
  readonly name: string;
  readonly ensure: "present";
  readonly login: boolean;
  readonly replication?: boolean;
  readonly createdb: boolean;
  readonly connectionLimit: number;
  readonly inRoles?: readonly string[];
  readonly passwordSecret?: { readonly name: string };
}
