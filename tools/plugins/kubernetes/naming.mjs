// @ts-check
import { createHash, randomBytes } from "node:crypto";
import { UNKNOWN } from "../lib/values.mjs";
import { annotationOf, metadataOf, objectName, withMetadata } from "./metadata.mjs";
import { nameOf } from "./type-token.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("../lib/serve.mjs").Autonaming} Autonaming
 */

const SUFFIX_BYTES = 4;

/** @param {Properties} object */
export const isAutonamed = (object) => annotationOf(object, "autonamed") === "true";

/**
 * @param {Properties} object
 * @param {{ urn: string, randomSeed: Uint8Array, autonaming?: Autonaming | undefined }} options
 * @returns {Properties}
 */
export function withNewName(object, { urn, randomSeed, autonaming }) {
  const { metadata } = object;
  const { name, generateName } = metadataOf(object);
  if (metadata === UNKNOWN || name === UNKNOWN || name || generateName) {
    return object;
  }
  if (autonaming?.disabled) {
    throw new Error("autonaming is disabled, resource requires the `.metadata.name` field to be set");
  }
  return autonamed(object, autonaming?.proposedName || `${nameOf(urn)}-${suffix(randomSeed)}`);
}

/**
 * @param {Properties} object
 * @param {Properties} old its former inputs
 * @returns {Properties}
 */
export function withFormerName(object, old) {
  const { metadata } = object;
  const { name } = metadataOf(object);
  return metadata === UNKNOWN || name || !isAutonamed(old) ? object : autonamed(object, objectName(old));
}

/**
 * @param {Properties} object
 * @param {string} name
 */
function autonamed(object, name) {
  const { annotations } = metadataOf(object);
  return withMetadata(object, {
    name,
    annotations: annotations === UNKNOWN ? annotations : { ...annotations, "pulumi.com/autonamed": "true" },
  });
}

/** @param {Uint8Array} seed */
function suffix(seed) {
  const bytes = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(SUFFIX_BYTES);
  return bytes.subarray(0, SUFFIX_BYTES).toString("hex");
}
