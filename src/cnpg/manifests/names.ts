/** The Kubernetes names of what every region has in its namespace. Part of the contract. */
export interface ManifestNames {
  /** The authority's certificate. */
  readonly ca: string;
  /** The certificate of this region's servers. */
  readonly server: string;
  /** The certificate by which regions follow each other. */
  readonly replication: string;
  /** The service by which other regions reach this one. */
  readonly external: string;
  /** A role's name and password. */
  credentials(role: string): string;
}

/** Kubernetes takes no underscores in names. */
export function manifestNames(name: string): ManifestNames {
  return {
    ca: `${name}-ca`,
    server: `${name}-server`,
    replication: `${name}-replication`,
    external: `${name}-external`,
    credentials: (role) => `${name}-role-${role.replaceAll("_", "-")}`,
  };
}
