import type { Input } from "@pulumi/pulumi";

/** A certificate and its private key, both PEM. The key is kept secret, given as one or not. */
export interface KeyPairArgs {
  /** The certificate, PEM. If intermediates signed it, they follow it. */
  certificate: Input<string>;

  /** Its private key, PEM, unencrypted. */
  privateKey: Input<string>;
}

/** The certificates and passwords of a topology. Everything that is not given is generated. */
export interface SecretsArgs {
  /**
   * The certificate authority that signs what is generated, for those who bring their own: a CA
   * certificate and its key, PEM. Where it is not a root, add its root to `trustedCas`.
   *
   * @default one is generated
   */
  ca?: KeyPairArgs;

  /**
   * Further CA certificates that servers and clients trust, PEM: the old authority while moving to a new
   * one.
   *
   * @default []
   */
  trustedCas?: Input<string>[];

  /**
   * Servers' certificates, by region, for those who bring their own. Each must name every host by which
   * the region is reached, and be signed by `ca` or one of `trustedCas`.
   *
   * @default generated for every region
   */
  serverCertificates?: Record<string, KeyPairArgs>;

  /**
   * The certificate by which readers log in as `streaming_replica`, its common name, for those who bring
   * their own.
   *
   * @default generated
   */
  replicationCertificate?: KeyPairArgs;

  /**
   * Passwords of `postgres`, of the owner and of `streaming_replica`, by role, for those who bring their
   * own: letters, digits, spaces and signs of ASCII. For further roles use their own `password`.
   *
   * @default generated: 32 letters and digits
   */
  passwords?: Record<string, Input<string>>;

  /**
   * Change it to any other text to generate every password afresh. Open connections live on. Passwords
   * that were brought stay as they are.
   *
   * @default ""
   */
  passwordRotation?: string;

  /**
   * Change it to any other text to generate every key and certificate afresh, the authority's excepted.
   * Servers reload them; none restarts. Certificates that were brought stay as they are. Needs Pulumi 3.212
   * or later.
   *
   * @default ""
   */
  certificateRotation?: string;

  /**
   * How many days the authority is valid: more than the certificates, 36500 at most. It keeps its key when
   * it is renewed, so what trusts the old one trusts the new one's certificates too.
   *
   * @default 3650
   */
  caValidityDays?: number;

  /**
   * How many days the certificates are valid.
   *
   * @default 365
   */
  certificateValidityDays?: number;

  /**
   * How many days before its end a certificate, or the authority, is renewed by the next `pulumi up`.
   *
   * @default 30
   */
  renewalDays?: number;
}

/** What `PostgresSecrets` takes: the user's wishes, and for whom the secrets are. */
export interface PostgresSecretsArgs extends SecretsArgs {
  /**
   * The regions, by name. `names` are the DNS names and IP addresses, mixed and in any order, by which a
   * client or a peer reaches the region's server: all of them stand in its certificate.
   */
  regions: Record<string, { names: string[] }>;

  /**
   * The login roles, by name, that have a password beside `postgres` and `streaming_replica`: the owner is
   * one of them. `password` is for those who bring their own.
   */
  roles: Record<string, { password?: Input<string> }>;

  /**
   * The roles that log in by certificate beside `streaming_replica`.
   *
   * @default []
   */
  clients?: string[];
}

/** What stands in `SecretsArgs` where nothing is given. Part of the contract: they never change. */
export const secretsDefaults = {
  passwordRotation: "",
  certificateRotation: "",
  caValidityDays: 3650,
  certificateValidityDays: 365,
  renewalDays: 30,
} as const;
