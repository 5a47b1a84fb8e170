// @ts-check
import { UNKNOWN } from "../../lib/values.mjs";
import { documentedRules } from "./documented.mjs";

/** @typedef {import("./models.mjs").Shape} Shape */

/**
 * AWS's refusals of a single value. Types are the compiler's to check: the provider takes `"true"` for a boolean.
 * @param {unknown} value
 * @param {Shape} shape
 * @param {string} member `SERVICE.STRUCTURE.MEMBER`, for which the documentation may have a rule of its own
 * @returns {string[]}
 */
export function valueFailures(value, shape, member) {
  const shown = shape.sensitive ? "its value" : JSON.stringify(value);
  return value === UNKNOWN || value === null
    ? []
    : [...modelRules(value, shape), ...documentedRules(member, value)].map(
        (rule) => `${rule}, which ${shown} does not (${member})`,
      );
}

/**
 * @param {unknown} value
 * @param {Shape} shape
 * @returns {string[]}
 */
function modelRules(value, shape) {
  switch (shape.type) {
    case "string":
      return textRules(String(value), shape);
    case "integer":
    case "long":
    case "float":
    case "double":
      return rangeRules(Number(value), shape, "");
    default:
      return [];
  }
}

/**
 * @param {string} text
 * @param {Shape} shape
 */
function textRules(text, { enum: values, pattern, ...range }) {
  return [
    ...rangeRules([...text].length, range, "characters"),
    ...(values === undefined || values.includes(text) ? [] : [`must be one of ${values.join(", ")}`]),
    ...(pattern === undefined || compiled(pattern).test(text) ? [] : [`must match ${pattern}`]),
  ];
}

/**
 * @param {number} size
 * @param {Pick<Shape, "min" | "max">} range
 * @param {string} unit
 */
export function rangeRules(size, { min = -Infinity, max = Infinity }, unit) {
  return size < min || size > max ? [`must have from ${min} to ${max} ${unit}`.trim()] : [];
}

/** @type {Map<string, RegExp>} */
const patterns = new Map();

/**
 * AWS matches the whole value, whether or not a pattern has anchors.
 * @param {string} pattern of Java
 */
function compiled(pattern) {
  const known = patterns.get(pattern);
  if (known !== undefined) {
    return known;
  }
  const whole = `^(?:${pattern})$`;
  // Java takes escapes that JavaScript takes without the flag alone, and \p{…} needs the flag.
  const expression = /\\p\{/.test(pattern) ? new RegExp(unescaped(whole), "su") : new RegExp(whole, "s");
  patterns.set(pattern, expression);
  return expression;
}

/** @param {string} pattern */
const unescaped = (pattern) => pattern.replace(/\\([_:=@ ])/g, "$1");
