// @ts-check
import { createHash, randomInt } from "node:crypto";

/**
 * @param {string | undefined} seed
 * @returns {(limit: number) => number} draws from 0 up to, not including, a limit; always alike for one seed
 */
export function drawing(seed) {
  if (!seed) {
    return (limit) => randomInt(limit);
  }
  let count = 0;
  return (limit) => {
    count += 1;
    const digest = createHash("sha256").update(`${count}:${seed}`).digest();
    return digest.readUIntBE(0, 6) % limit;
  };
}
