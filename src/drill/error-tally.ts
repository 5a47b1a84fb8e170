import { DatabaseError } from "pg";

/** An error and how often it came. */
export interface ErrorCount {
  readonly message: string;
  readonly count: number;
}

/** Messages that hold addresses or numbers could be without end. */
const mostMessages = 100;

/** Counts errors by who met them and what they say. */
export class ErrorTally {
  readonly #counts = new Map<string, number>();

  add(who: string, error: unknown): void {
    const message = `${who}: ${messageOf(error)}`;
    const key = this.#counts.has(message) || this.#counts.size < mostMessages ? message : `${who}: others`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The most frequent first. */
  counts(): ErrorCount[] {
    return [...this.#counts]
      .map(([message, count]) => ({ message, count }))
      .sort((one, other) => other.count - one.count);
  }
}

/** What an error says. A connection to a name with several addresses fails with one error for each. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") {
    return error.errors.map(messageOf).join("; ");
  }
  if (error instanceof DatabaseError) {
    return `${error.message} (${error.code})`;
  }
  return error instanceof Error ? error.message : String(error);
}
