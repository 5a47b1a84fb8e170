import { randomBytes } from "node:crypto";
import { monitorEventLoopDelay, type IntervalHistogram } from "node:perf_hooks";
import { parseLibpqUri, type Endpoint } from "../endpoints";
import { PauseMeter, pausesBetween, secondWriters } from "./analysis";
import { ErrorTally } from "./error-tally";
import { Ledger } from "./ledger";
import type { DrillReport, Marker } from "./report";
import { awaitWriter, type Login } from "./session";
import { Tables } from "./tables";
import { verify } from "./verification";
import { Watcher } from "./watcher";
import { Writer } from "./writer";

/** What a drill works on. */
export interface DrillArgs {
  /** The topology's `connectionUri`: rows are written through it, and read back in the end. */
  connectionUri: string;

  /** The topology's `caCertificate`: PEM. */
  caCertificate: string;

  /** Where every region answers, by name. Each is sampled for acknowledging writes and for its lag. */
  regions: Record<string, Endpoint>;

  /**
   * Who samples the regions. It must be allowed to write to the drill's tables.
   *
   * @default as in `connectionUri`
   */
  watcher?: { username: string; password: string; database: string };

  /**
   * How many clients write at once.
   *
   * @default 4
   */
  writers?: number;

  /**
   * How many milliseconds a writer waits after each row.
   *
   * @default 5
   */
  intervalMs?: number;

  /**
   * The name of the table that rows are written to; that of the samples ends in `_probe`.
   *
   * @default `drill_` and eight hexadecimal digits
   */
  table?: string;

  /**
   * After how many milliseconds a client gives a statement up. The fate of its row is then unknown.
   *
   * @default 30000
   */
  statementTimeoutMs?: number;

  /**
   * For how many milliseconds the start and the end of the drill wait for a server that takes writes.
   *
   * @default 30000
   */
  patienceMs?: number;
}

/** How a drill ends. */
export interface StopOptions {
  /**
   * Whether the drill's tables stay.
   *
   * @default false
   */
  keepTables?: boolean;
}

/** When dropping the tables takes longer, they stay. */
const dropTimeoutMs = 5000;

/**
 * Writes rows to a topology, notes what was acknowledged, and samples every region, while something happens
 * to it: a handover, a fault. In the end it reads all rows back and reports what was lost, how long writes
 * paused, and whether two regions ever acknowledged writes at once.
 *
 * @example
 * const drill = await Drill.start({ connectionUri, caCertificate, regions });
 * drill.marker("pulumi up");
 * // …
 * const report = await drill.stop();
 */
export class Drill {
  readonly #endpoints: readonly Endpoint[];
  readonly #login: Login;
  readonly #tables: Tables;
  readonly #patienceMs: number;
  readonly #startedAt = new Date();
  readonly #zero = performance.now();
  readonly #stalls: IntervalHistogram;
  readonly #ledger: Ledger;
  readonly #meter = new PauseMeter();
  readonly #errors = new ErrorTally();
  readonly #markers: Marker[] = [];
  readonly #writers: readonly Writer[];
  readonly #watchers: readonly (readonly [string, Watcher])[];
  #report: Promise<DrillReport> | undefined;

  private constructor(args: DrillArgs, endpoints: readonly Endpoint[], login: Login, tables: Tables) {
    this.#endpoints = endpoints;
    this.#login = login;
    this.#tables = tables;
    this.#patienceMs = patienceOf(args);
    this.#stalls = monitorEventLoopDelay({ resolution: 10 });
    this.#stalls.enable();
    this.#ledger = new Ledger(args.writers ?? 4);
    const shared = {
      tables,
      ledger: this.#ledger,
      errors: this.#errors,
      statementTimeoutMs: args.statementTimeoutMs ?? 30_000,
    };
    const writing = {
      ...shared,
      endpoints,
      login,
      intervalMs: args.intervalMs ?? 5,
      acknowledged: () => this.#acknowledgedNow(),
    };
    const watching = { ...shared, login: { ...login, ...args.watcher }, now: () => this.#now() };
    this.#writers = Array.from({ length: this.#ledger.writers }, (_, id) => new Writer(id, writing));
    this.#watchers = Object.entries(args.regions).map(
      ([region, endpoint]) => [region, new Watcher(region, endpoint, watching)] as const,
    );
  }

