import {
  hostsOf,
  libpqTimeouts,
  loginOf,
  libpqUri,
  query,
  uri,
  verification,
  type Connection,
} from "./endpoints";

/**
 * One connection as each family of client libraries takes it. Every string asks for a verified server. None ends a
 * statement that runs: time-outs are for connecting, and for peers that are gone.
 */
export interface ConnectionStrings {
  /** libpq and all that is built on it: psql, psycopg, psycopg2, Ruby's pg, PHP's PDO. Every host, the writer first. */
  readonly libpq: string;

  /** Go's pgx, by itself or under database/sql. Every host. */
  readonly pgx: string;

  /** Python's asyncpg. Every host. */
  readonly asyncpg: string;

  /** SQLAlchemy with psycopg. Every host. */
  readonly sqlalchemy: string;

  /** PostgreSQL's JDBC driver. Every host. Neither user nor password: drivers take them apart. */
  readonly jdbc: string;

  /** Npgsql of .NET. Every host. */
  readonly npgsql: string;

  /** Rust's tokio-postgres. Every host. Its TLS connector verifies the server, as the program tells it to. */
  readonly tokioPostgres: string;

  /** postgres.js, which takes the authority from `NODE_EXTRA_CA_CERTS`. Every host. */
  readonly postgresJs: string;

  /**
   * The first host alone, which is the writer's: for libraries that take one, such as node-postgres by itself, Sequelize,
   * TypeORM, Prisma, lib/pq, sqlx, dj-database-url and Rails' `DATABASE_URL`. A handover changes it.
   */
  readonly singleHost: string;
}

/** The name of a family of client libraries. */
export type ConnectionStringFamily = keyof ConnectionStrings;

// The compiler keeps this list complete.
const families: Record<ConnectionStringFamily, true> = {
  libpq: true,
  pgx: true,
  asyncpg: true,
  sqlalchemy: true,
  jdbc: true,
  npgsql: true,
  tokioPostgres: true,
  postgresJs: true,
  singleHost: true,
};

/** The names of all families. */
export const connectionStringFamilies = Object.keys(families) as ConnectionStringFamily[];

/** Seconds in which a host has to answer. */
const connectSeconds = "3";

/** @param connection Its first endpoint is the writer's, where `target` is `read-write`. */
export function connectionStrings(connection: Connection): ConnectionStrings {
  const { endpoints, target } = connection;
  const verified = verification(connection);
  const anyHost = { target_session_attrs: target };
  const inTime = { connect_timeout: connectSeconds };
  return {
    libpq: libpqUri(connection),
    pgx: uri(connection, { ...verified, ...anyHost, ...inTime }),
    asyncpg: uri(connection, { ...verified, ...anyHost }),
    sqlalchemy: sqlalchemyUrl(connection, { ...verified, ...anyHost, ...libpqTimeouts }),
    jdbc: jdbcUrl(connection),
    npgsql: npgsqlString(connection),
    tokioPostgres: uri(connection, { sslmode: "require", ...anyHost, ...inTime }),
    postgresJs: uri(connection, {
      sslmode: verified.sslmode,
      // Its "read-write" asks for a setting that a standby has too.
      ...(target === "read-write" ? { target_session_attrs: "primary" } : {}),
      ...inTime,
    }),
    singleHost: uri({ ...connection, endpoints: endpoints.slice(0, 1) }, verified),
  };
}

/** The connection string of the PostgreSQL JDBC driver. It holds no user and no password: drivers take them apart. */
export function jdbcUrl(connection: Omit<Connection, "username" | "password">): string {
  const { endpoints, database, target } = connection;
  const parameters = query({
    ...verification(connection),
    targetServerType: target === "read-write" ? "primary" : "any",
    connectTimeout: connectSeconds,
    tcpKeepAlive: "true",
  });
  return `jdbc:postgresql://${hostsOf(endpoints)}/${encodeURIComponent(database)}?${parameters}`;
}

/** SQLAlchemy takes each host as a parameter of its own. */
function sqlalchemyUrl(connection: Connection, parameters: Readonly<Record<string, string>>): string {
  const { endpoints, database } = connection;
  const hosts = endpoints.map((endpoint) => `host=${encodeURIComponent(hostsOf([endpoint]))}`).join("&");
  return `postgresql+psycopg://${loginOf(connection)}@/${encodeURIComponent(database)}?${hosts}&${query(parameters)}`;
}

function npgsqlString(connection: Connection): string {
  const { endpoints, username, password, database, target, caFile, sslMode } = connection;
  const settings = {
    Host: hostsOf(endpoints),
    Database: database,
    Username: username,
    Password: password,
    "SSL Mode": sslMode === "verify-ca" ? "VerifyCA" : "VerifyFull",
    ...(caFile === undefined ? {} : { "Root Certificate": caFile }),
    "Target Session Attributes": target === "read-write" ? "primary" : "any",
    Timeout: connectSeconds,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}="${value.replaceAll('"', '""')}"`)
    .join(";");
}
