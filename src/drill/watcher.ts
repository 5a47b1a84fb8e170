import type { Endpoint } from "../endpoints";
import type { Sample } from "./analysis";
import type { ErrorTally } from "./error-tally";
import type { Ledger } from "./ledger";
import { delay, serverState, Session, type Login, type ServerState } from "./session";
import { isMissingTable, type Tables } from "./tables";

/** What the watchers of a drill share. */
export interface WatcherContext {
  readonly login: Login;
  readonly tables: Tables;
  readonly ledger: Ledger;
  readonly errors: ErrorTally;
  readonly statementTimeoutMs: number;
  /** Milliseconds since the drill's start. */
  readonly now: () => number;
}

/** From the beginning of one sample to that of the next, unless it takes longer. */
const intervalMs = 30;

/** A read that takes longer has failed, and a write is not acknowledged yet. */
const patienceMs = 500;

/** When dropping a table takes longer, it stays. */
const dropTimeoutMs = 5000;

/**
 * Samples one region: whether it acknowledges a write, and if it only reads, how far it lags.
 *
 * To be out of recovery is not enough to be a writer: with `durability: "region"` a returned old writer is,
 * and can acknowledge nothing. So every sample of a region that takes writes is one.
 */
export class Watcher {
  readonly samples: Sample[] = [];
  readonly #region: string;
  readonly #endpoint: Endpoint;
  readonly #context: WatcherContext;
  readonly #finished: Promise<void>;
  #session: Session | undefined;
  #stopping = false;
  #ownsProbes = false;
  #maxLagMs: number | undefined;

  constructor(region: string, endpoint: Endpoint, context: WatcherContext) {
    this.#region = region;
    this.#endpoint = endpoint;
    this.#context = context;
    this.#finished = this.#run();
  }

  /** The longest lag, if the region was ever seen as a reader. */
  get maxLagMs(): number | undefined {
    return this.#maxLagMs;
  }

  async stop(keepTables: boolean): Promise<void> {
    this.#stopping = true;
    await Promise.race([this.#finished, delay(patienceMs)]);
    if (this.#ownsProbes && !keepTables) {
      await this.#session
        ?.query({ text: this.#context.tables.dropProbes }, dropTimeoutMs)
        .catch(() => undefined);
    }
    this.#session?.destroy();
    await this.#finished;
  }

  async #run(): Promise<void> {
    const { now, errors, login } = this.#context;
    while (!this.#stopping) {
      const from = now();
      try {
        this.#session ??= await Session.connect(this.#endpoint, login);
        const acknowledged = await this.#sample(this.#session);
        this.#note(from, acknowledged);
      } catch (error) {
        this.#note(from, false);
        errors.add(this.#region, error);
        this.#session?.destroy();
        this.#session = undefined;
      }
      await delay(Math.max(0, from + intervalMs - now()));
    }
  }

  #note(from: number, acknowledged: boolean): void {
    this.samples.push({ from, to: this.#context.now(), acknowledged });
  }

  async #sample(session: Session): Promise<boolean> {
    const [state] = await session.query<ServerState>({ name: "drill_state", text: serverState }, patienceMs);
    if (state!.recovering) {
      await this.#measureLag(session);
    }
    return state!.writable && (await this.#probe(session));
  }

  /**
   * A write that hangs, because no standby confirms it, is left to hang on its connection: every further
   * one would occupy a connection of the server's too. The region acknowledges nothing in the meantime.
   */
  async #probe(session: Session): Promise<boolean> {
    const from = this.#context.now();
    const hanging = setTimeout(() => this.#note(from, false), patienceMs);
    try {
      await session.write(this.#context.tables.probe(this.#region), this.#context.statementTimeoutMs);
      return true;
    } catch (error) {
      if (!isMissingTable(error)) {
        throw error;
      }
      // A writer of its own, which has not got the drill's tables from another.
      await session.write({ text: this.#context.tables.createProbes }, this.#context.statementTimeoutMs);
      this.#ownsProbes = true;
      return true;
    } finally {
      clearTimeout(hanging);
    }
  }

  /** The age of the oldest row that was acknowledged before the reader was asked, and that it does not have. */
  async #measureLag(session: Session): Promise<void> {
    const { ledger, now } = this.#context;
    const before = now();
    const newest = await this.#newestRows(session);
    const lags = newest.map((sequence, writer) => {
      const missingSince = ledger.acknowledgedAfter(writer, sequence);
      return missingSince === undefined ? 0 : before - missingSince;
    });
    this.#maxLagMs = Math.max(this.#maxLagMs ?? 0, ...lags);
  }

  /** The newest sequence number of each writer that the region has, -1 if it has none. */
  async #newestRows(session: Session): Promise<number[]> {
    const { ledger, tables } = this.#context;
    try {
      const rows = await session.query<{ sequence: number | null }>(
        tables.newest(ledger.writers),
        patienceMs,
      );
      return rows.map(({ sequence }) => sequence ?? -1);
    } catch (error) {
      if (!isMissingTable(error)) {
        throw error;
      }
      return Array.from({ length: ledger.writers }, () => -1);
    }
  }
}
