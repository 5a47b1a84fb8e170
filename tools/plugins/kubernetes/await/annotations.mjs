// @ts-check
/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

/**
 * @param {KubernetesObject} object
 * @param {string} name
 */
const annotation = ({ metadata }, name) => metadata.annotations?.[`pulumi.com/${name}`] ?? "";

/** @param {KubernetesObject} object */
export const skipsAwait = (object) => annotation(object, "skipAwait") === "true";

/** @param {KubernetesObject} object */
export const waitForOf = (object) => annotation(object, "waitFor");

/**
 * How many seconds to wait: the resource option comes first, then the annotation, then the kind's own default.
 * @param {KubernetesObject} object
 * @param {number | undefined} customTimeout
 * @param {number} standard
 */
export function secondsToWait(object, customTimeout, standard) {
  if (customTimeout) {
    return customTimeout;
  }
  const text = annotation(object, "timeoutSeconds");
  return /^[+-]?\d+$/.test(text) ? Number(text) : standard;
}
