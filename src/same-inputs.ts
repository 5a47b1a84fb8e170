import { isDeepStrictEqual } from "node:util";

/** Whether what was applied is what is wanted: outputs are the inputs, and more. */
export function sameInputs(olds: object, news: object): boolean {
  const applied = olds as Record<string, unknown>;
  return Object.entries(news).every(
    ([property, value]) => property === "__provider" || isDeepStrictEqual(applied[property], value),
  );
}
