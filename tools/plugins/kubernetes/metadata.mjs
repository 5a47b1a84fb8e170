// @ts-check
import { UNKNOWN } from "../lib/values.mjs";

/** @typedef {import("../lib/values.mjs").Properties} Properties */

/**
 * @param {Properties} object
 * @param {string[]} keys
 * @returns {Properties} the rest of the object
 */
export const without = (object, ...keys) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/**
 * What may be unknown in a preview counts as absent.
 * @param {Properties} object
 */
export function metadataOf({ metadata }) {
  return /** @type {Properties} */ (typeof metadata === "object" && metadata !== null ? metadata : {});
}

/**
 * @param {Properties} object
 * @param {string} key
 * @returns {string}
 */
function textIn(object, key) {
  const value = metadataOf(object)[key];
  return typeof value === "string" && value !== UNKNOWN ? value : "";
}

/** @param {Properties} object */
export const objectName = (object) => textIn(object, "name");

/** @param {Properties} object */
export const objectNamespace = (object) => textIn(object, "namespace");

/**
 * @param {Properties} object
 * @param {string} name without its prefix
 * @returns {string}
 */
export function annotationOf(object, name) {
  const { annotations } = metadataOf(object);
  const value = annotations !== null && typeof annotations === "object" && annotations[`pulumi.com/${name}`];
  return typeof value === "string" && value !== UNKNOWN ? value : "";
}

/**
 * @param {Properties} object
 * @param {Properties} changes to its metadata, where undefined removes something
 * @returns {Properties}
 */
export function withMetadata(object, changes) {
  const metadata = Object.entries({ ...metadataOf(object), ...changes });
  return { ...object, metadata: Object.fromEntries(metadata.filter(([, value]) => value !== undefined)) };
}

/**
 * @param {Properties} object
 * @returns {string} the id of its resource
 */
export function idOf(object) {
  const namespace = objectNamespace(object);
  return namespace === "" ? objectName(object) : `${namespace}/${objectName(object)}`;
}

/** @param {string} id */
export function parseId(id) {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}
