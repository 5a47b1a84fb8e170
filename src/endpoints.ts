/** Where a PostgreSQL server answers. */
export interface Endpoint {
  /** A DNS name or an IP address. */
  readonly host: string;
  /** A TCP port. */
  readonly port: number;
}

/** Which servers of a connection string's list a client accepts, as libpq's `target_session_attrs`. */
export type SessionTarget = "read-write" | "any";

/** What a connection string is made of. */
export interface Connection {
  /** The servers, in the order in which a client tries them. At least one. */
  readonly endpoints: readonly Endpoint[];
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly target: SessionTarget;
  /** A file with the certificate authority's PEM, where the client is known to have one. */
  readonly caFile?: string;
  /** How servers' certificates are checked: `verify-full` where it is absent. */
  readonly sslMode?: "verify-ca";
}

/**
 * Without these a client hangs for minutes on a region that is gone: the kernel keeps resending to a peer
 * that does not answer.
 */
export const libpqTimeouts = {
  connect_timeout: "3",
  tcp_user_timeout: "5000",
  keepalives: "1",
  keepalives_idle: "5",
  keepalives_interval: "2",
  keepalives_count: "2",
} as const;

/** The connection string that libpq, psql and every driver built on libpq understand. */
export function libpqUri(connection: Connection): string {
  return uri(connection, {
    ...verification(connection),
    target_session_attrs: connection.target,
    ...libpqTimeouts,
  });
}

/** The environment that libpq reads, for programs configured field by field. */
export function libpqEnvironment(connection: Connection): Record<string, string> {
  const { endpoints, username, password, database, target } = connection;
  const { sslmode, sslrootcert } = verification(connection);
  return {
    PGHOST: endpoints.map((endpoint) => endpoint.host).join(","),
    PGPORT: endpoints.map((endpoint) => String(endpoint.port)).join(","),
    PGDATABASE: database,
    PGUSER: username,
    PGPASSWORD: password,
    PGSSLMODE: sslmode,
    PGTARGETSESSIONATTRS: target,
    PGCONNECT_TIMEOUT: libpqTimeouts.connect_timeout,
    ...(sslrootcert === undefined ? {} : { PGSSLROOTCERT: sslrootcert }),
  };
}

/** Reads a connection string of `libpqUri` back: Node's `pg` takes one host at a time. */
export function parseLibpqUri(uri: string): Connection {
  const match = /^postgres(?:ql)?:\/\/([^:@/]+):([^@/]*)@([^/@]+)\/([^?]+)\?(.*)$/.exec(uri);
  if (match === null) {
    throw new Error("not a connection string of the form postgresql://user:password@host:port,…/database?…");
  }
  const [, username, password, hosts, database, parameters] = match as unknown as [string, ...string[]];
  const settings = new URLSearchParams(parameters);
  const caFile = settings.get("sslrootcert");
  return {
    endpoints: hosts!.split(",").map(endpointOf),
    username: decodeURIComponent(username!),
    password: decodeURIComponent(password!),
    database: decodeURIComponent(database!),
    target: settings.get("target_session_attrs") === "read-write" ? "read-write" : "any",
    ...(caFile === null ? {} : { caFile }),
    ...(settings.get("sslmode") === "verify-ca" ? { sslMode: "verify-ca" as const } : {}),
  };
}

/** A URI of PostgreSQL's, with all the hosts. */
export function uri(connection: Connection, parameters: Readonly<Record<string, string>>): string {
  const { endpoints, database } = connection;
  const place = `${hostsOf(endpoints)}/${encodeURIComponent(database)}`;
  return `postgresql://${loginOf(connection)}@${place}?${query(parameters)}`;
}

/** Who logs in, as a URI says it. */
export function loginOf({ username, password }: Pick<Connection, "username" | "password">): string {
  return `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
}

/** How libpq is told to check a server's certificate. */
export function verification({ sslMode, caFile }: Pick<Connection, "sslMode" | "caFile">): {
  readonly sslmode: string;
  readonly sslrootcert?: string;
} {
  return { sslmode: sslMode ?? "verify-full", ...(caFile === undefined ? {} : { sslrootcert: caFile }) };
}

export function hostsOf(endpoints: readonly Endpoint[]): string {
  return endpoints
    .map(({ host, port }) => (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`))
    .join(",");
}

export function query(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join("&");
}

function endpointOf(text: string): Endpoint {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text);
  if (match === null) {
    throw new Error(`not a host and a port: ${text}`);
  }
  return { host: (match[1] ?? match[2])!, port: Number(match[3]) };
}
