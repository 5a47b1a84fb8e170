// @ts-check
import { reveal } from "../lib/values.mjs";
import { marked } from "./secrets.mjs";

/** @typedef {import("../lib/values.mjs").Properties} Properties */

const DASHED = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const UNDERSCORED = DASHED.map((key) => key.replaceAll("-", "_"));
const TO_DASHED = Object.fromEntries(UNDERSCORED.map((key, index) => [key, DASHED[index] ?? key]));
const TO_UNDERSCORED = Object.fromEntries(DASHED.map((key, index) => [key, UNDERSCORED[index] ?? key]));

/**
 * @param {any} value
 * @param {Record<string, string>} names
 * @returns {any} the value with its keys renamed and without what is null
 */
function renamed(value, names) {
  if (Array.isArray(value)) {
    return value.map((item) => renamed(item, names));
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const present = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(present.map(([key, item]) => [names[key] ?? key, renamed(item, names)]));
}

/**
 * @param {Properties} properties as the SDK names them
 * @returns {Properties} as Kubernetes does, without secret marks
 */
export const asObject = (properties) => renamed(reveal(properties), TO_DASHED);

/**
 * The state of a resource in the shape that the real provider gives it.
 * @param {object} parts
 * @param {Properties} parts.inputs
 * @param {Properties} parts.live
 * @param {Properties} parts.markedInputs where the secrets are told from
 * @param {string} parts.initialApiVersion
 * @param {string} parts.fieldManager
 * @returns {Properties}
 */
export function stateOf({ inputs, live, markedInputs, initialApiVersion, fieldManager }) {
  const outputs = marked(renamed(live, TO_UNDERSCORED), markedInputs);
  return {
    ...outputs,
    __inputs: marked(renamed(inputs, TO_UNDERSCORED), markedInputs),
    __initialApiVersion: initialApiVersion,
    __fieldManager: fieldManager,
  };
}

/**
 * @param {Properties} state
 * @returns {{ inputs: Properties, live: Properties, initialApiVersion?: string, fieldManager?: string }}
 */
export function parseState(state) {
  const { __inputs, __initialApiVersion, __fieldManager, ...live } = asObject(state);
  return {
    inputs: __inputs ?? {},
    live,
    initialApiVersion: __initialApiVersion,
    fieldManager: __fieldManager,
  };
}
