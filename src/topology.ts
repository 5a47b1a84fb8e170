import type { Input, Output } from "@pulumi/pulumi";
import type { ConnectionStrings } from "./connection-strings";
import type { Endpoint } from "./endpoints";
import type { SecretsArgs } from "./secrets/args";

/** What a region does now. A value, never part of an identity: a handover changes it and nothing else. */
export type Role = "writer" | "reader";

/**
 * How far a commit has travelled before it is acknowledged.
 *
 * - `local`: it is on the writer's disk. The fastest; a failover may lose what had not arrived elsewhere.
 * - `region`: it is also on the disk of one other region. A failover loses nothing, and a lost writer that
 *   comes back can acknowledge nothing, because nobody follows it. Commits wait one round trip, and wait
 *   for as long as no reader answers.
 */
export type Durability = "local" | "region";

/** The application's database. */
export interface DatabaseArgs {
  /**
   * The database's name: a PostgreSQL identifier of at most 63 characters.
   *
   * @default "app"
   */
  name?: string;

  /**
   * The role that owns the database and that `connectionUri` logs in as.
   *
   * @default the database's name
   */
  owner?: string;
}

/** A further role. Roles are made in the writer region and arrive in the others by replication. */
export interface RoleArgs {
  /**
   * The password, for those who bring their own. Letters, digits, spaces and signs of ASCII.
   *
   * @default one is generated
   */
  password?: Input<string>;

  /**
   * Whether it may log in. A role that may not has no password, and is in no `credentials`: other roles are members of
   * it, or it owns what they use.
   *
   * @default true
   */
  login?: boolean;

  /**
   * Whether it may read the write-ahead log: create replication slots and stream from them, as Debezium and other
   * logical decoding do. `parameters.wal_level` is `logical` for them. A slot stays in the region where it was made: a
   * handover does not take it along.
   *
   * @default false
   */
  replication?: boolean;

  /**
   * Roles that this one is a member of, predefined ones such as `pg_read_all_data` included.
   *
   * @default []
   */
  memberOf?: string[];

  /**
   * Whether it may create databases.
   *
   * @default false
   */
  createDatabases?: boolean;

  /**
   * How many connections it may hold at once: 1 or more.
   *
   * @default no limit
   */
  connectionLimit?: number;
}

/**
 * `Args` with a `primary` or `lost` that only the run of the program knows, such as a stack's configuration. They are
 * checked then.
 */
export type NamedAtRunTime<Args extends { primary: string; lost?: string[] }, Given extends string> = Omit<
  Args,
  "primary" | "lost"
> & {
  primary: AnyString<Given>;
  lost?: AnyString<Given>[];
};

/** `string` itself: a name that the program spells out is checked by the compiler. */
type AnyString<Given extends string> = Given & (string extends Given ? unknown : never);

/** A PostgreSQL server parameter's value, as in postgresql.conf. */
export type ParameterValue = string | number | boolean;

/**
 * What every engine takes.
 *
 * @typeParam RegionArgs What one region is for that engine.
 * @typeParam Name The names of the regions: read from the keys of `regions`, so that the compiler knows a wrong one.
 */
export interface TopologyArgs<RegionArgs, Name extends string = string> {
  /**
   * The name of the region that writes. Change it and run `pulumi up`: the writer moves, and nothing
   * acknowledged is lost. Must be a key of `regions`, neither lost nor hibernated.
   */
  primary: NoInfer<Name>;

  /**
   * The regions, by name: lower-case letters, digits and hyphens, 40 characters at most, 11 regions at
   * most (Aurora's limit: one writer and ten readers). Adding or removing one touches no other.
   */
  regions: Record<Name, RegionArgs>;

  /**
   * Regions declared gone. Nothing of theirs is contacted, and nothing of theirs is forgotten. If one of
   * them was the writer, the new `primary` is promoted without its consent. Taken out of the list, a region
   * comes back as a reader: fenced first, then rewound or cloned afresh.
   *
   * @default []
   */
  lost?: NoInfer<Name>[];

  /**
   * How far a commit has travelled before it is acknowledged. `region` needs at least one reader that is
   * neither lost nor hibernated.
   *
   * @default "local"
   */
  durability?: Durability;

  /**
   * The application's database and its owner. Decided once: a change of either is refused.
   *
   * @default a database `app` owned by `app`
   */
  database?: DatabaseArgs;

  /**
   * Further roles, by name.
   *
   * @default {}
   */
  roles?: Record<string, RoleArgs>;

  /**
   * The certificates and passwords: how long they live, how they rotate, and those that you bring.
   *
   * @default all are generated
   */
  secrets?: SecretsArgs;

