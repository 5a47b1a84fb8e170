// @ts-check

/**
 * A program may name a part of a version only, such as `16`: then that stays, whatever AWS makes of it.
 * @param {any} known
 * @param {string} actual
 */
export const engineVersions = (known, actual) => ({
  engineVersion: typeof known === "string" && actual.startsWith(`${known}.`) ? known : actual,
  engineVersionActual: actual,
});

/** @param {string} version */
export const majorOf = (version) => version.split(".")[0];
