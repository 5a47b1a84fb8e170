import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { Client, Pool, type ClientConfig, type PoolConfig, type QueryConfig } from "pg";
import { hostsOf, parseLibpqUri, type Connection, type Endpoint } from "./endpoints";

/** What node-postgres takes; where and as whom to connect is in the connection string. */
type Own = "connectionString" | "host" | "port" | "user" | "password" | "database" | "ssl" | "Client";

/** How each connection is made. */
export interface WriterClientConfig extends Omit<ClientConfig, Own> {
  /**
   * How the server is verified, beside what the connection string says: `{ ca: caCertificate }` is for one that names
   * no file.
   *
   * @default the file that the connection string names, else the one that PGSSLROOTCERT names
   */
  ssl?: ConnectionOptions;

  /**
   * How long each host may take to answer, in milliseconds.
   *
   * @default 3000
   */
  connectionTimeoutMillis?: number;
}

/** How a pool is made. */
export type WriterPoolConfig = WriterClientConfig & Omit<PoolConfig, Own | keyof ClientConfig>;

/**
 * A pool of node-postgres that leads to the region that writes, wherever it is when a connection is made. All hosts are
 * asked at the same time, so that a region which does not answer delays nothing. A handover ends the connections to the
 * old writer. With one of `readOnlyUris` the pool leads to the first of its hosts that answers.
 *
 * A connection that ends while it is idle is an `error` event of the pool. Listen to it: without a listener Node ends
 * the process.
 *
 * @param connectionString `connectionUri`, `pooledUri` or one of `readOnlyUris` of a topology.
 * @throws a query fails while no host writes: try again.
 */
export function writerPool(connectionString: string, config: WriterPoolConfig = {}): Pool {
  return new Pool({ ...config, Client: clientOf(connectionString, config) });
}

/**
 * One connection of node-postgres, made as those of `writerPool` are.
 *
 * @throws while no host writes: try again.
 */
export function connectToWriter(connectionString: string, config: WriterClientConfig = {}): Promise<Client> {
  return new (clientOf(connectionString, config))().connect();
}

/** A client that looks for its host when it connects, and not before: a pool makes such clients at any time. */
function clientOf(connectionString: string, config: WriterClientConfig): new () => Client {
  const connection = parseLibpqUri(connectionString);
  return class extends Client {
    private readonly settings: ClientConfig;

    constructor() {
      // Read for each connection: the file changes where certificates are renewed.
      const settings = clientConfig(connection, config);
      super({ ...settings, ...connection.endpoints[0]! });
      this.settings = settings;
    }

    override connect(): Promise<Client>;
    override connect(callback: (error: Error | null) => void): void;
    override connect(callback?: (error: Error | null) => void): Promise<Client> | void {
      const connected = this.connectToAnswering();
      if (callback === undefined) {
        return connected;
      }
      connected.then(
        () => callback(null),
        (error: Error) => callback(error),
      );
    }

    private async connectToAnswering(): Promise<Client> {
      Object.assign(this, await answering(connection, this.settings));
      await super.connect();
      try {
        // Since it was asked, it may have become a reader.
        await expectTarget(this, connection.target, this.settings);
      } catch (error) {
        this.end().catch(() => undefined);
        throw error;
      }
      return this;
    }
  };
}

function clientConfig(
  { username, password, database, caFile = process.env["PGSSLROOTCERT"], sslMode }: Connection,
  { ssl, ...config }: WriterClientConfig,
): ClientConfig {
  return {
    connectionTimeoutMillis: 3000,
    keepAlive: true,
    ...config,
    ...{ user: username, password, database },
    ssl: {
      ...(caFile === undefined || ssl?.ca !== undefined ? {} : { ca: readFileSync(caFile) }),
      ...(sslMode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
      ...ssl,
    },
  };
}

/** The host that writes, or where any will do the first that answers. */
async function answering({ endpoints, target }: Connection, settings: ClientConfig): Promise<Endpoint> {
  const asked = endpoints.map((endpoint) => ask(endpoint, target, settings));
  // Of one that is not waited for, nothing is heard any more.
  const all = Promise.allSettled(asked);
  try {
    return await (target === "read-write" ? Promise.any(asked) : firstOf(asked));
  } catch {
    const reasons = (await all).map((result) => (result as PromiseRejectedResult).reason as Error);
    const each = reasons.map(({ message }, index) => `${hostsOf([endpoints[index]!])}: ${message}`);
    throw new Error(`no host ${target === "read-write" ? "writes" : "answers"}: ${each.join("; ")}`);
  }
}

async function firstOf<T>([first, ...others]: readonly Promise<T>[]): Promise<T> {
  try {
    return await first!;
  } catch (error) {
    if (others.length === 0) {
      throw error;
    }
    return firstOf(others);
  }
}

async function ask(
  endpoint: Endpoint,
  target: Connection["target"],
  settings: ClientConfig,
): Promise<Endpoint> {
  const client = new Client({ ...settings, ...endpoint });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await expectTarget(client, target, settings);
    return endpoint;
  } finally {
    client.end().catch(() => undefined);
  }
}

async function expectTarget(
  client: Client,
  target: Connection["target"],
  { connectionTimeoutMillis }: ClientConfig,
): Promise<void> {
  const query: QueryConfig & Pick<ClientConfig, "query_timeout"> = {
    text: "SELECT pg_is_in_recovery() AS standby",
    query_timeout: connectionTimeoutMillis,
  };
  const { rows } = await client.query<{ standby: boolean }>(query);
  if (target === "read-write" && rows[0]!.standby) {
    throw new Error("it is a reader");
  }
}
