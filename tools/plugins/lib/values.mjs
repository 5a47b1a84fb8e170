// @ts-check
import { Struct } from "./protocol.mjs";

/** What the engine sends, during a preview, in place of a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";

/** @typedef {Record<string, any>} Properties */

/**
 * Marks an output as secret: the engine encrypts it before it reaches the state.
 * @param {any} value
 */
export function secret(value) {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/**
 * @param {{ urn: string, id: string }} resource
 * @returns {any} what stands for the resource in the outputs of another
 */
export const referenceTo = ({ urn, id }) => ({
  [SIGNATURE_KEY]: RESOURCE_SIGNATURE,
  urn,
  id: id === "" ? UNKNOWN : id,
});

/** @param {any} value */
export const isSecret = (value) =>
  value !== null && typeof value === "object" && value[SIGNATURE_KEY] === SECRET_SIGNATURE;

/**
 * Takes the secret marks off a value, at any depth.
 * @param {any} value
 * @returns {any}
 */
export function reveal(value) {
  if (Array.isArray(value)) {
    return value.map(reveal);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (isSecret(value)) {
    return reveal(value.value);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item)]));
}

/**
 * @param {any} value
 * @returns {boolean} whether an unknown occurs in it, at any depth
 */
export function hasUnknown(value) {
  if (value !== null && typeof value === "object") {
    return Object.values(value).some(hasUnknown);
  }
  return value === UNKNOWN;
}

/**
 * @param {{ toJavaScript(): any } | undefined} struct
 * @returns {Properties} plain values without secret marks
 */
export function decode(struct) {
  return struct === undefined ? {} : reveal(struct.toJavaScript());
}

/**
 * @param {{ toJavaScript(): any } | undefined} struct
 * @returns {Properties} values with their secret marks
 */
export const decodeMarked = (struct) => struct?.toJavaScript() ?? {};

/**
 * @param {Properties} properties
 * @returns {any} a protobuf Struct
 */
export function encode(properties) {
  return Struct.fromJavaScript(dropUndefined(properties));
}

/**
 * @param {any} value
 * @returns {any}
 */
function dropUndefined(value) {
  if (Array.isArray(value)) {
    return value.map(dropUndefined);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const kept = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, dropUndefined(item)]));
}
