// @ts-check
import { ApiError, NoMatch, isForbidden, isInvalid, isNotFound } from "./api-error.mjs";
import { NotReady, untilDeleted } from "./await/index.mjs";
import { identityOf } from "./cluster.mjs";
import { REMOVE_FROM_STATE, waiting, warnUnreachable } from "./context.mjs";
import { fieldManagerOf } from "./field-managers.mjs";
import { annotationOf, parseId } from "./metadata.mjs";
import { parseState } from "./state.mjs";
import { relinquish } from "./writing.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./context.mjs").Context} Context
 * @typedef {import("./cluster.mjs").Cluster} Cluster
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 * @typedef {Parameters<NonNullable<import("../lib/serve.mjs").ResourceType["delete"]>>[0]} Request
 */

/**
 * @param {Context} context
 * @param {Request} request
 */
export async function remove(context, request) {
  const { provider, type } = context;
  if (provider.unreachable !== undefined) {
    warnUnreachable(context, request.urn);
    if (provider.options.deleteUnreachable) {
      return;
    }
    throw new Error(
      `configured Kubernetes cluster is unreachable. If the cluster was deleted, ${REMOVE_FROM_STATE}`,
    );
  }
  try {
    await (type.isPatch ? removePatch(provider.cluster, request) : removeObject(context, request));
  } catch (error) {
    // With its kind, an object is gone, too.
    if (!isNotFound(error) && !(error instanceof NoMatch)) {
      throw error;
    }
  }
}

/**
 * @param {Context} context
 * @param {Request} request
 */
async function removeObject(context, { urn, id, state, timeout }) {
  const { cluster } = context.provider;
  const old = parseState(state);
  const object = /** @type {KubernetesObject} */ (old.live);
  const identity = { ...identityOf(object), name: parseId(id).name };
  const live = await cluster.get(identity);
  if (identity.kind === "Namespace" && identity.name === "default") {
    throw new Error('deletion of the namespace "default" is not allowed');
  }
  try {
    await cluster.remove(identity, propagationPolicyOf(old.inputs));
  } catch (error) {
    if (!isProtected(error)) {
      throw error;
    }
    await relinquish(cluster, object, fieldManagerOf(old.inputs, old.fieldManager));
    return;
  }
  try {
    await untilDeleted(waiting(context, urn, live, timeout));
  } catch (error) {
    throw error instanceof NotReady
      ? new Error([error.message, ...error.reasons].join("\n"), { cause: error })
      : error;
  }
  context.engine.report(urn, "");
}

/**
 * @param {Cluster} cluster
 * @param {Request} request
 */
async function removePatch(cluster, { state }) {
  const { inputs, live, fieldManager } = parseState(state);
  const object = /** @type {KubernetesObject} */ (live);
  try {
    await relinquish(cluster, object, fieldManagerOf(inputs, fieldManager));
  } catch (error) {
    const required =
      error instanceof ApiError && isInvalid(error)
        ? error.causes.find(({ reason }) => reason === "FieldValueRequired")
        : undefined;
    throw required === undefined
      ? error
      : new Error(
          "this Patch resource is currently managing a required field, so it can't be deleted directly. Either set " +
            "the `retainOnDelete` resource option, or transfer ownership of the field before deleting: " +
            required.field,
          { cause: error },
        );
  }
}

/**
 * Whether an object is one that a cluster always has, like the namespace "default". That the credentials do not
 * allow a deletion is another matter.
 * @param {unknown} error
 */
const isProtected = (error) =>
  error instanceof ApiError && isForbidden(error) && !error.message.includes("cannot delete resource");

/** @param {Properties} inputs */
function propagationPolicyOf(inputs) {
  switch (annotationOf(inputs, "deletionPropagationPolicy").toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}
