// @ts-check

/** @typedef {{ first: number, last: number, prefix: number }} Block addresses as numbers */

/**
 * @param {any} text
 * @returns {Block | undefined} nothing if it is no block of IPv4 that begins where its prefix says
 */
export function parseBlock(text) {
  const match = typeof text === "string" ? /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text) : null;
  const [, ...numbers] = (match ?? []).map(Number);
  const [prefix = 33] = numbers.slice(4);
  const bytes = numbers.slice(0, 4);
  if (match === null || prefix > 32 || bytes.some((byte) => byte > 255)) {
    return undefined;
  }
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/**
 * @param {Block} one
 * @param {Block} other
 */
export const overlap = (one, other) => one.first <= other.last && other.first <= one.last;

/**
 * @param {Block} outer
 * @param {Block} inner
 */
export const contains = (outer, inner) => outer.first <= inner.first && inner.last <= outer.last;
