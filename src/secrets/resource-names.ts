/** The Pulumi names of a key, of its certificate request and of the certificate. */
export interface CertificateResourceNames {
  readonly key: string;
  readonly request: string;
  readonly certificate: string;
}

/** The Pulumi names of what `PostgresSecrets` creates. */
export interface SecretsResourceNames {
  readonly caKey: string;
  readonly ca: string;
  readonly replication: CertificateResourceNames;
  server(region: string): CertificateResourceNames;
  client(role: string): CertificateResourceNames;
  password(role: string): string;
}

/**
 * Frozen: a name that changes replaces a secret. Every kind has a prefix of its own, so that a region called
 * `ca` or `replication`, or one that shares its name with a role, collides with nothing.
 */
export function secretsResourceNames(name: string): SecretsResourceNames {
  const certificate = (prefix: string): CertificateResourceNames => ({
    key: `${name}-${prefix}-key`,
    request: `${name}-${prefix}-request`,
    certificate: `${name}-${prefix}-certificate`,
  });
  return {
    caKey: `${name}-ca-key`,
    ca: `${name}-ca`,
    replication: certificate("replication"),
    server: (region) => certificate(`server-${region}`),
    client: (role) => certificate(`client-${role}`),
    password: (role) => `${name}-password-${role}`,
  };
}
