import { escapeIdentifier } from "pg";

/** The statements on a drill's two tables, both of which end with it. */
export class Tables {
  readonly #rows: string;
  readonly #probes: string;

  constructor(name: string) {
    this.#rows = escapeIdentifier(name);
    this.#probes = escapeIdentifier(`${name}_probe`);
  }

  get create(): string {
    return `CREATE TABLE ${this.#rows} (writer integer, sequence integer, PRIMARY KEY (writer, sequence));
      ${this.createProbes}`;
  }

  /** One row for each region, updated in place: pages with room for new versions do not grow. */
  get createProbes(): string {
    return `CREATE TABLE IF NOT EXISTS ${this.#probes} (region text PRIMARY KEY, probes bigint NOT NULL)
      WITH (fillfactor = 10)`;
  }

  get drop(): string {
    return `DROP TABLE IF EXISTS ${this.#rows}, ${this.#probes}`;
  }

  get dropProbes(): string {
    return `DROP TABLE IF EXISTS ${this.#probes}`;
  }

  insert(writer: number, sequence: number) {
    const text = `INSERT INTO ${this.#rows} (writer, sequence) VALUES ($1, $2)`;
    return { name: "drill_insert", text, values: [writer, sequence] };
  }

  probe(region: string) {
    const text = `INSERT INTO ${this.#probes} AS probe (region, probes) VALUES ($1, 1)
      ON CONFLICT (region) DO UPDATE SET probes = probe.probes + 1`;
    return { name: "drill_probe", text, values: [region] };
  }

  /** The newest sequence number of each writer, in the writers' order, found by the index. */
  newest(writers: number) {
    const text = `SELECT (SELECT max(sequence) FROM ${this.#rows} AS rows WHERE rows.writer = series.writer) AS sequence
      FROM generate_series(0, $1 - 1) AS series (writer) ORDER BY series.writer`;
    return { name: "drill_newest", text, values: [writers] };
  }

  /** So many rows after one, in order. */
  page(afterWriter: number, afterSequence: number, size: number) {
    const text = `SELECT writer, sequence FROM ${this.#rows} WHERE (writer, sequence) > ($1, $2)
      ORDER BY writer, sequence LIMIT $3`;
    return { text, values: [afterWriter, afterSequence, size] };
  }
}

/** A statement failed because a table is not there: SQLSTATE `undefined_table`. */
export function isMissingTable(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "code") === "42P01";
}
