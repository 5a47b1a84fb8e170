import * as fc from "fast-check";

/** Names that a region may have. */
export const regionNames = fc
  .stringMatching(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .filter((name) => name.length <= 40);
