// @ts-check
import { hasUnknown } from "../lib/values.mjs";
import { NoMatch, isForbidden } from "./api-error.mjs";
import { NotReady } from "./await/index.mjs";
import { identityOf } from "./cluster.mjs";
import { failedToInitialize, settled, textOf, typeIn } from "./context.mjs";
import { fieldManagerOf } from "./field-managers.mjs";
import { idOf } from "./metadata.mjs";
import { normalized } from "./normalize.mjs";
import { masked } from "./secrets.mjs";
import { asObject, parseState, stateOf } from "./state.mjs";
import { relinquish, updateObject } from "./writing.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./context.mjs").Context} Context
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 * @typedef {Parameters<NonNullable<import("../lib/serve.mjs").ResourceType["update"]>>[0]} Request
 */

/**
 * @param {Context} context
 * @param {Request} request
 * @returns {Promise<Properties>}
 */
export async function update(context, request) {
  const { urn, state, news: markedInputs, preview, timeout, ignoreChanges } = request;
  const { provider, type, engine, signal } = context;
  const inputs = normalized(asObject(markedInputs));
  if (preview && (hasUnknown(inputs) || !(await provider.serves(typeIn(inputs))))) {
    return markedInputs;
  }
  const { cluster, options } = provider;
  const object = /** @type {KubernetesObject} */ (inputs);
  const old = parseState(state);
  const fieldManager = fieldManagerOf(inputs, old.fieldManager);
  const formerManager = fieldManagerOf(old.inputs, old.fieldManager);
  const initialApiVersion = old.initialApiVersion ?? old.inputs["apiVersion"];
  const stateWith = (/** @type {Properties} */ live) =>
    stateOf({ inputs, live, markedInputs, initialApiVersion, fieldManager });
  const report = (/** @type {string} */ status) => engine.report(urn, masked(status, markedInputs));
  const writing = { cluster, options, object, fieldManager, isPatch: type.isPatch, preview, report, signal };
  try {
    const updated = await updateObject({ ...writing, ignoreChanges });
    if (preview) {
      return stateWith(updated);
    }
    const live = await settled(context, urn, updated, timeout);
    if (formerManager !== fieldManager) {
      await relinquish(cluster, live, formerManager);
    }
    return stateWith(live);
  } catch (error) {
    if (preview && isForbidden(error)) {
      return markedInputs;
    }
    const text = masked(textOf(error), markedInputs);
    if (error instanceof NoMatch) {
      throw new Error(
        `update of resource "${urn}" failed because the Kubernetes API server reported that the apiVersion for ` +
          `this resource does not exist. Verify that any required CRDs have been created: ${text}`,
        { cause: error },
      );
    }
    const live =
      error instanceof NotReady
        ? error.object
        : await stillThere(cluster, old.live, `update of resource "${urn}" failed: ${text}`);
    const message =
      `the Kubernetes API server reported that "${idOf(live)}" failed to fully initialize or become live: ` +
      text;
    throw failedToInitialize(message, error, { live, state: stateWith(live), markedInputs });
  }
}

/**
 * @param {import("./cluster.mjs").Cluster} cluster
 * @param {Properties} object
 * @param {string} failure which is all there is to tell if the object is gone
 * @returns {Promise<KubernetesObject>}
 */
async function stillThere(cluster, object, failure) {
  try {
    return await cluster.get(identityOf(/** @type {KubernetesObject} */ (object)));
  } catch (error) {
    throw new Error(`${failure}\nunable to get cluster state: ${textOf(error)}`, { cause: error });
  }
}
