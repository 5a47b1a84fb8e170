import type { Endpoint } from "../endpoints";
import type { ErrorTally } from "./error-tally";
import type { Ledger } from "./ledger";
import { connectReadWrite, delay, type Login, type Session } from "./session";
import type { Tables } from "./tables";

/** What the writers of a drill share. */
export interface WriterContext {
  readonly endpoints: readonly Endpoint[];
  readonly login: Login;
  readonly tables: Tables;
  readonly ledger: Ledger;
  readonly errors: ErrorTally;
  readonly intervalMs: number;
  readonly statementTimeoutMs: number;
  /** Called for each acknowledgement; gives the time since the drill's start. */
  readonly acknowledged: () => number;
}

/** How long a client waits after its first failure before it tries again: twice as long after each further one. */
const firstRetryMs = 10;

/** The longest of these waits. Clients that try all the time slow down the very handover that they measure. */
const lastRetryMs = 320;

/** How long a statement in flight has left when the drill stops. */
const graceMs = 1000;

/** Inserts row after row on a connection of its own, and connects again whenever that fails. */
export class Writer {
  readonly #id: number;
  readonly #context: WriterContext;
  readonly #finished: Promise<void>;
  #session: Session | undefined;
  #stopping = false;

  constructor(id: number, context: WriterContext) {
    this.#id = id;
    this.#context = context;
    this.#finished = this.#run();
  }

  /** Lets the statement in flight end if it does so soon; if not, its row is in doubt. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.race([this.#finished, delay(graceMs)]);
    this.#session?.destroy();
    await this.#finished;
  }

  async #run(): Promise<void> {
    const { endpoints, login, errors, intervalMs } = this.#context;
    let retryMs = firstRetryMs;
    while (!this.#stopping) {
      try {
        this.#session ??= await connectReadWrite(endpoints, login);
        await this.#insert(this.#session);
        retryMs = firstRetryMs;
        await delay(intervalMs);
      } catch (error) {
        errors.add("writer", error);
        this.#session?.destroy();
        this.#session = undefined;
        await delay(retryMs);
        retryMs = Math.min(2 * retryMs, lastRetryMs);
      }
    }
    this.#session?.destroy();
  }

  /** A row that failed is never sent again: it is in doubt, and the next one has a number of its own. */
  async #insert(session: Session): Promise<void> {
    const { ledger, tables, statementTimeoutMs, acknowledged } = this.#context;
    if (this.#stopping) {
      return;
    }
    const sequence = ledger.attempt(this.#id);
    await session.write(tables.insert(this.#id, sequence), statementTimeoutMs);
    ledger.acknowledge(this.#id, sequence, acknowledged());
  }
}
