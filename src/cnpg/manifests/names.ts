import { createHash } from "node:crypto";

/** The Kubernetes names of what every region has in its namespace. Part of the contract. */
export interface ManifestNames {
  /** The authority's certificate. */
  readonly ca: string;
  /** The certificate of this region's servers. */
  readonly server: string;
  /** The certificate by which regions follow each other. */
  readonly replication: string;
  /** The certificate by which poolers look up passwords. */
  readonly pooler: string;
  /** The password and the authority's certificate by which `primary` follows a writer outside. */
  readonly externalWriter: string;
  /** The service by which other regions reach this one. */
  readonly external: string;
  /** A role's name and password. */
  credentials(role: string): string;
  /** What the server that the data came from is logged in to with, and the store of its backups. */
  readonly origin: string;
  /** The store of this region's backups, and their schedule. */
  readonly backup: string;
  /** A database that is managed. */
  database(database: string): string;
}

/** Where a pooler leads: to the instance that leads its region, or to the others. */
export type PoolerType = "rw" | "ro";

/** The name of a `Pooler`, and of its service. */
export function poolerName(cluster: string, type: PoolerType): string {
  return `${cluster}-pooler-${type}`;
}

/** The name of a region's `PodMonitor`. */
export function podMonitorName(cluster: string): string {
  return `${cluster}-metrics`;
}

/** What the names of the secrets of roles begin with. */
export function rolePrefix(name: string): string {
  return `${name}-role-`;
}

/**
 * What a name in the database is in names of Kubernetes, which have small letters, digits and hyphens. What is not made
 * of these and underscores has a digest beside them, so that no two names become one.
 */
function kubernetesName(name: string): string {
  if (/^[a-z0-9_]*[a-z0-9]$/.test(name)) {
    return name.replaceAll("_", "-");
  }
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-${digest}`;
}

export function manifestNames(name: string): ManifestNames {
  return {
    ca: `${name}-ca`,
    server: `${name}-server`,
    replication: `${name}-replication`,
    pooler: `${name}-pooler`,
    externalWriter: `${name}-external-writer`,
    external: `${name}-external`,
    credentials: (role) => `${rolePrefix(name)}${kubernetesName(role)}`,
    origin: `${name}-origin`,
    backup: `${name}-backup`,
    database: (database) => `${name}-database-${kubernetesName(database)}`,
  };
}

/** What a `Cluster` calls the writer outside: no region's `Cluster` has a name without a hyphen. */
export const externalWriterCluster = "external";

/**
 * What a `Cluster` calls whomever it follows. Copies are cloned from it: the operator wants to know for ever what a
 * copy was cloned from, and that region may be removed.
 */
export const upstreamCluster = "upstream";
