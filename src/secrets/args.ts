import type { Input } from "@pulumi/pulumi";

/** A certificate and its private key, both PEM. */
export interface KeyPairArgs {
  certificate: Input<string>;
  privateKey: Input<string>;
}

/** The certificates and passwords of a topology. Everything that is not given is generated. */
export interface SecretsArgs {
  /**
   * The certificate authority that signs what is generated, for those who bring their own: a CA
   * certificate and its key, PEM.
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
   * own. For further roles use their own `password`.
   *
   * @default generated
   */
  passwords?: Record<string, Input<string>>;

  /**
   * Change it to any other text to generate every password afresh. Open connections live on.
   *
   * @default ""
   */
  passwordRotation?: string;

  /**
   * Change it to any other text to generate every key and certificate afresh, the authority's excepted.
   * Servers reload them; none restarts.
   *
   * @default ""
   */
  certificateRotation?: string;

  /**
   * How many days the authority is valid: more than the certificates.
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
