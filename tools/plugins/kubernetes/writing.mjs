// @ts-check
import { setTimeout as sleep } from "node:timers/promises";
import { NoMatch, isConflict, isImmutable, isNamespaceNotFound, isNotFound } from "./api-error.mjs";
import { identityOf } from "./cluster.mjs";
import { CREATING_MANAGER, hasCreatedFields, managersOf, takingOver } from "./field-managers.mjs";
import { isDefinition } from "./kinds.mjs";
import { annotationOf, withMetadata, without } from "./metadata.mjs";
import { parsePath } from "./property-path.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./cluster.mjs").Cluster} Cluster
 * @typedef {import("./options.mjs").Options} Options
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 *
 * @typedef {object} Writing
 * @property {Cluster} cluster
 * @property {Options} options
 * @property {KubernetesObject} object
 * @property {string} fieldManager
 * @property {boolean} isPatch
 * @property {boolean} preview
 * @property {(status: string) => void} report
 * @property {AbortSignal} signal
 */

const MOST_RETRIES = 5;
const CONFLICTS =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/" +
  "#handle-field-conflicts-on-existing-resources";

/**
 * Creates an object; a Patch, and everything if that is wished, may also become part of one that exists. What an
 * object needs, like its namespace or the definition of its kind, may appear a little later than the object.
 * @param {Writing} writing
 * @returns {Promise<KubernetesObject>}
 */
export async function createObject(writing) {
  for (let retries = 0; ; retries += 1) {
    try {
      const created = await createOnce(writing);
      writing.report("");
      return created;
    } catch (error) {
      const final = !isNotFound(error) && !(error instanceof NoMatch);
      if (final || retries === MOST_RETRIES || (writing.preview && isNamespaceNotFound(error))) {
        throw error;
      }
      writing.report(`Retry #${retries}; creation failed: ${error instanceof Error ? error.message : error}`);
      await sleep(2 ** retries * 1000, undefined, { signal: writing.signal });
    }
  }
}

/**
 * @param {Writing} writing
 * @returns {Promise<KubernetesObject>}
 */
async function createOnce({ cluster, options, object, fieldManager, isPatch, preview }) {
  if (!isPatch && !options.upsertExistingObjects) {
    return cluster.create(object, { fieldManager: CREATING_MANAGER, dryRun: preview });
  }
  const applying = {
    fieldManager,
    dryRun: preview,
    // A preview does not know whether it is about a replacement, which cannot conflict.
    force: forced(object, options) ?? preview,
  };
  try {
    return await cluster.apply(object, applying);
  } catch (error) {
    if (preview && isImmutable(error)) {
      const name = `${object.metadata.name}preview`;
      return cluster.apply(/** @type {KubernetesObject} */ (withMetadata(object, { name })), applying);
    }
    throw explained(error, fieldManager);
  }
}

/**
 * @param {Writing & { ignoreChanges: string[] }} writing
 * @returns {Promise<KubernetesObject>}
 */
export async function updateObject(writing) {
  const { cluster, options, object, fieldManager, isPatch, preview } = writing;
  let live = await cluster.get(identityOf(object));
  if (isDefinition(object)) {
    const { resourceVersion } = live.metadata;
    const replacement = /** @type {KubernetesObject} */ (withMetadata(object, { resourceVersion }));
    return cluster.replace(replacement, { fieldManager, dryRun: preview });
  }
  const handover = isPatch || preview ? undefined : takingOver(live, fieldManager);
  if (handover !== undefined) {
    live = await cluster.patch(object, handover);
  }
  // A preview takes nothing over, so it would conflict with what the provider itself created.
  const force = forced(object, options) ?? (preview && hasCreatedFields(live));
  const wanted = withoutIgnored(object, live, fieldManager, writing.ignoreChanges);
  try {
    return await cluster.apply(wanted, { fieldManager, force, dryRun: preview });
  } catch (error) {
    throw explained(error, fieldManager);
  }
}

/**
 * Gives up the fields that a manager applied; those that nobody else manages vanish or get their defaults.
 * @param {Cluster} cluster
 * @param {KubernetesObject} object
 * @param {string} fieldManager
 */
export async function relinquish(cluster, object, fieldManager) {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const identity = { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
  await cluster.apply(identity, { fieldManager, dryRun: false });
}

/**
 * @param {KubernetesObject} object
 * @param {Options} options
 * @returns {boolean | undefined} whether to win conflicts, if anyone said so
 */
function forced(object, { enablePatchForce }) {
  return annotationOf(object, "patchForce") === "true" ? true : enablePatchForce;
}

/**
 * Leaves what is to be ignored as it is: to its other managers, or with the value that it has.
 * @param {KubernetesObject} object
 * @param {KubernetesObject} live
 * @param {string} fieldManager
 * @param {string[]} ignoreChanges
 * @returns {KubernetesObject}
 */
function withoutIgnored(object, live, fieldManager, ignoreChanges) {
  return ignoreChanges
    .map((text) => parsePath(text).map(String))
    .reduce((/** @type {KubernetesObject} */ kept, path) => {
      const { own, others } = managersOf(live, fieldManager, path);
      const value = path.reduce((/** @type {any} */ item, key) => item?.[key], live);
      if (others && !own) {
        return withValue(kept, path, undefined);
      }
      return value === undefined ? kept : withValue(kept, path, value);
    }, object);
}

/**
 * @template {any} T
 * @param {T} object
 * @param {string[]} path
 * @param {any} value
 * @returns {T}
 */
function withValue(object, [key, ...rest], value) {
  if (key === undefined) {
    return value;
  }
  const item = /** @type {any} */ (object)?.[key];
  if (value === undefined && item === undefined) {
    return object;
  }
  if (Array.isArray(object)) {
    return /** @type {any} */ (
      object.map((element, index) => (String(index) === key ? withValue(element, rest, value) : element))
    );
  }
  const others = without(object ?? {}, key);
  const changed = withValue(item ?? {}, rest, value);
  return /** @type {any} */ (changed === undefined ? others : { ...others, [key]: changed });
}

/**
 * @param {unknown} error
 * @param {string} fieldManager
 */
function explained(error, fieldManager) {
  if (!isConflict(error) || !(error instanceof Error)) {
    return error;
  }
  return new Error(
    `Server-Side Apply field conflict detected. See ${CONFLICTS} for troubleshooting help.\n` +
      `The resource managed by field manager "${fieldManager}" had an apply conflict: ${error.message}`,
    { cause: error },
  );
}
