// @ts-check
import { changesBetween } from "../lib/diff.mjs";
import { UNKNOWN } from "../lib/values.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./definition.mjs").Definition} Definition
 * @typedef {import("./schema.mjs").Schema} Schema
 */

/** Every resource has these where its type has them: they are planned apart. */
const APART = ["region", "tags"];

/** @param {Schema} schema */
export const plannedInputs = ({ inputs }) => inputs.filter((name) => !APART.includes(name));

/**
 * The inputs as they shall be: what the program says, else a default, else what AWS chose before.
 * @param {Definition} definition
 * @param {Schema} schema
 * @param {Properties} news
 * @param {Properties} [state]
 * @returns {Properties}
 */
export function desiredInputs({ defaults = {}, computed = [] }, schema, news, state = {}) {
  const desired = plannedInputs(schema).map((name) => [
    name,
    news[name] ?? defaults[name] ?? (computed.includes(name) ? state[name] : undefined),
  ]);
  return Object.fromEntries(desired.filter(([, value]) => value !== undefined));
}

/**
 * @param {Definition} definition
 * @param {Schema} schema
 * @param {Properties} state
 * @param {Properties} desired
 * @param {string[]} ignored paths
 * @returns {import("../lib/diff.mjs").Change[]}
 */
export function changesOf({ unwatched = [], compared = {} }, schema, state, desired, ignored) {
  return plannedInputs(schema)
    .filter((name) => !unwatched.includes(name) && !isIgnored(name, ignored))
    .flatMap((name) => {
      const part = compared[name] ?? ((value) => value);
      return differences(part(state[name]), part(desired[name]), name);
    });
}

/**
 * @param {string} name
 * @param {string[]} ignored
 */
export const isIgnored = (name, ignored) =>
  ignored.some((path) => path === "*" || path.split(/[.[]/, 1)[0] === name);

/**
 * @param {any} before
 * @param {any} after
 * @param {string} name
 * @returns {import("../lib/diff.mjs").Change[]}
 */
function differences(before, after, name) {
  if (isNothing(before) && isNothing(after)) {
    return [];
  }
  const [old, wanted] = [comparable(before), comparable(after)];
  if (Array.isArray(old) || Array.isArray(wanted)) {
    const same = JSON.stringify(old ?? []) === JSON.stringify(wanted ?? []) && !containsUnknown(wanted);
    return same
      ? []
      : [{ path: name, kind: isNothing(old) ? "add" : isNothing(wanted) ? "delete" : "update" }];
  }
  return changesBetween(old, wanted, name);
}

/** @param {any} value */
const containsUnknown = (value) => JSON.stringify(value ?? null).includes(UNKNOWN);

/**
 * To this provider an empty value is the same as none.
 * @param {any} value
 */
export const isNothing = (value) =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === 0 ||
  value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);

/**
 * A form in which equal values look the same: nearly every list of this provider is a set, and policies are JSON.
 * @param {any} value
 * @returns {any}
 */
function comparable(value) {
  if (Array.isArray(value)) {
    return value.map(comparable).sort((one, other) => compare(JSON.stringify(one), JSON.stringify(other)));
  }
  if (typeof value === "string" && /^\s*\{/.test(value)) {
    return canonicalJson(value);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const entries = Object.entries(value).filter(([key, item]) => key !== "__defaults" && !isNothing(item));
  return Object.fromEntries(
    entries.sort(([one], [other]) => compare(one, other)).map(([key, item]) => [key, comparable(item)]),
  );
}

/** @param {string} text */
function canonicalJson(text) {
  try {
    return JSON.stringify(comparable(JSON.parse(text)));
  } catch {
    return text;
  }
}

/**
 * @param {string} one
 * @param {string} other
 */
const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
