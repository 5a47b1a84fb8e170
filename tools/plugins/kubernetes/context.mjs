// @ts-check
import { InitializationFailed } from "../lib/initialization-failed.mjs";
import { NotReady, untilReady } from "./await/index.mjs";
import { identityOf } from "./cluster.mjs";
import { idOf } from "./metadata.mjs";
import { masked } from "./secrets.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 *
 * What an operation on the objects of one type needs.
 * @typedef {object} Context
 * @property {import("./provider.mjs").Provider} provider
 * @property {import("./type-token.mjs").ResourceToken} type
 * @property {ReturnType<import("../lib/engine.mjs").engineAt>} engine
 * @property {AbortSignal} signal
 */

export const REMOVE_FROM_STATE =
  "you can remove this resource from Pulumi state by rerunning the operation with the " +
  'PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

/**
 * @param {Context} context
 * @param {string} urn
 * @param {KubernetesObject} object
 * @param {number} timeout
 */
export const waiting = ({ provider, engine, signal }, urn, object, timeout) => ({
  cluster: provider.cluster,
  object,
  report: (/** @type {string} */ status) => engine.report(urn, status),
  signal,
  ...(timeout > 0 ? { timeout } : {}),
});

/**
 * Waits until an object is ready, and reads it once more.
 * @param {Context} context
 * @param {string} urn
 * @param {KubernetesObject} object
 * @param {number} timeout
 * @returns {Promise<KubernetesObject>}
 */
export async function settled(context, urn, object, timeout) {
  const ready = await untilReady(waiting(context, urn, object, timeout));
  context.engine.report(urn, "");
  return context.provider.cluster.get(identityOf(ready)).catch(() => ready);
}

/**
 * @param {Context} context
 * @param {string} urn
 */
export function warnUnreachable({ provider, engine }, urn) {
  engine.warn(urn, `configured Kubernetes cluster is unreachable: ${provider.unreachable}`);
  if (provider.options.deleteUnreachable) {
    engine.inform(
      urn,
      "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. " +
        "Deleting the unreachable resource from Pulumi state",
    );
  }
}

/**
 * @param {string} message
 * @param {unknown} error
 * @param {{ live: KubernetesObject, state: Properties, markedInputs: Properties }} resource
 */
export function failedToInitialize(message, error, { live, state, markedInputs }) {
  const reasons = error instanceof NotReady ? error.reasons : [];
  return new InitializationFailed(message, {
    id: idOf(live),
    state,
    reasons: [message, ...reasons.map((reason) => masked(reason, markedInputs))],
  });
}

/** @param {Properties} object */
export const typeIn = ({ apiVersion, kind }) => ({ apiVersion, kind });

/** @param {unknown} error */
export const textOf = (error) => (error instanceof Error ? error.message : String(error));
