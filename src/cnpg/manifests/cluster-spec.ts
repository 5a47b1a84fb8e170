import type { Input } from "@pulumi/pulumi";
import type { RoleArgs } from "../../topology";
import { replicationRole, superuser } from "../../roles";
import type { CnpgClusterArgs, CnpgPostgresArgs } from "../args";
import type { ExternalWriterArgs } from "../external-writer";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "../plan";
import { barmanCloud } from "./backup-spec";
import { compact } from "./compact";
import type {
  BootstrapSpec,
  ClusterSpec,
  ExtensionSpec,
  ExternalClusterSpec,
  ManagedRoleSpec,
} from "./cluster-types";
import { certificateSecrets, certificatesSpec, type CertificateSecrets } from "./certificates";
import { externalWriter, noticing, upstream } from "./external-writer-spec";
import { manifestNames, upstreamCluster } from "./names";
import { originClusters } from "./origin-spec";
import { pgHba } from "./pg-hba";
import { podSpec } from "./pod-spec";
import { synchronousSpec } from "./synchronous-spec";

/** What a region's `Cluster` depends on beside the plan. */
export interface ClusterWishes extends Pick<CnpgPostgresArgs, "pgHba" | "roles" | "origin"> {
  /** What its PostgreSQL is given. */
  readonly parameters: ClusterSpec["postgresql"]["parameters"];
  readonly externalWriter?: ExternalWriterArgs | undefined;
  /** How the region's database came to be. */
  readonly bootstrap: Input<BootstrapSpec>;
  /** What the writer shows to be promoted: what the last one left when it was demoted. */
  readonly promotionToken: Input<string>;
}

/** A region's `Cluster`. Roles are values in it: in `replica`, and in whom `upstream` leads to. */
export function clusterSpec(
  plan: CnpgTopologyPlan,
  region: CnpgRegionPlan,
  { bootstrap, promotionToken, parameters, ...args }: ClusterWishes,
): ClusterSpec {
  const names = manifestNames(plan.name);
  const { cluster, role, wishes } = region;
  const { storage = { size: "10Gi" }, sharedPreloadLibraries } = wishes;
  const synchronous = synchronousSpec(plan, region);
  const replica = { self: cluster, ...upstream(plan, region) };
  const known = [
    ...plan.regions.map((other) => externalCluster(other, certificateSecrets(plan, region))),
    ...(args.externalWriter ? [externalWriter(plan, args.externalWriter)] : []),
  ];
  return compact<ClusterSpec>({
    instances: wishes.instances ?? 1,
    ...imageSpec(wishes),
    imagePullSecrets: wishes.imagePullSecrets?.map((name) => ({ name })),
    storage,
    walStorage: wishes.walStorage,
    resources: wishes.resources,
    affinity: wishes.affinity,
    topologySpreadConstraints: wishes.topologySpreadConstraints,
    ...podSpec(wishes),
    postgresql: compact<ClusterSpec["postgresql"]>({
      parameters,
      pg_hba: pgHba(args.pgHba),
      shared_preload_libraries: sharedPreloadLibraries,
      extensions: extensionSpecs(wishes),
      synchronous,
    }),
    bootstrap,
    replica: role === "writer" ? { ...replica, promotionToken } : replica,
    externalClusters: [
      ...known,
      { ...known.find(({ name }) => name === replica.source)!, name: upstreamCluster },
      ...originClusters(plan.name, args.origin),
    ],
    plugins: wishes.backup && [{ ...barmanCloud(names.backup, cluster), isWALArchiver: true }],
    certificates: certificatesSpec(plan, region),
    enableSuperuserAccess: true,
    superuserSecret: { name: names.credentials(superuser) },
    managed: compact<NonNullable<ClusterSpec["managed"]>>({
      services: servicesSpec(wishes),
      roles: managedRoles(plan, args.roles),
    }),
    replicationSlots:
      wishes.synchronizeLogicalDecoding === true
        ? { highAvailability: { synchronizeLogicalDecoding: true } }
        : undefined,
    primaryUpdateMethod: wishes.primaryUpdateMethod ?? "restart",
    // A restart, for a parameter or for the archive of a promoted region, would wait three minutes until every client
    // has gone by itself, and accept no connection meanwhile.
    smartShutdownTimeout: 0,
    monitoring: monitoringSpec(wishes),
    logLevel: wishes.logLevel,
    enablePDB: wishes.podDisruptionBudget ?? true,
  });
}

/** Every region knows every region, itself included, from the first day: a handover only names another one. */
function externalCluster(
  { cluster, host, port }: CnpgRegionPlan,
  { ca, replication }: CertificateSecrets,
): ExternalClusterSpec {
  return {
    name: cluster,
    connectionParameters: {
      host,
      port: String(port),
      user: replicationRole,
      dbname: "postgres",
      sslmode: "verify-full",
      ...noticing,
    },
    sslCert: { name: replication, key: "tls.crt" },
    sslKey: { name: replication, key: "tls.key" },
    sslRootCert: { name: ca, key: "ca.crt" },
  };
}

function imageSpec({ image, imageCatalog }: CnpgClusterArgs) {
  return {
    imageName: image,
    imageCatalogRef:
      imageCatalog &&
      ({
        apiGroup: "postgresql.cnpg.io",
        kind: imageCatalog.kind ?? "ClusterImageCatalog",
        name: imageCatalog.name,
        major: imageCatalog.major,
      } as const),
  };
}

/** Sorted, so that their order in the program changes nothing: it is that of the paths, and servers restart for it. */
function extensionSpecs({ extensionImages = {} }: CnpgClusterArgs): ExtensionSpec[] | undefined {
  const sorted = Object.entries(extensionImages).sort(([one], [other]) => (one < other ? -1 : 1));
  const specs = sorted.map(([name, { image, ldLibraryPath }]) =>
    compact<ExtensionSpec>({
      name,
      image: image === undefined ? undefined : { reference: image },
      ld_library_path: ldLibraryPath,
    }),
  );
  return specs.length > 0 ? specs : undefined;
}

function servicesSpec({ readOnlyServices, poolers }: CnpgClusterArgs) {
  if (readOnlyServices === true) {
    return undefined;
  }
  return {
    disabledDefaultServices: poolers?.readOnly === undefined ? (["ro", "r"] as const) : (["r"] as const),
  };
}

function monitoringSpec({ monitoring }: CnpgClusterArgs): ClusterSpec["monitoring"] {
  return (
    monitoring &&
    compact<NonNullable<ClusterSpec["monitoring"]>>({
      customQueriesConfigMap: monitoring.customQueriesConfigMaps,
    })
  );
}

function managedRoles(
  { name }: CnpgTopologyPlan,
  roles: Readonly<Record<string, RoleArgs>> = {},
): ManagedRoleSpec[] | undefined {
  const sorted = Object.entries(roles).sort(([one], [other]) => (one < other ? -1 : 1));
  const specs = sorted.map(
    ([role, { login = true, replication, memberOf, createDatabases, connectionLimit }]) =>
      compact<ManagedRoleSpec>({
        name: role,
        ensure: "present",
        login,
        replication,
        createdb: createDatabases ?? false,
        connectionLimit: connectionLimit ?? -1,
        inRoles: memberOf,
        passwordSecret: login ? { name: manifestNames(name).credentials(role) } : undefined,
      }),
  );
  return specs.length > 0 ? specs : undefined;
}
