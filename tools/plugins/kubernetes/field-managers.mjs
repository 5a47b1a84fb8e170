// @ts-check
import { randomBytes } from "node:crypto";
import { annotationOf } from "./metadata.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 * @typedef {{ manager: string, operation: string, apiVersion: string, subresource?: string,
 *   fieldsType: string, fieldsV1: Properties, time?: string }} ManagedFields
 */

/** The manager of what the provider creates by a POST. */
export const CREATING_MANAGER = "pulumi-kubernetes";

/** The managers, by their exact names, whose fields the provider counts as created by itself. */
const CREATING_MANAGERS = [CREATING_MANAGER, "pulumi-kubernetes.exe", "pulumi-resource-kubernetes"];

/**
 * The name under which a resource is managed: that of its annotation, or the one it always had, or a new one.
 * @param {Properties} inputs
 * @param {string} [former]
 * @returns {string}
 */
export function fieldManagerOf(inputs, former) {
  const wanted = annotationOf(inputs, "patchFieldManager");
  return wanted || former || `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

/**
 * @param {KubernetesObject} object
 * @returns {ManagedFields[]}
 */
const managedFieldsOf = ({ metadata }) => /** @type {Properties} */ (metadata)["managedFields"] ?? [];

/**
 * Whether the provider created fields of an object and no update has handed them to the applying manager since.
 * @param {KubernetesObject} live
 */
export const hasCreatedFields = (live) =>
  managedFieldsOf(live).some(
    ({ manager, operation }) => operation === "Update" && CREATING_MANAGERS.includes(manager),
  );

/**
 * Hands the fields that were created by the provider or applied by kubectl over to the manager that applies
 * from now on: only then does it own them alone, and can remove them again.
 * @param {KubernetesObject} live
 * @param {string} fieldManager
 * @returns {object[] | undefined} a JSON patch, if there is anything to hand over
 */
export function takingOver(live, fieldManager) {
  const entries = managedFieldsOf(live);
  const isOwn = (/** @type {ManagedFields} */ { manager, operation, subresource }) =>
    manager === fieldManager && operation === "Apply" && !subresource;
  const taken = entries.filter((entry) => !isOwn(entry) && isTakenOver(entry));
  const [first] = taken;
  if (first === undefined) {
    return undefined;
  }
  const own = entries.find(isOwn);
  const fieldsV1 = [...taken, ...(own ? [own] : [])]
    .map((entry) => entry.fieldsV1)
    .reduce((one, other) => united(one, other), {});
  const applied = { ...(own ?? first), manager: fieldManager, operation: "Apply", fieldsV1 };
  const rest = entries.filter((entry) => entry !== own && !taken.includes(entry));
  return [
    { op: "replace", path: "/metadata/managedFields", value: [applied, ...rest] },
    { op: "replace", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion },
  ];
}

/** @param {ManagedFields} entry */
function isTakenOver({ manager, operation, subresource }) {
  if (subresource) {
    return false;
  }
  return (
    manager.startsWith("kubectl") ||
    (operation === "Update" && (manager === "before-first-apply" || CREATING_MANAGERS.includes(manager)))
  );
}

/**
 * @param {Properties} one
 * @param {Properties} other
 * @returns {Properties}
 */
function united(one, other) {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, united(one[key] ?? {}, other[key] ?? {})]));
}

/**
 * @param {KubernetesObject} live
 * @param {string} fieldManager
 * @param {string[]} path
 * @returns {{ own: boolean, others: boolean }} who manages what is at a path
 */
export function managersOf(live, fieldManager, path) {
  const managing = managedFieldsOf(live).filter(({ fieldsV1 }) =>
    path.reduce((/** @type {Properties | undefined} */ fields, key) => fields?.[`f:${key}`], fieldsV1),
  );
  return {
    own: managing.some(({ manager }) => manager === fieldManager),
    others: managing.some(({ manager }) => manager !== fieldManager),
  };
}
