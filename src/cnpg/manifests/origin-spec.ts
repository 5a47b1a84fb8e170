import type { Input } from "@pulumi/pulumi";
import type { CnpgPostgresArgs } from "../args";
import type { ImportArgs, InitdbArgs, InitSqlArgs, OriginServerArgs } from "../origin-args";
import type { CnpgTopologyPlan } from "../plan";
import { barmanCloud } from "./backup-spec";
import type { ApplicationSpec, BootstrapSpec, ExternalClusterSpec, InitSpec } from "./cluster-types";
import { compact } from "./compact";
import { manifestNames, upstreamCluster } from "./names";

/** What the operator knows it by. No region's `Cluster` is named so: theirs have hyphens. */
const originName = "origin";

const keys = { password: "password", certificate: "tls.crt", privateKey: "tls.key", ca: "ca.crt" } as const;

/** The founding region starts with what `origin` says where it is the primary too: all else is a copy of the primary. */
export function bootstrapSpec(
  plan: CnpgTopologyPlan,
  { origin, initdb, initSql }: Pick<CnpgPostgresArgs, "origin" | "initdb" | "initSql">,
  founds: boolean,
): BootstrapSpec {
  // The operator makes a password of its own for the owner, once a copy is promoted, unless it is told.
  const application: ApplicationSpec = {
    database: plan.database,
    owner: plan.owner,
    secret: { name: manifestNames(plan.name).credentials(plan.owner) },
  };
  if (!founds) {
    return { pg_basebackup: { ...application, source: upstreamCluster } };
  }
  if (origin === undefined) {
    return { initdb: { ...application, ...directorySpec(initdb), ...initSpec(initSql) } };
  }
  if ("import" in origin) {
    return {
      initdb: { ...application, ...directorySpec(initdb), import: importSpec(origin.import, initSql) },
    };
  }
  if ("clone" in origin) {
    return { pg_basebackup: { ...application, source: originName } };
  }
  const { targetTime } = origin.recovery;
  const recoveryTarget = targetTime === undefined ? {} : { recoveryTarget: { targetTime } };
  return { recovery: { ...application, source: originName, ...recoveryTarget } };
}

/** The operator gives `C` as the locale's collation and its classes of characters unless it is told both. */
function directorySpec({ walSegmentSizeMegabytes, ...same }: InitdbArgs = {}): Partial<InitSpec> {
  return compact<Partial<InitSpec>>({
    ...same,
    localeCollate: same.locale,
    localeCType: same.locale,
    walSegmentSize: walSegmentSizeMegabytes,
  });
}

function initSpec({ statements, configMaps }: InitSqlArgs = {}): Partial<InitSpec> {
  return compact<Partial<InitSpec>>({
    postInitApplicationSQL: statements,
    postInitApplicationSQLRefs: configMaps && { configMapRefs: configMaps },
  });
}

function importSpec(
  { type = "microservice", databases, roles }: ImportArgs,
  initSql: InitSqlArgs | undefined,
): NonNullable<InitSpec["import"]> {
  return compact<NonNullable<InitSpec["import"]>>({
    type,
    databases,
    roles,
    source: { externalCluster: originName },
    postImportApplicationSQL: initSql?.statements,
  });
}

/** Where the data came from, as every region's `Cluster` knows it. */
export function originClusters(
  name: string,
  origin: CnpgPostgresArgs["origin"],
): readonly ExternalClusterSpec[] {
  if (origin === undefined) {
    return [];
  }
  const store = manifestNames(name).origin;
  return "recovery" in origin
    ? [{ name: originName, plugin: barmanCloud(store, origin.recovery.serverName) }]
    : [serverSpec(store, "clone" in origin ? origin.clone : origin.import)];
}

function serverSpec(secret: string, server: OriginServerArgs): ExternalClusterSpec {
  const { host, port = 5432, user, password, clientCertificate, caCertificate, sslMode } = server;
  const ifGiven = (value: unknown, key: string) => (value === undefined ? undefined : { name: secret, key });
  return compact<ExternalClusterSpec>({
    name: originName,
    connectionParameters: {
      host,
      port: String(port),
      user,
      dbname: "postgres",
      sslmode: sslMode ?? "verify-full",
    },
    password: ifGiven(password, keys.password),
    sslCert: ifGiven(clientCertificate, keys.certificate),
    sslKey: ifGiven(clientCertificate, keys.privateKey),
    sslRootCert: ifGiven(caCertificate, keys.ca),
  });
}

/** What a region's secret holds to log in to a server with. */
export function originData(server: OriginServerArgs): Record<string, Input<string>> {
  const { password, clientCertificate, caCertificate } = server;
  return compact<Record<string, Input<string>>>({
    ...(password === undefined ? {} : { [keys.password]: password }),
    ...(clientCertificate === undefined
      ? {}
      : {
          [keys.certificate]: clientCertificate.certificate,
          [keys.privateKey]: clientCertificate.privateKey,
        }),
    ...(caCertificate === undefined ? {} : { [keys.ca]: caCertificate }),
  });
}
