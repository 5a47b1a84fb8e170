import { scryptSync } from "node:crypto";

/**
 * What tells one value from another, in a word. It is shown where the value is secret, and a password of a user's may
 * be weak: so it takes long to try some.
 */
export function fingerprintOf(value: unknown): string {
  return scryptSync(canonical(value), "multi-region-postgres", 8).toString("hex");
}

/** JSON in which the order of properties does not matter, and what is undefined is not there. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
