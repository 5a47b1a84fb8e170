import { randomInt } from "node:crypto";
import { InvalidArgumentError } from "commander";
import type { DrillReport } from "../../src/drill";

/** The longest pause after each marker, before the next one. */
export function pausesAfterMarkers({ markers, pauses, durationMs }: DrillReport): number[] {
  return markers.map(({ atMs }, index) => {
    const end = markers[index + 1]?.atMs ?? durationMs;
    return Math.max(0, ...pauses.filter(({ from }) => from >= atMs && from < end).map(({ ms }) => ms));
  });
}

/** Prints what came of some drills, and gives how much of it must not have happened. */
export function tell(
  what: string,
  reports: readonly DrillReport[],
  pauses: readonly number[] = reports.map(({ longestPauseMs }) => longestPauseMs),
  { mayLose = false } = {},
): number {
  if (reports.length === 0) {
    return 0;
  }
  const sum = (pick: (report: DrillReport) => number) =>
    reports.reduce((total, report) => total + pick(report), 0);
  const [lost, unexpected] = [sum((report) => report.lost), sum((report) => report.unexpected)];
  const second = sum((report) => report.secondWriterSamples);
  console.log(
    `${what}: ${pauses.length}; ${sum((report) => report.acknowledged)} rows acknowledged, ${lost} lost, ` +
      `${unexpected} unexpected, ${second} samples of a second writer; ` +
      `write pause median ${ms(median(pauses))}, minimum ${ms(Math.min(...pauses))}, ` +
      `maximum ${ms(Math.max(...pauses))}`,
  );
  return unexpected + second + (mayLose ? 0 : lost);
}

export function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

/** Any other of some regions. */
export function another(names: readonly string[], region: string): string {
  const others = names.filter((name) => name !== region);
  return others[randomInt(others.length)]!;
}

/** The value of an option. */
export function count(text: string): number {
  if (!/^\d{1,4}$/.test(text)) {
    throw new InvalidArgumentError("It must be a whole number from 0 to 9999.");
  }
  return Number(text);
}

export function progress(text: string): void {
  process.stderr.write(`  ${text}\n`);
}
