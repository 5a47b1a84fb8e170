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

/** Kubernetes takes no underscores in names. */
export function manifestNames(name: string): ManifestNames {
  return {
    ca: `${name}-ca`,
    server: `${name}-server`,
    replication: `${name}-replication`,
    pooler: `${name}-pooler`,
    externalWriter: `${name}-external-writer`,
    external: `${name}-external`,
    credentials: (role) => `${name}-role-${role.replaceAll("_", "-")}`,
    origin: `${name}-origin`,
    backup: `${name}-backup`,
    database: (database) => `${name}-database-${database.replaceAll("_", "-")}`,
  };
}

/** What a `Cluster` calls the writer outside: no region's `Cluster` has a name without a hyphen. */
export const externalWriterCluster = "external";

/**
 * What a `Cluster` calls whomever it follows. Copies are cloned from it: the operator wants to know for ever what a
 * copy was cloned from, and that region may be removed.
 */
export const upstreamCluster = "upstream";