  /** Waits for a server that takes writes, makes the tables there, and starts. */
  static async start(args: DrillArgs): Promise<Drill> {
    const { endpoints, username, password, database } = parseLibpqUri(args.connectionUri);
    const login = { username, password, database, caCertificate: args.caCertificate };
    const tables = new Tables(args.table ?? `drill_${randomBytes(4).toString("hex")}`);
    const session = await awaitWriter(endpoints, login, patienceOf(args));
    try {
      await session.write({ text: tables.create }, patienceOf(args));
    } finally {
      session.destroy();
    }
    return new Drill(args, endpoints, login, tables);
  }

  /** How many rows were acknowledged so far. */
  get acknowledged(): number {
    return this.#ledger.acknowledged;
  }

  /** Notes in the report what happens now. */
  marker(label: string): void {
    this.#markers.push({ label, atMs: this.#now() });
  }

  /**
   * Ends the drill, once: reads all rows back through the connection string, and drops the tables. Throws if no
   * server takes writes by then, since what was lost cannot be told.
   */
  stop(options: StopOptions = {}): Promise<DrillReport> {
    this.#report ??= this.#stop(options);
    return this.#report;
  }

  async #stop(options: StopOptions): Promise<DrillReport> {
    const durationMs = this.#now();
    this.#stalls.disable();
    await Promise.all(this.#writers.map((writer) => writer.stop()));
    await Promise.all(this.#watchers.map(([, watcher]) => watcher.stop(options.keepTables === true)));
    const found = await verify(this.#endpoints, this.#login, this.#tables, this.#ledger, this.#patienceMs);
    if (options.keepTables !== true) {
      await this.#dropTables();
    }
    const { lost, lostRows, unexpected } = found;
    const { attempted, acknowledged } = this.#ledger;
    const second = secondWriters(
      Object.fromEntries(this.#watchers.map(([region, { samples }]) => [region, samples])),
    );
    return {
      startedAt: this.#startedAt.toISOString(),
      durationMs,
      attempted,
      acknowledged,
      inDoubt: attempted - acknowledged,
      lost,
      lostRows,
      unexpected,
      ...this.#meter.finish(durationMs),
      ...this.#lightClient(durationMs),
      longestStallMs: this.#stalls.max / 1e6,
      secondWriterSamples: second.length,
      secondWriters: second.slice(0, 100),
      ...this.#samplings(durationMs),
      errors: this.#errors.counts(),
      markers: this.#markers,
    };
  }

  #now(): number {
    return performance.now() - this.#zero;
  }

  #acknowledgedNow(): number {
    const now = this.#now();
    this.#meter.acknowledged(now);
    return now;
  }

  #lightClient(durationMs: number): Pick<DrillReport, "lightClient"> {
    const samples = this.#watchers.map(([, watcher]) => watcher.samples);
    return samples.length === 0 ? {} : { lightClient: pausesBetween(samples, durationMs) };
  }

  #samplings(durationMs: number): Pick<DrillReport, "regions" | "readerLag"> {
    const regions = this.#watchers.map(([region, { samples }]) => {
      const acknowledged = samples.filter((sample) => sample.acknowledged).length;
      return [
        region,
        { samples: samples.length, samplesPerSecond: samples.length / (durationMs / 1000), acknowledged },
      ] as const;
    });
    const lags = this.#watchers.flatMap(([region, { maxLagMs }]) =>
      maxLagMs === undefined ? [] : [[region, { maxMs: maxLagMs }] as const],
    );
    return { regions: Object.fromEntries(regions), readerLag: Object.fromEntries(lags) };
  }

  async #dropTables(): Promise<void> {
    try {
      const session = await awaitWriter(this.#endpoints, this.#login, 0);
      try {
        await session.query({ text: this.#tables.drop }, dropTimeoutMs);
      } finally {
        session.destroy();
      }
    } catch (error) {
      this.#errors.add("drop", error);
    }
  }
}

function patienceOf(args: DrillArgs): number {
  return args.patienceMs ?? 30_000;
}
