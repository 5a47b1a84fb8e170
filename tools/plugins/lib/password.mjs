// @ts-check
import { randomInt } from "node:crypto";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/**
 * @typedef {object} Rules
 * @property {number} length
 * @property {boolean} lower
 * @property {boolean} upper
 * @property {boolean} numeric
 * @property {boolean} special
 * @property {number} minLower
 * @property {number} minUpper
 * @property {number} minNumeric
 * @property {number} minSpecial
 * @property {string} [overrideSpecial]
 */

/**
 * @param {Rules} rules
 * @returns {string}
 */
export function randomText(rules) {
  const special = rules.overrideSpecial || SPECIAL;
  const classes = [
    { chars: UPPER, wanted: rules.upper, min: rules.minUpper },
    { chars: LOWER, wanted: rules.lower, min: rules.minLower },
    { chars: DIGITS, wanted: rules.numeric, min: rules.minNumeric },
    { chars: special, wanted: rules.special, min: rules.minSpecial },
  ];
  const least = classes.flatMap(({ chars, min }) => pick(chars, min));
  const all = classes.flatMap(({ chars, wanted }) => (wanted ? [chars] : [])).join("");
  return shuffled([...least, ...pick(all, rules.length - least.length)]).join("");
}

/**
 * @param {string} chars
 * @param {number} count
 */
function pick(chars, count) {
  return Array.from({ length: count }, () => chars[randomInt(chars.length)]);
}

/**
 * @template T
 * @param {T[]} items
 * @param {(limit: number) => number} [draw]
 * @returns {T[]} the same items in an order of which each is equally likely
 */
export function shuffled(items, draw = (limit) => randomInt(limit)) {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = draw(last + 1);
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}
