// @ts-check
/**
 * @typedef {import("./object.mjs").KubernetesObject} KubernetesObject
 * @typedef {import("./object.mjs").Cluster} Cluster
 *
 * How an object stands.
 * @typedef {object} Assessment
 * @property {boolean} ready
 * @property {boolean} [passable] ready enough when the time is up
 * @property {string} [failed] why it will never be ready
 * @property {string[]} status what to tell meanwhile
 * @property {string[]} reasons why it is not ready
 *
 * @typedef {(live: KubernetesObject) => Assessment | Promise<Assessment>} Assess
 *
 * How to wait for objects of a kind. The real provider words a failure in one of three ways, by how old its
 * code for the kind is.
 * @typedef {object} Awaiter
 * @property {number} seconds to wait unless told otherwise
 * @property {"readiness" | "polling" | "condition"} wording
 * @property {(context: { cluster: Cluster, object: KubernetesObject }) => Assess} begin
 */

const MINUTES = 60;

/**
 * @param {Awaiter["begin"]} begin
 * @returns {Awaiter}
 */
export const readiness = (begin) => ({ seconds: 10 * MINUTES, wording: "readiness", begin });

/**
 * @param {Awaiter["begin"]} begin
 * @returns {Awaiter}
 */
export const condition = (begin) => ({ seconds: 10 * MINUTES, wording: "condition", begin });

/**
 * @param {number} seconds
 * @param {(live: KubernetesObject) => boolean} isReady
 * @returns {Awaiter}
 */
export const polling = (seconds, isReady) => ({
  seconds,
  wording: "polling",
  begin: () => (live) => ({ ready: isReady(live), status: [], reasons: [] }),
});
