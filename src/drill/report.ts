import type { Pause, SecondWriter } from "./analysis";
import type { ErrorCount } from "./error-tally";
import type { LostRow } from "./reconciliation";

/** Something that happened during a drill. */
export interface Marker {
  readonly label: string;
  /** In milliseconds after the drill's start. */
  readonly atMs: number;
}

/** How a region was sampled. */
export interface RegionSamples {
  readonly samples: number;
  readonly samplesPerSecond: number;
  /** How many of the samples were writes that the region acknowledged. */
  readonly acknowledged: number;
}

/** How far a region lagged while it read. */
export interface ReaderLag {
  /** The greatest age of a row that had been acknowledged and had not arrived. */
  readonly maxMs: number;
}

/** What a drill found. Times are in milliseconds after its start. */
export interface DrillReport {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;

  /** How many rows the writers sent. */
  readonly attempted: number;
  /** How many of them the database acknowledged. */
  readonly acknowledged: number;
  /** How many were neither acknowledged nor lost: each may be there or not. */
  readonly inDoubt: number;
  /** How many were acknowledged and are gone. */
  readonly lost: number;
  /** The first 20 of them. */
  readonly lostRows: readonly LostRow[];
  /** How many are there that no writer ever sent. */
  readonly unexpected: number;

  /**
   * The longest time in which no writer got an acknowledgement, from the start to the end of the drill. After a failure
   * a writer waits 10 ms, then longer each time, up to 320 ms.
   */
  readonly longestPauseMs: number;
  /** All times of more than 100 ms in which no writer got an acknowledgement, added up. */
  readonly totalPauseMs: number;
  /** These times. */
  readonly pauses: readonly Pause[];
  /**
   * The same for a light client: one that tries each region some 20 times a second, on one connection. Absent where no
   * regions are sampled.
   */
  readonly lightClient?: { readonly longestPauseMs: number; readonly totalPauseMs: number };
  /**
   * The longest time in which the drill's own process did nothing, being busy or starved. It makes pauses
   * as long without the database's doing.
   */
  readonly longestStallMs: number;

  /** How many samples prove that two regions acknowledged writes at once. */
  readonly secondWriterSamples: number;
  /** The first 100 of them. */
  readonly secondWriters: readonly SecondWriter[];

  /** How every region was sampled, by name. */
  readonly regions: Readonly<Record<string, RegionSamples>>;
  /** By name, the regions that were seen as readers. */
  readonly readerLag: Readonly<Record<string, ReaderLag>>;

  /** What failed, and how often; the most frequent first. */
  readonly errors: readonly ErrorCount[];
  readonly markers: readonly Marker[];
}

/** A report for humans, in a few aligned lines. */
export function formatReport(report: DrillReport): string[] {
  const regions = Object.entries(report.regions).map(
    ([region, { samplesPerSecond }]) => `${region} ${samplesPerSecond.toFixed(0)} Hz`,
  );
  const lags = Object.entries(report.readerLag).map(([region, { maxMs }]) => `${region} ${seconds(maxMs)}`);
  const [first] = report.secondWriters;
  const rows: [string, string][] = [
    [
      "rows",
      `${count(report.acknowledged)} acknowledged of ${count(report.attempted)} in ${seconds(report.durationMs)}`,
    ],
    ["lost", count(report.lost)],
    ["unexpected", count(report.unexpected)],
    ["write pause", pause(report)],
    ...(report.lightClient === undefined
      ? []
      : [["light client", pause(report.lightClient)] satisfies [string, string]]),
    [
      "second writer",
      first === undefined
        ? "never"
        : `${count(report.secondWriterSamples)} samples, the first ${seconds(first.from)} after the start: ${first.regions.join(", ")}`,
    ],
    ["sampled", regions.join(", ")],
    ["reader lag", lags.length === 0 ? "no reader seen" : `at most ${lags.join(", ")}`],
    ...report.markers.map(({ label, atMs }): [string, string] => ["marker", `${seconds(atMs)} ${label}`]),
    ...report.errors
      .slice(0, 5)
      .map(({ message, count: times }): [string, string] => ["error", `${count(times)} × ${message}`]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function pause({ longestPauseMs, totalPauseMs }: NonNullable<DrillReport["lightClient"]>): string {
  return `${seconds(longestPauseMs)} the longest, ${seconds(totalPauseMs)} in all`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
