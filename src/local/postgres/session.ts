import { isIP } from "node:net";
import { Client, type ClientConfig } from "pg";
import { superuser } from "../../roles";
import { readIfThere, regionFiles } from "./folders";
import { listeningOn } from "./listening";

/** How to log in to a region's server as its superuser. */
export interface Login {
  readonly region: string;
  readonly folder: string;
  /** Where the server should listen. Where it does listen, it says itself. */
  readonly host: string;
  readonly port: number;
  /** For a server without a socket. The superuser's password; where it is being changed, the one before as well. */
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
  let failure: unknown;
  for (const way of await waysIn(login)) {
    const client = new Client({
      user: superuser,
      database,
      connectionTimeoutMillis: 3000,
      query_timeout: 60_000,
      // What the tools write must not wait for a reader that they have yet to make.
      options: "-c synchronous_commit=local",
      application_name: "pulumi",
      ...way,
    });
    // A server that stops while a connection is idle raises this; the next statement then fails and says why.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      failure = error;
      if (!closedWays.has((error as { code?: string }).code ?? "")) {
        break;
      }
    }
  }
  throw new Error(`${login.region} at ${login.host}:${login.port} does not let us in: ${reasonOf(failure)}`, {
    cause: failure,
  });
}

/**
 * The socket comes first: who uses it is told by the kernel, so that a password, an authority or a port that is being
 * changed shuts nobody out. A server that version 0.1.0 started has no socket until it takes up its configuration,
 * and somebody may have deleted a socket: then a password is needed.
 */
async function waysIn(login: Login): Promise<ClientConfig[]> {
  const files = regionFiles(login.folder);
  const listening = await listeningOn(files);
  const host = listening?.host || login.host;
  const port = listening?.port ?? login.port;
  const authorities = [login.caCertificate, (await readIfThere(files.ca)) ?? ""].filter((ca) => ca !== "");
  const ssl = { ca: authorities, ...(isIP(host) === 0 ? { servername: host } : {}) };
  const socket =
    listening?.socketFolder === undefined ? [] : [{ host: listening.socketFolder, port, ssl: false }];
  return [...socket, ...login.passwords.map((password) => ({ host, port, password, ssl }))];
}

/** Where another way may be open: no socket, nobody listens on it, or the account or password is refused. */
const closedWays = new Set(["ENOENT", "ECONNREFUSED", "28000", "28P01"]);

function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || "no reason given";
}
