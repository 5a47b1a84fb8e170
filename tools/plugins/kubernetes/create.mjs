// @ts-check
import { hasUnknown } from "../lib/values.mjs";
import {
  NoMatch,
  isAlreadyExists,
  isDryRunUnsupported,
  isForbidden,
  isNamespaceNotFound,
} from "./api-error.mjs";
import { NotReady } from "./await/index.mjs";
import { failedToInitialize, settled, textOf, typeIn } from "./context.mjs";
import { fieldManagerOf } from "./field-managers.mjs";
import { isDefinition } from "./kinds.mjs";
import { idOf, without } from "./metadata.mjs";
import { masked } from "./secrets.mjs";
import { asObject, stateOf } from "./state.mjs";
import { createObject } from "./writing.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./context.mjs").Context} Context
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 * @typedef {Parameters<import("../lib/serve.mjs").ResourceType["create"]>[0]} Request
 */

/**
 * @param {Context} context
 * @param {Request} request
 * @returns {Promise<{ id: string, state: Properties }>}
 */
export async function create(context, { urn, inputs: markedInputs, preview, timeout }) {
  const { provider, type, engine, signal } = context;
  const inputs = asObject(markedInputs);
  const untouched = { id: "", state: markedInputs };
  if (preview && (type.isPatch || hasUnknown(inputs) || !(await provider.serves(typeIn(inputs))))) {
    return untouched;
  }
  const { cluster, options } = provider;
  const object = /** @type {KubernetesObject} */ (inputs);
  const fieldManager = fieldManagerOf(inputs);
  const stateWith = (/** @type {Properties} */ live) =>
    stateOf({ inputs, live, markedInputs, initialApiVersion: object.apiVersion, fieldManager });
  const report = (/** @type {string} */ status) => engine.report(urn, masked(status, markedInputs));
  const writing = { cluster, options, object, fieldManager, isPatch: type.isPatch, preview, report, signal };
  try {
    const created = await createObject(writing);
    if (preview) {
      return { id: "", state: stateWith(without(created, "status")) };
    }
    const live = await settled(context, urn, created, timeout);
    if (isDefinition(object)) {
      cluster.forgetServed();
    }
    return { id: idOf(live), state: stateWith(live) };
  } catch (error) {
    if (preview && cannotBePreviewed(error)) {
      return untouched;
    }
    const text = masked(textOf(error), markedInputs);
    if (error instanceof NotReady) {
      const message =
        `resource "${urn}" was successfully created, but the Kubernetes API server reported that it failed to ` +
        `fully initialize or become live: ${text}`;
      throw failedToInitialize(message, error, {
        live: error.object,
        state: stateWith(error.object),
        markedInputs,
      });
    }
    const message =
      error instanceof NoMatch
        ? `creation of resource "${urn}" with kind ${object.apiVersion}/${object.kind} failed because the ` +
          "Kubernetes API server reported that the apiVersion for this resource does not exist. " +
          `Verify that any required CRDs have been created: ${text}`
        : `resource "${urn}" was not successfully created by the Kubernetes API server: ${text}`;
    throw new Error(message, { cause: error });
  }
}

/**
 * Whether an error only tells that something else has to come first: the namespace, or the end of the object
 * that is to be replaced.
 * @param {unknown} error
 */
const cannotBePreviewed = (error) =>
  isForbidden(error) || isNamespaceNotFound(error) || isAlreadyExists(error) || isDryRunUnsupported(error);
