import type { Input } from "@pulumi/pulumi";

/** A role of the external writer, and its password there. Both can come from the keys of a Secret that exists. */
export interface LoginArgs {
  /** The role's name. */
  username: Input<string>;

  /** Its password: ASCII letters, digits, spaces and signs. Kept secret. */
  password: Input<string>;
}

/**
 * A writer outside the topology: a PostgreSQL server that somebody else runs, of the same major version as the
 * regions. It has a superuser called `postgres`, as whom the operator works in every copy.
 */
export interface ExternalWriterArgs {
  /** The name or address by which the regions reach it, and clients too. */
  host: string;

  /**
   * Its port.
   *
   * @default 5432
   */
  port?: number;

  /** The certificate of the authority that signed its certificate, or that certificate itself: PEM. */
  caCertificate: Input<string>;

  /**
   * How its certificate is checked: `verify-ca` is for one that does not name `host`. Clients that use `connectionUri`
   * check the regions' certificates in the same way.
   *
   * @default "verify-full"
   */
  sslMode?: "verify-full" | "verify-ca";

  /**
   * A superuser that may log in from `primary`. It reads how far replication has got, and makes the role
   * `streaming_replica` there, unless it exists: without a password, for the regions follow each other by certificate.
   * Where regions have poolers, it makes their role there too.
   */
  superuser: LoginArgs;

  /** A role with the attribute REPLICATION, as which `primary` clones the server and follows it. */
  replication: LoginArgs;

  /** The role that `connectionUri` and `readOnlyUris` log in as, for as long as the regions follow. */
  authenticator: LoginArgs;
}
