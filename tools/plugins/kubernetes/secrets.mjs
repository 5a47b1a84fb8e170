// @ts-check
import { isSecret, reveal, secret } from "../lib/values.mjs";

/** @typedef {import("../lib/values.mjs").Properties} Properties */

/** @param {any} value */
const isMap = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !isSecret(value);

/**
 * @param {any} value
 * @returns {boolean}
 */
const containsSecret = (value) =>
  value !== null &&
  typeof value === "object" &&
  (isSecret(value) || Object.values(value).some(containsSecret));

/**
 * Marks what is secret in the inputs in the outputs, too, and as little else as possible.
 * @param {Properties} outputs without marks
 * @param {Properties} inputs with marks
 * @returns {Properties}
 */
export function marked(outputs, inputs) {
  if (outputs["kind"] === "Secret") {
    return markedKeys(outputs, ["data", "stringData"]);
  }
  const entries = Object.entries(outputs).map(([key, value]) => {
    const input = inputs[key];
    if (isMap(value) && isMap(input)) {
      return [key, marked(value, input)];
    }
    return [key, containsSecret(input) ? secret(value) : value];
  });
  return Object.fromEntries(entries);
}

/**
 * @param {Properties} object
 * @param {string[]} keys
 */
function markedKeys(object, keys) {
  const present = keys.filter((key) => object[key] !== undefined);
  return { ...object, ...Object.fromEntries(present.map((key) => [key, secret(object[key])])) };
}

const SHORTEST = 4;

/**
 * An API server may quote a value that it refuses.
 * @param {string} text
 * @param {Properties} inputs with marks
 * @returns {string} without the secret values among the inputs
 */
export function masked(text, inputs) {
  const values = secretTexts(inputs, inputs["kind"] === "Secret")
    .filter((value) => value.length >= SHORTEST)
    .sort((one, other) => other.length - one.length);
  return values.reduce((result, value) => result.replaceAll(value, "[secret]"), text);
}

/**
 * @param {any} value
 * @param {boolean} ofSecret whether it belongs to an object of the kind Secret
 * @returns {string[]}
 */
function secretTexts(value, ofSecret) {
  if (isSecret(value)) {
    return leaves(reveal(value)).flatMap((leaf) =>
      ofSecret ? [leaf, Buffer.from(leaf, "base64").toString("utf8")] : [leaf],
    );
  }
  return value !== null && typeof value === "object"
    ? Object.values(value).flatMap((item) => secretTexts(item, ofSecret))
    : [];
}

/**
 * @param {any} value
 * @returns {string[]}
 */
function leaves(value) {
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(leaves) : [String(value)];
}
