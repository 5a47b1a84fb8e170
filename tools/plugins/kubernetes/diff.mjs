// @ts-check
import { identityOf } from "./cluster.mjs";
import { typeIn } from "./context.mjs";
import { difference } from "./difference.mjs";
import { immutableFields } from "./immutable-fields.mjs";
import { annotationOf, metadataOf, objectName, objectNamespace, withMetadata } from "./metadata.mjs";
import { isAutonamed } from "./naming.mjs";
import { normalized } from "./normalize.mjs";
import { pruned } from "./prune.mjs";
import { asObject, parseState } from "./state.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./context.mjs").Context} Context
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 * @typedef {Parameters<import("../lib/serve.mjs").ResourceType["diff"]>[0]} Request
 */

/**
 * Compares the object as the state knows it, as far as the inputs had a say in it, with the new inputs.
 * @param {Context} context
 * @param {Request} request
 * @returns {Promise<import("../lib/serve.mjs").Difference>}
 */
export async function diff(context, { urn, state, news, ignoreChanges }) {
  const { provider, type } = context;
  const old = parseState(state);
  const formerInputs = normalized(old.inputs);
  const namespaced = await provider.isNamespaced(typeIn(asObject(news)));
  const inputs = withScope(normalized(asObject(news)), namespaced);
  const before = withMetadata(withScope(pruned(old.live, formerInputs), namespaced), {
    resourceVersion: undefined,
    // A program may come to name what had been named for it.
    ...(objectName(inputs) === "" ? {} : { name: objectName(old.live) }),
  });

  const { changes, replaces } = difference({
    before: { ...typeIn(inputs), ...before },
    after: inputs,
    formerInputs,
    immutable: immutableFields(inputs, { isPatch: type.isPatch, ...provider.options }),
    ignored: ignoreChanges,
  });
  if (annotationOf(inputs, "replaceUnready") === "true" && (await isUnready(context, urn, old.live))) {
    replaces.push('.metadata.annotations["pulumi.com/replaceUnready"]');
  }
  // A new object cannot have the name that the old one still has.
  const deleteBeforeReplace =
    replaces.length > 0 &&
    objectName(inputs) !== "" &&
    !isAutonamed(inputs) &&
    objectName(inputs) === objectName(old.live) &&
    objectNamespace(inputs) === objectNamespace(old.live);
  return { changes, replaces, deleteBeforeReplace };
}

/**
 * @param {Properties} object
 * @param {boolean} namespaced
 */
function withScope(object, namespaced) {
  return withMetadata(object, {
    namespace: namespaced ? metadataOf(object).namespace || "default" : undefined,
  });
}

/**
 * @param {Context} context
 * @param {string} urn
 * @param {Properties} live as the state knows it
 */
async function isUnready({ provider, engine }, urn, live) {
  if (provider.unreachable !== undefined) {
    engine.warn(urn, "Cluster is unreachable, skipping replaceUnready check");
    return false;
  }
  if (live["kind"] !== "Job") {
    engine.warn(urn, "replaceUnready annotation is not supported for this resource");
    return false;
  }
  const identity = identityOf(/** @type {KubernetesObject} */ (live));
  const job = await provider.cluster.read(identity).catch(() => undefined);
  const conditions = /** @type {{ type: string, status: string }[]} */ (job?.["status"]?.conditions ?? []);
  return (
    job !== undefined && !conditions.some(({ type, status }) => type === "Complete" && status === "True")
  );
}
