import type { Input } from "@pulumi/pulumi";

/**
 * Whose certificates servers and regions show each other. All of them come from one authority, and a change of mind
 * is an update like any other.
 *
 * - `shared`: those of `secrets`, given or generated. `pulumi up` renews them; no region has the authority's key.
 * - `operator`: the operator of each region issues and renews them by itself, unless told otherwise for 90 days. Every region is
 *   given the authority of `secrets` with its key, ECDSA: whoever reads the secrets of one region can issue
 *   certificates for all. Every `host` is a DNS name, since the operator puts no addresses into certificates.
 * - names of secrets: the user's own.
 */
export type CertificatesArgs = "shared" | "operator" | OwnCertificatesArgs;

/**
 * Secrets that are in the namespace of every region, by the same names, before the database is made: as cert-manager
 * makes them, for instance. Where one has the label `cnpg.io/reload: "true"`, a change of it is noticed at once.
 */
export interface OwnCertificatesArgs {
  /**
   * A secret with the authority's certificate, `ca.crt`: it has signed the server's certificate, and all that follow
   * where there is no `clientCa`, in every region. For a server's certificate of a public authority it is the public
   * authority's.
   */
  ca: string;

  /**
   * A secret with the certificate, `ca.crt`, of the authority that signed the certificates of clients: `replication` and
   * `pooler`. It is an authority of your own, because servers let in whatever it signs.
   *
   * @default ca
   */
  clientCa?: string;

  /**
   * A secret with the region's server's certificate, `tls.crt` and `tls.key`. It has to name the region's `host`, and
   * `NAME-REGION-rw`, by which poolers reach it.
   */
  server: string;

  /** A secret with the certificate by which regions follow each other: its common name is `streaming_replica`. */
  replication: string;

  /**
   * A secret with the certificate by which poolers look up passwords: its common name is `cnpg_pooler_pgbouncer`.
   * Needed where a region has poolers.
   */
  pooler?: string;

  /** The authority's certificate, PEM: what clients are told to trust. */
  caCertificate: Input<string>;
}
