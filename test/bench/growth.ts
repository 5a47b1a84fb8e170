/** What something costs once, for each region, and for each pair of regions. */
export interface Growth {
  readonly once: number;
  readonly region: number;
  readonly pair: number;
}

export function pairsOf(regions: number): number {
  return (regions * (regions - 1)) / 2;
}

/** The growth that comes nearest to what was measured, by least squares. It takes three sizes to tell. */
export function growthOf(measured: ReadonlyMap<number, number>): Growth {
  const rows = [...measured].map(([regions, value]) => ({ terms: [1, regions, pairsOf(regions)], value }));
  const matrix = [0, 1, 2].map((row) => [
    ...[0, 1, 2].map((column) => rows.reduce((sum, { terms }) => sum + terms[row]! * terms[column]!, 0)),
    rows.reduce((sum, { terms, value }) => sum + terms[row]! * value, 0),
  ]);
  const [once, region, pair] = solved(matrix);
  return { once: once!, region: region!, pair: pair! };
}

/** Gauss and Jordan: each row is an equation, its last number the right-hand side. */
function solved(matrix: number[][]): number[] {
  const rows = matrix.map((row) => [...row]);
  for (let column = 0; column < rows.length; column++) {
    const pivot = rows.reduce(
      (best, row, index) =>
        index >= column && Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? index : best,
      column,
    );
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const scaled = rows[column]!.map((value) => value / rows[column]![column]!);
    rows[column] = scaled;
    for (const [index, row] of rows.entries()) {
      if (index !== column) {
        rows[index] = row.map((value, position) => value - row[column]! * scaled[position]!);
      }
    }
  }
  return rows.map((row) => row.at(-1)!);
}
