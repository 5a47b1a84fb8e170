import { isIP } from "node:net";
import { Client } from "pg";
import { superuser } from "../../roles";

/** How to log in to a region's server as its superuser. */
export interface Login {
  readonly region: string;
  readonly host: string;
  readonly port: number;
  /** The superuser's password; where it has just been changed, the one before as well. */
  readonly passwords: readonly string[];
  readonly caCertificate: string;
}

/** Lets `work` use a connection, and closes it. */
export async function withSession<T>(
  login: Login,
  work: (client: Client) => Promise<T>,
  database = "postgres",
): Promise<T> {
  const client = await connect(login, database);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(login: Login, database: string): Promise<Client> {
  const [password, ...others] = login.passwords;
  const client = new Client({
    host: login.host,
    port: login.port,
    user: superuser,
    password: password ?? "",
    database,
    ssl: { ca: login.caCertificate, ...(isIP(login.host) === 0 ? { servername: login.host } : {}) },
    connectionTimeoutMillis: 3000,
    query_timeout: 60_000,
    // What the tools write must not wait for a reader that they have yet to make.
    options: "-c synchronous_commit=local",
    application_name: "pulumi",
  });
  // A server that stops while a connection is idle raises this; the next statement then fails and says why.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if ((error as { code?: string }).code === wrongPassword && others.length > 0) {
      return connect({ ...login, passwords: others }, database);
    }
    throw new Error(`${login.region} at ${login.host}:${login.port} does not let us in: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

const wrongPassword = "28P01";

function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || "no reason given";
}
