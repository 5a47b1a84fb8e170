import type { ConnectionStringFamily } from "../connection-strings";
import type { Topology } from "../topology";
import type { LinkVariable } from "./link-environment";

/**
 * How the pods of every region find a database: in their environment are `PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER`,
 * `PGPASSWORD`, `PGSSLMODE`, `PGSSLROOTCERT`, `PGTARGETSESSIONATTRS`, `PGCONNECT_TIMEOUT` and `DATABASE_URL` for the
 * writer, and `PGHOST_RO`, `PGPORT_RO`, `PGTARGETSESSIONATTRS_RO` and `DATABASE_URL_RO` for reads, their own region
 * first. The authority's certificate is a file that `PGSSLROOTCERT` names.
 */
export interface LinkArgs {
  /** The database. */
  to: Topology;

  /**
   * What writers' variables hold. `all`: every region, the pod's own first: a switchover changes nothing, and no pod is
   * replaced. A region that is lost or hibernated comes last. `writer`: the writer alone, for drivers that take one
   * host: a handover replaces the pods, region by region.
   *
   * With an engine whose regions write elsewhere than they read, Aurora for one, `all` begins with the writer, and a
   * handover replaces the pods too.
   *
   * @default "all"
   */
  hosts?: "all" | "writer";

  /**
   * For which family of client libraries `DATABASE_URL` and `DATABASE_URL_RO` are. Most frameworks read `DATABASE_URL`
   * unasked, and most of them take one host, so it has the writer's alone: a handover changes it, and replaces the pods,
   * region by region. With another family it has every host, a switchover changes nothing, and no pod is replaced.
   *
   * @default "singleHost"
   */
  url?: ConnectionStringFamily;

  /**
   * `pooler`: writers' variables lead through the database's `pooledUri`, which it has to have; reads do not.
   *
   * @default to the servers themselves
   */
  through?: "pooler";

  /**
   * What the names of the variables begin with, so that two databases can be told apart: `ORDERS_` for
   * `ORDERS_PGHOST`.
   *
   * @default ""
   */
  prefix?: string;

  /**
   * Other names for variables, prefix and all: `{ PGHOST: "DB_HOST" }`.
   *
   * @default {}
   */
  env?: Partial<Record<LinkVariable, string>>;
}
