// @ts-check
import { createHash, randomBytes } from "node:crypto";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 *
 * @typedef {object} Naming
 * @property {string} property that names the resource within AWS
 * @property {string} [prefix] what every such name begins with
 * @property {string} [or] the property that takes its place
 * @property {boolean} [lowercase]
 */

const DIGITS = 7;

/**
 * The name that a program leaves to the provider.
 * @param {Naming} naming
 * @param {{ urn: string, olds: Properties, randomSeed: Uint8Array,
 *   autonaming?: import("../lib/serve.mjs").Autonaming | undefined }} request
 * @returns {string}
 */
export function nameFor({ property, prefix = "", lowercase = false }, request) {
  const { olds, urn, autonaming, randomSeed } = request;
  if (olds["__defaults"]?.includes(property)) {
    return olds[property];
  }
  if (autonaming?.disabled) {
    throw new Error(`autonaming is disabled, resource requires the \`${property}\` field to be set`);
  }
  const name = autonaming?.proposedName || `${urn.split("::").at(-1)}-${suffix(randomSeed)}`;
  return prefix + (lowercase ? name.toLowerCase() : name);
}

/** @param {Uint8Array} seed */
function suffix(seed) {
  const bytes = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(DIGITS);
  return bytes.toString("hex").slice(0, DIGITS);
}
