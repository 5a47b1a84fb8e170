/** What came of measuring the same thing both ways, in pairs; the first pair warms up and is not among them. */
export interface Comparison {
  readonly what: string;
  readonly unit: "ms" | "MB";
  readonly component: readonly number[];
  readonly byHand: readonly number[];
}

export interface Summary {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function summary(values: readonly number[]): Summary {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

/** Each pair ran side by side in time: a busy moment of the machine slows both of it. */
export function medianRatio({ component, byHand }: Comparison): number {
  return median(component.map((value, index) => value / byHand[index]!));
}

/** @param ways What the first and the second of each pair are called. */
export function table(comparisons: readonly Comparison[], ways: readonly [string, string]): string {
  const rows = comparisons.map((comparison) => {
    const { what, unit, component, byHand } = comparison;
    return [`${what}, ${unit}`, cell(component), cell(byHand), medianRatio(comparison).toFixed(2)];
  });
  return aligned([["", ...ways, "ratio"], ...rows]);
}

/** Rows of equal length, in columns. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cell(values: readonly number[]): string {
  const { min, median, max } = summary(values);
  return [min, median, max].map((value) => (value < 100 ? value.toFixed(1) : value.toFixed(0))).join(" / ");
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
