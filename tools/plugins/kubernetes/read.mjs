// @ts-check
import { REMOVE_FROM_STATE, typeIn, warnUnreachable } from "./context.mjs";
import { fieldManagerOf } from "./field-managers.mjs";
import { isBuiltIn } from "./kinds.mjs";
import { metadataOf, objectName, objectNamespace, parseId, withMetadata, without } from "./metadata.mjs";
import { normalized } from "./normalize.mjs";
import { pruned } from "./prune.mjs";
import { marked } from "./secrets.mjs";
import { asObject, parseState, stateOf } from "./state.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./context.mjs").Context} Context
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 * @typedef {NonNullable<import("../lib/serve.mjs").ResourceType["read"]>} Read
 */

/** What the cluster adds to metadata by itself. */
const NOT_INPUTS = ["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"];

/**
 * @param {Context} context
 * @param {Parameters<Read>[0]} request
 * @returns {Promise<Awaited<ReturnType<Read>>>}
 */
export async function read(context, { urn, id, state, inputs: markedInputs }) {
  const { provider, type, engine } = context;
  if (provider.unreachable !== undefined) {
    warnUnreachable(context, urn);
    if (provider.options.deleteUnreachable) {
      return undefined;
    }
    if (provider.options.skipUpdateUnreachable) {
      engine.inform(
        urn,
        "configured Kubernetes cluster is unreachable and the `skipUnreachable` option is enabled. " +
          "Returned data could not reflect the actual cluster configuration.",
      );
      return { id, state, inputs: markedInputs };
    }
    throw new Error(
      `failed to read resource state due to unreachable cluster. If the cluster was deleted, ${REMOVE_FROM_STATE}`,
    );
  }
  const { namespace, name } = parseId(id);
  if (name === "") {
    throw new Error(
      `failed to read resource because of a failure to parse resource name from request ID: ${id}`,
    );
  }
  const old = parseState(state);
  const given = normalized(asObject(markedInputs));
  const known = given["kind"] ? given : identified(given, old.live["kind"] ? old.live : type, id);
  const live = await provider.cluster.read({
    ...typeIn(known),
    namespace: objectNamespace(known) || namespace,
    name,
  });
  if (live === undefined) {
    return undefined;
  }
  const imported = !given["kind"] && !old.live["kind"];
  const inputs = imported ? importedInputs(live, known) : pruned(live, known);
  return {
    id,
    state: stateOf({
      inputs,
      live,
      markedInputs,
      initialApiVersion: old.initialApiVersion ?? known["apiVersion"],
      fieldManager: fieldManagerOf(known, old.fieldManager),
    }),
    inputs: marked(inputs, markedInputs),
  };
}

/**
 * @param {Properties} object
 * @param {Properties} type
 * @param {string} id
 */
function identified(object, type, id) {
  const { namespace, name } = parseId(id);
  return withMetadata(
    { ...object, ...typeIn(type) },
    { name: objectName(object) || name, namespace: objectNamespace(object) || namespace || undefined },
  );
}

/**
 * The inputs that would have made an object: only the SDK's own types tell which of its fields can be inputs.
 * @param {KubernetesObject} live
 * @param {Properties} known
 * @returns {Properties}
 */
function importedInputs(live, known) {
  const fields = isBuiltIn(live.apiVersion) ? without(live, "status") : pruned(live, known);
  const { annotations } = metadataOf(fields);
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !NOT_INPUTS.includes(key));
  return normalizedMetadata(
    withMetadata(fields, annotations ? { annotations: Object.fromEntries(kept) } : {}),
  );
}

/** @param {Properties} object */
function normalizedMetadata(object) {
  const { metadata } = normalized(object);
  return { ...object, metadata };
}
