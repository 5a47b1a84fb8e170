import type { Comparison } from "./statistics";

/** What one run measured, by what it is; the unit is the same in every run. */
export type Measured = Readonly<
  Record<string, { readonly value: number; readonly unit: Comparison["unit"] }>
>;

/** Runs both ways in turn, a warm-up of each and then `runs` that count. */
export async function inPairs(
  runs: number,
  component: () => Promise<Measured>,
  byHand: () => Promise<Measured>,
  progress: (line: string) => void,
): Promise<Comparison[]> {
  const pairs: (readonly [Measured, Measured])[] = [];
  for (let run = 0; run <= runs; run++) {
    progress(run === 0 ? "warm-up" : `run ${run} of ${runs}`);
    const pair = [await component(), await byHand()] as const;
    if (run > 0) {
      pairs.push(pair);
    }
  }
  return Object.entries(pairs[0]?.[0] ?? {}).map(([what, { unit }]) => ({
    what,
    unit,
    component: pairs.map(([first]) => first[what]!.value),
    byHand: pairs.map(([, second]) => second[what]!.value),
  }));
}
