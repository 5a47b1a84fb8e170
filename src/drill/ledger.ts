/** Times are kept in tenths of a millisecond, plus one: zero is a row that was not acknowledged. */
const ticksPerMs = 10;

/**
 * What the writers attempted and what was acknowledged to them, when. A row is named by its writer and by
 * its sequence number, which counts up from 0. Takes four bytes a row.
 */
export class Ledger {
  readonly #writers: { attempted: number; acknowledgedAt: Uint32Array }[];
  #acknowledged = 0;

  constructor(writers: number) {
    this.#writers = Array.from({ length: writers }, () => ({
      attempted: 0,
      acknowledgedAt: new Uint32Array(1024),
    }));
  }

  get writers(): number {
    return this.#writers.length;
  }

  get attempted(): number {
    return this.#writers.reduce((sum, { attempted }) => sum + attempted, 0);
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** How many rows a writer attempted; none if there is no such writer. */
  attemptedBy(writer: number): number {
    return this.#writers[writer]?.attempted ?? 0;
  }

  /** Notes that a writer is about to send a row, and gives its sequence number. */
  attempt(writer: number): number {
    const log = this.#writers[writer]!;
    if (log.attempted === log.acknowledgedAt.length) {
      const grown = new Uint32Array(log.acknowledgedAt.length * 2);
      grown.set(log.acknowledgedAt);
      log.acknowledgedAt = grown;
    }
    return log.attempted++;
  }

  /** Notes that a row was acknowledged, `at` milliseconds after the start. */
  acknowledge(writer: number, sequence: number, at: number): void {
    this.#writers[writer]!.acknowledgedAt[sequence] = Math.floor(at * ticksPerMs) + 1;
    this.#acknowledged++;
  }

  /** When a row was acknowledged, in milliseconds after the start. */
  acknowledgedAt(writer: number, sequence: number): number | undefined {
    const ticks = this.#writers[writer]?.acknowledgedAt[sequence] ?? 0;
    return ticks === 0 ? undefined : (ticks - 1) / ticksPerMs;
  }

  /** When the oldest row after `newest` was acknowledged that a writer has, if there is one. */
  acknowledgedAfter(writer: number, newest: number): number | undefined {
    for (let sequence = newest + 1; sequence < this.attemptedBy(writer); sequence++) {
      const at = this.acknowledgedAt(writer, sequence);
      if (at !== undefined) {
        return at;
      }
    }
    return undefined;
  }
}
