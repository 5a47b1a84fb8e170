// @ts-check

/**
 * @typedef {object} Metadata
 * @property {string} name
 * @property {string} [namespace]
 * @property {string} [uid]
 * @property {string} [resourceVersion]
 * @property {number} [generation]
 * @property {string} [deletionTimestamp]
 * @property {string[]} [finalizers]
 * @property {Record<string, string>} [annotations]
 * @property {{ apiVersion: string, kind: string, name: string, uid?: string }[]} [ownerReferences]
 *
 * @typedef {{ apiVersion: string, kind: string, metadata: Metadata, [field: string]: any }} KubernetesObject
 * @typedef {{ type: string, status: string, reason?: string, message?: string,
 *   observedGeneration?: number }} Condition
 *
 * What awaiting needs of a cluster.
 * @typedef {object} Cluster
 * @property {(query: { apiVersion: string, kind: string, namespace?: string, name: string }) =>
 *   Promise<KubernetesObject | undefined>} read
 * @property {(query: { apiVersion: string, kind: string, namespace?: string, labelSelector?: string }) =>
 *   Promise<KubernetesObject[]>} list
 */

/** @param {KubernetesObject} object */
export function identityOf({ apiVersion, kind, metadata: { name, namespace } }) {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/**
 * The namespace of an object and the objects that belong to it, as part of a query.
 * @param {KubernetesObject} object
 */
export function besides({ metadata: { namespace } }) {
  return namespace === undefined ? {} : { namespace };
}

/**
 * As the real provider names objects in its messages.
 * @param {KubernetesObject} object
 */
export function qualifiedName({ metadata: { name, namespace } }) {
  return namespace === undefined || namespace === "default" ? name : `${namespace}/${name}`;
}

/**
 * @param {KubernetesObject} object
 * @param {string} type
 * @returns {Condition | undefined}
 */
export function conditionOf(object, type) {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/**
 * @param {KubernetesObject} object
 * @returns {Condition[]}
 */
export function conditionsOf(object) {
  const conditions = object.status?.conditions;
  return Array.isArray(conditions) ? conditions : [];
}

/**
 * @param {KubernetesObject} object
 * @param {KubernetesObject} owner
 */
export function isOwnedBy(object, owner) {
  return (object.metadata.ownerReferences ?? []).some(
    ({ kind, name, uid }) =>
      kind === owner.kind &&
      name === owner.metadata.name &&
      (uid === undefined || owner.metadata.uid === undefined || uid === owner.metadata.uid),
  );
}

/**
 * The objects of a kind that an object owns. A credential that may not list them knows of none.
 * @param {Cluster} cluster
 * @param {KubernetesObject} owner
 * @param {{ apiVersion: string, kind: string }} type
 */
export async function ownedObjects(cluster, owner, type) {
  const query = { ...type, ...besides(owner), ...selecting(owner.spec?.selector) };
  const objects = await cluster.list(query).catch((error) => {
    if (isForbidden(error)) {
      return [];
    }
    throw error;
  });
  return objects.filter((object) => isOwnedBy(object, owner));
}

/** @param {unknown} error */
function isForbidden(error) {
  return error instanceof Error && "code" in error && error.code === 403;
}

/** @param {{ matchLabels?: Record<string, string> } | undefined} selector */
function selecting(selector) {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return labels.length === 0 ? {} : { labelSelector: labels.join(",") };
}
