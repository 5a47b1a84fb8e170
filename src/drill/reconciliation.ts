import type { Ledger } from "./ledger";

/** A row that was acknowledged and is gone. */
export interface LostRow {
  readonly writer: number;
  readonly sequence: number;
  /** In milliseconds after the drill's start. */
  readonly acknowledgedAtMs: number;
}

/** How many lost rows are named; all are counted. */
const mostNamed = 20;

/**
 * Compares the rows that are there with the ledger. Every writer's rows must come in ascending order. A row
 * that was attempted and not acknowledged is in doubt: it may be there or not.
 */
export class Reconciliation {
  readonly #ledger: Ledger;
  readonly #next: number[];
  readonly lostRows: LostRow[] = [];
  lost = 0;
  unexpected = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#next = Array.from({ length: ledger.writers }, () => 0);
  }

  /** Takes note of a row that is there. */
  present(writer: number, sequence: number): void {
    if (sequence < 0 || sequence >= this.#ledger.attemptedBy(writer)) {
      this.unexpected++;
      return;
    }
    this.#absentUpTo(writer, sequence);
    this.#next[writer] = sequence + 1;
  }

  /** To be called when every row that is there was seen. */
  finish(): void {
    this.#next.forEach((_, writer) => this.#absentUpTo(writer, this.#ledger.attemptedBy(writer)));
  }

  #absentUpTo(writer: number, end: number): void {
    for (let sequence = this.#next[writer]!; sequence < end; sequence++) {
      const acknowledgedAtMs = this.#ledger.acknowledgedAt(writer, sequence);
      if (acknowledgedAtMs === undefined) {
        continue;
      }
      this.lost++;
      if (this.lostRows.length < mostNamed) {
        this.lostRows.push({ writer, sequence, acknowledgedAtMs });
      }
    }
  }
}
