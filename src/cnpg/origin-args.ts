import type { Input } from "@pulumi/pulumi";
import type { KeyPairArgs } from "../secrets/args";
import type { ObjectStoreArgs } from "./backup-args";

/** How `initdb` makes the first data directory. */
export interface InitdbArgs {
  /**
   * The encoding of databases, such as `UTF8`.
   *
   * @default "UTF8"
   */
  encoding?: string;

  /**
   * The locale of databases, such as `de_DE.UTF-8`: one that the image has. It decides both collation and classes of
   * characters.
   *
   * @default "C"
   */
  locale?: string;

  /**
   * Whose collations the locale names: those of the C library, of ICU, or PostgreSQL's own (17 and newer).
   *
   * @default "libc"
   */
  localeProvider?: "libc" | "icu" | "builtin";

  /** The locale of ICU, such as `de-DE`. Goes with `localeProvider: "icu"`, and must be given with it. */
  icuLocale?: string;

  /** The locale of PostgreSQL's own: `C`, `C.UTF-8`, `PG_UNICODE_FAST`. Goes with `localeProvider: "builtin"`. */
  builtinLocale?: string;

  /**
   * Pages of data have checksums, which tell a broken disk. PostgreSQL 18 has them anyway, and the operator cannot turn
   * them off.
   *
   * @default PostgreSQL's: on from version 18, off before
   */
  dataChecksums?: true;

  /**
   * The size of a file of the write-ahead log, in megabytes: a power of two from 1 to 1024.
   *
   * @default 16
   */
  walSegmentSizeMegabytes?: number;
}

/** SQL that is run once, as superuser in the application's database, when the topology is founded. */
export interface InitSqlArgs {
  /**
   * Statements, in this order. They are readable in the `Cluster`: nothing secret belongs here.
   *
   * @default []
   */
  statements?: Input<string>[];

  /**
   * Keys of ConfigMaps that hold more of them, run after those, in this order. The founding region must have them in
   * its namespace, and is not founded before: `createNamespace: false` lets you make them first.
   *
   * @default []
   */
  configMaps?: { name: string; key: string }[];
}

/** A PostgreSQL server of yours, outside of the topology. Its password and key go into a secret of every region. */
export interface OriginServerArgs {
  /** The name or address by which the founding region reaches it. */
  host: Input<string>;

  /**
   * @default 5432
   */
  port?: number;

  /** The role to log in as. A clone takes one with `REPLICATION`, an import one that can read everything. */
  user: Input<string>;

  /** Its password. It or `clientCertificate` must be given. */
  password?: Input<string>;

  /** The certificate by which it logs in. */
  clientCertificate?: KeyPairArgs;

  /** The authority that signed the server's certificate: PEM. */
  caCertificate?: Input<string>;

  /**
   * How the server is verified, as libpq has it. Both `verify-full` and `verify-ca` take `caCertificate`.
   *
   * @default "verify-full"
   */
  sslMode?: "disable" | "require" | "verify-ca" | "verify-full";
}

/** A recovery from backups, as the plugin barman-cloud or CloudNativePG itself once took them. */
export interface RecoveryArgs extends ObjectStoreArgs {
  /** The folder in the store: the name of the `Cluster` whose backups they are, such as `db-rome`. */
  serverName: string;

  /**
   * Up to when: RFC 3339 with its offset, such as `2026-01-31T12:00:00Z`.
   *
   * @default everything that was archived
   */
  targetTime?: string;
}

/** A logical import, by pg_dump and pg_restore. The server may be of an older major version. */
export interface ImportArgs extends OriginServerArgs {
  /**
   * `microservice`: one database becomes the application's, whatever its name, and everything in it belongs to the
   * application's owner. `monolith`: databases and roles come as they are, under their own names.
   *
   * @default "microservice"
   */
  type?: "microservice" | "monolith";

  /** Which databases. One for `microservice`; for `monolith` any number, or `*` alone for all. */
  databases: string[];

  /**
   * Which roles, for `monolith` alone: any number, or `*` alone for all.
   *
   * @default []
   */
  roles?: string[];
}

/**
 * Where the data of the topology comes from. Exactly one. Decided once, when the topology is founded: leave it in the
 * program afterwards. To give it later, to take it away or to choose another is refused; other changes in it change
 * nothing.
 *
 * The application's database and its owner are made if they did not come along, and the passwords of `postgres` and of
 * the owner become those of the topology. Readers are copies of the primary, as ever: they wait until it is there. An
 * update waits for that for half an hour; run it again where it takes longer.
 */
export type OriginArgs =
  | {
      /** From backups in an object store. Takes the plugin barman-cloud in the founding region. */
      recovery: RecoveryArgs;
    }
  | {
      /** As a copy of a server of the same major version, by pg_basebackup. */
      clone: OriginServerArgs;
    }
  | {
      /** By pg_dump and pg_restore. */
      import: ImportArgs;
    };