  /**
   * PostgreSQL server parameters, alike in every region. On Kubernetes a lower `max_connections` and its kin reach the
   * readers with the `pulumi up` after the one that lowers the writer's. Those that replication, TLS or the topology
   * depend on are refused by name. `LocalPostgres` and `CnpgPostgres` ask PostgreSQL about changed ones in the preview. A
   * parameter of an extension, such as `auto_explain.log_analyze`, is asked about by `LocalPostgres` alone, and where
   * `shared_preload_libraries` or `session_preload_libraries` names its library and the region holds data: elsewhere a
   * server ignores a misspelled one, with a warning in its log.
   *
   * @default {}
   */
  parameters?: Record<string, Input<ParameterValue>>;
}

/**
 * Where the poolers of a region answer, which share few connections to PostgreSQL among many clients. Absent is what the
 * region has no pooler for, or what nobody there can answer now.
 */
export interface PoolerEndpoints {
  /** The one before the server that writes while the region is the writer's. */
  readonly readWrite?: Output<Endpoint>;

  /** The one before servers that only read. */
  readonly readOnly?: Output<Endpoint>;
}

/** One region of a topology, as it comes out. */
export interface Region {
  /** What the region does now. */
  readonly role: Role;

  /** Where its PostgreSQL answers. */
  readonly endpoint: Output<Endpoint>;

  /** Where its poolers answer; absent where it has none. */
  readonly pooler?: PoolerEndpoints;
}

/** A login role and its password. */
export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** How a writer came to be the writer. */
export type HandoverKind = "founding" | "switchover" | "failover" | "following" | "promotion";

/** What the last handover was. It stays as it is until the next one. */
export interface HandoverReport {
  /**
   * - `founding`: the topology's first writer; nothing was handed over.
   * - `switchover`: the old writer was demoted first; nothing was lost.
   * - `failover`: the old writer was lost.
   * - `following`: no region writes. They follow a writer outside, through the region `to`.
   * - `promotion`: the topology has left the writer outside that it followed.
   */
  readonly kind: HandoverKind;

  /** The region that wrote before; absent where none did. */
  readonly from?: string;

  /** The region that has written since. */
  readonly to: string;

  /** When the new writer accepted writes, or `to` followed the one outside: ISO 8601, UTC. */
  readonly at: string;

  /**
   * After a failover or a promotion: how far the new writer had got. With `durability: "local"` the old writer may have
   * acknowledged commits later than `lastCommitAt`, which are lost; how many, nobody can tell who does not reach it.
   */
  readonly arrived?: {
    /** The last write-ahead log position received, such as `0/3000148`. */
    readonly lsn: string;
    /** When the last transaction that arrived was committed: ISO 8601, UTC; absent if there was none. */
    readonly lastCommitAt?: string;
  };
}

/**
 * What every engine gives. A program, an app and the tools read it the same whichever runs beneath.
 *
 * @typeParam Name The names of the regions.
 */
export interface Topology<Name extends string = string> {
  /** Every region, by name. A name that is none is an error that tells those that are. */
  readonly regions: Readonly<Record<Name, Region>>;

  /** Where writes go. */
  readonly writerEndpoint: Output<Endpoint>;

  /** Where reads can go: every reader that is neither lost nor hibernated, by name. */
  readonly readerEndpoints: Readonly<Record<string, Output<Endpoint>>>;

  /**
   * For libpq, and all that speaks its URIs: every region's host, the writer first, `read-write`. It goes
   * on working through a handover. Secret.
   */
  readonly connectionUri: Output<string>;

  /**
   * `connectionUri` as each family of client libraries takes it. Secret. They name no file of the authority's where
   * `connectionUri` names none: `connectionStrings({ ...parseLibpqUri(uri), caFile })` does.
   */
  readonly connectionStrings: Output<ConnectionStrings>;

  /**
   * As `connectionUri`, through the read-write poolers of all regions that have one for clients outside; absent where
   * none has.
   */
  readonly pooledUri?: Output<string>;

  /** For reads from a region, by its name: its own host first, then the others. Secret. */
  readonly readOnlyUris: Readonly<Record<Name, Output<string>>>;

  /** The roles that can log in, by name: `postgres`, the owner, and those of `roles`. Secret. */
  readonly credentials: Output<Readonly<Record<string, Credential>>>;

  /** The certificate authority that signed every server's certificate: PEM. */
  readonly caCertificate: Output<string>;

  /** What the last handover was. */
  readonly handover: Output<HandoverReport>;
}
