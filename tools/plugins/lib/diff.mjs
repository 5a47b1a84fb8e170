// @ts-check
import { UNKNOWN } from "./values.mjs";

/**
 * @typedef {object} Change
 * @property {string} path
 * @property {"add" | "delete" | "update"} kind
 * @property {boolean} [inputDiff] the path is one of the inputs only
 */

/** @param {any} value */
const isAbsent = (value) => value === undefined || value === null;

/** @param {any} value */
const isContainer = (value) => value !== null && typeof value === "object";

/**
 * The leaves in which two values differ. An unknown differs from everything, since the value that takes its
 * place may.
 * @param {any} before
 * @param {any} after
 * @param {string} path
 * @returns {Change[]}
 */
export function changesBetween(before, after, path) {
  if (isAbsent(before) && isAbsent(after)) {
    return [];
  }
  if (isAbsent(before)) {
    return [{ path, kind: "add" }];
  }
  if (isAbsent(after)) {
    return [{ path, kind: "delete" }];
  }
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changesBetween(before[key], after[key], join(path, key, before)));
  }
  return after === UNKNOWN || before !== after ? [{ path, kind: "update" }] : [];
}

/**
 * @param {string} path
 * @param {string} key
 * @param {any} container
 */
function join(path, key, container) {
  if (Array.isArray(container)) {
    return `${path}[${key}]`;
  }
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
