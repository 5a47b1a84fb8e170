// @ts-check
/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

/**
 * The object exists, but is not as it should be (or, at a deletion, still exists). The message is the cause in
 * one line, as the real provider puts it after "failed to fully initialize or become live: "; the reasons are
 * the lines below it, if any.
 */
export class NotReady extends Error {
  /**
   * @param {string} message
   * @param {KubernetesObject} object as last seen
   * @param {string[]} reasons
   */
  constructor(message, object, reasons = []) {
    super(message);
    this.name = "NotReady";
    this.object = object;
    this.reasons = reasons;
  }
}
