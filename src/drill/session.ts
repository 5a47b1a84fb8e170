import { connect as connectSocket } from "node:net";
import { Client, DatabaseError, type QueryResultRow } from "pg";
import type { Endpoint } from "../endpoints";
import { messageOf } from "./error-tally";

/** Who logs in where, and whom it trusts. */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly caCertificate: string;
}

/** A statement, prepared if it has a name. */
export interface Statement {
  readonly text: string;
  readonly name?: string;
  readonly values?: unknown[];
}

/** How long a server may take to let a client in. */
const connectTimeoutMs = 1000;

/** When a statement goes unanswered for so long, it is asked whether the host is still there. */
const silenceMs = 4000;

/** One connection, `verify-full`, on which nothing waits for ever. */
export class Session {
  readonly #client: Client;
  readonly #endpoint: Endpoint;
  readonly #settings = new Map<string, string>();
  #warnings = 0;

  private constructor(endpoint: Endpoint, login: Login) {
    this.#endpoint = endpoint;
    this.#client = new Client({
      host: endpoint.host,
      port: endpoint.port,
      user: login.username,
      password: login.password,
      database: login.database,
      ssl: { ca: login.caCertificate },
      keepAlive: true,
      application_name: "drill",
    });
    // Whatever breaks the connection rejects the statement in flight or the next one.
    this.#client.on("error", () => undefined);
    this.#client.on("notice", ({ severity }) => {
      this.#warnings += severity === "WARNING" ? 1 : 0;
    });
    this.#client.connection.on(
      "parameterStatus",
      ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) =>
        this.#settings.set(parameterName, parameterValue),
    );
  }

  static async connect(endpoint: Endpoint, login: Login): Promise<Session> {
    const session = new Session(endpoint, login);
    try {
      await within(connectTimeoutMs, session.#client.connect());
    } catch (error) {
      session.destroy();
      throw error;
    }
    return session;
  }

  /**
   * Whether the server takes writes, as libpq's `target_session_attrs=read-write` finds out. Servers from
   * version 14 tell by themselves, which saves a round trip.
   */
  async acceptsWrites(): Promise<boolean> {
    const [standby, readOnly] = ["in_hot_standby", "default_transaction_read_only"].map((name) =>
      this.#settings.get(name),
    );
    if (standby !== undefined && readOnly !== undefined) {
      return standby === "off" && readOnly === "off";
    }
    const [state] = await this.query<ServerState>({ text: serverState }, connectTimeoutMs);
    return state!.writable;
  }

  /**
   * Runs a statement. When it is not answered in time, or its host no longer is, the connection is closed
   * and the statement's fate unknown.
   */
  async query<Row extends QueryResultRow>(statement: Statement, deadlineMs: number): Promise<Row[]> {
    const stopWatching = this.#watchHost();
    try {
      // The driver resolves on ReadyForQuery, after the commit: CommandComplete may come before it.
      const result = await within(deadlineMs, this.#client.query<Row>({ ...statement }));
      return result.rows;
    } catch (error) {
      if (!(error instanceof DatabaseError)) {
        this.destroy();
      }
      throw error;
    } finally {
      stopWatching();
    }
  }

  /**
   * Runs a statement that writes, and throws unless it was acknowledged without a warning: a server that
   * gives up waiting for its standbys commits all the same, and warns that the commit may not be safe.
   */
  async write(statement: Statement, deadlineMs: number): Promise<void> {
    const before = this.#warnings;
    await this.query(statement, deadlineMs);
    if (this.#warnings > before) {
      throw new Error("acknowledged with a warning");
    }
  }

  destroy(): void {
    this.#client.connection.stream.destroy();
  }

  /**
   * Does what `tcp_user_timeout` does for libpq, which Node cannot set: gives up five seconds after the
   * host was last there. A server that merely takes its time to commit is left to do so.
   */
  #watchHost(): () => void {
    let answered = false;
    const check = async (): Promise<void> => {
      const reachable = await isReachable(this.#endpoint);
      if (!answered && !reachable) {
        this.destroy();
      } else if (!answered) {
        timer = setTimeout(() => void check(), connectTimeoutMs);
      }
    };
    let timer = setTimeout(() => void check(), silenceMs);
    return () => {
      answered = true;
      clearTimeout(timer);
    };
  }
}

/** What a server says of itself. */
export interface ServerState {
  readonly writable: boolean;
  readonly recovering: boolean;
}

/** Gives a `ServerState`. Transactions of a standby are read-only too. */
export const serverState = `
  SELECT pg_is_in_recovery() AS recovering, current_setting('transaction_read_only') = 'off' AS writable`;

/** Connects to the first server of the list that takes writes, as libpq does. */
export async function connectReadWrite(endpoints: readonly Endpoint[], login: Login): Promise<Session> {
  const reasons: string[] = [];
  for (const endpoint of endpoints) {
    try {
      const session = await Session.connect(endpoint, login);
      if (await session.acceptsWrites()) {
        return session;
      }
      session.destroy();
      reasons.push(`${endpoint.host}:${endpoint.port} takes no writes`);
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new Error(`no writer: ${reasons.join("; ")}`);
}

/** A connection to a writer as soon as there is one; throws if there is none for so long. */
export async function awaitWriter(
  endpoints: readonly Endpoint[],
  login: Login,
  patienceMs: number,
): Promise<Session> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await connectReadWrite(endpoints, login);
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
      await delay(100);
    }
  }
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function isReachable({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ host, port });
    const settle = (reachable: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reachable);
    };
    const timer = setTimeout(() => settle(false), connectTimeoutMs);
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
  });
}
