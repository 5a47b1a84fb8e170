// @ts-check
import { UNKNOWN } from "../lib/values.mjs";
import { contains, formatPath, parsePath } from "./property-path.mjs";
import { sameQuantity } from "./quantity.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("../lib/diff.mjs").Change} Change
 * @typedef {import("./property-path.mjs").Path} Path
 * @typedef {{ path: Path, kind: Change["kind"], value: any, inputDiff: boolean }} Found
 */

/** @param {any} value */
const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * What has to change for an object to be as its inputs say.
 * @param {object} question
 * @param {Properties} question.before the object as it is, as far as its former inputs had a say in it
 * @param {Properties} question.after the new inputs
 * @param {Properties} question.formerInputs
 * @param {string[]} question.immutable
 * @param {string[]} question.ignored
 * @returns {{ changes: Change[], replaces: string[] }}
 */
export function difference({ before, after, formerInputs, immutable, ignored }) {
  const [immutablePaths, ignoredPaths] = [immutable, ignored].map((paths) => paths.map(parsePath));
  const changes = compared(before, after, formerInputs, []).filter(
    ({ path }) => !ignoredPaths?.some((pattern) => contains(pattern, path)),
  );
  const replacing = changes.filter(
    (change) =>
      immutablePaths?.some((pattern) => touches(change, pattern)) ||
      // Without metadata nothing is left that identifies the object.
      (change.kind === "delete" && change.path.length === 1 && change.path[0] === "metadata"),
  );
  return {
    changes: changes.map(({ path, kind, inputDiff }) => ({ path: formatPath(path), kind, inputDiff })),
    replaces: replacing.map(({ path }) => formatPath(path)),
  };
}

/**
 * @param {any} before
 * @param {any} after
 * @param {any} former
 * @param {Path} path
 * @returns {Found[]}
 */
function compared(before, after, former, path) {
  if (after === undefined) {
    return before === undefined ? [] : [{ path, kind: "delete", value: undefined, inputDiff: true }];
  }
  if (before === undefined) {
    // The API server leaves out what is empty or false: this is as it was asked for the last time.
    return isZero(after) && JSON.stringify(after) === JSON.stringify(former)
      ? []
      : [{ path, kind: "add", value: after, inputDiff: false }];
  }
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => compared(before[key], after[key], former?.[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      compared(before[index], after[index], former?.[index], [...path, index]),
    );
  }
  const same = after !== UNKNOWN && (before === after || sameQuantity(before, after, path));
  return same ? [] : [{ path, kind: "update", value: after, inputDiff: false }];
}

/** @param {any} value */
const isZero = (value) =>
  value === false ||
  value === 0 ||
  value === "" ||
  (value !== null && typeof value === "object" && Object.values(value).every(isZero));

/**
 * Whether a change is at the place that a pattern describes, below it, or above it with a value that reaches it.
 * @param {Found} change
 * @param {Path} pattern
 */
function touches({ path, value }, pattern) {
  if (contains(pattern, path)) {
    return true;
  }
  return contains(pattern.slice(0, path.length), path) && reaches(value, pattern.slice(path.length));
}

/**
 * @param {any} value
 * @param {Path} path
 * @returns {boolean}
 */
function reaches(value, path) {
  const [first, ...rest] = path;
  if (first === undefined) {
    return true;
  }
  if (value === null || typeof value !== "object") {
    return false;
  }
  return first === "*"
    ? Object.values(value).some((item) => reaches(item, rest))
    : value[first] !== undefined && reaches(value[first], rest);
}
