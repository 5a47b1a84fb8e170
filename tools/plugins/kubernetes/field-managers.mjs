// @ts-check
import { randomBytes } from "node:crypto";
import { annotationOf } from "./metadata.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 * @typedef {{ manager: string, operation: string, apiVersion: string, subresource?: string,
 *   fieldsType: string, fieldsV1: Properties, time?: string }} ManagedFields
 */

/** What the provider's own names begin with: those that it generates and those it had before Server-Side Apply. */
const OWN_PREFIXES = ["pulumi-kubernetes", "pulumi-resource-kubernetes"];

/**
 * @param {string} manager
 * @param {string[]} prefixes
 */
const startsWithAny = (manager, prefixes) => prefixes.some((prefix) => manager.startsWith(prefix));

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
 * Whether fields were written by this provider, but not with Server-Side Apply: when the object was created.
 * @param {KubernetesObject} live
 * @param {string} fieldManager
 */
export const hasUnappliedFields = (live, fieldManager) =>
  managedFieldsOf(live).some(
    ({ manager, operation, subresource }) =>
      operation === "Update" && !subresource && startsWithAny(manager, [fieldManager, ...OWN_PREFIXES]),
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
  const taken = entries.filter((entry) => !isOwn(entry) && isTakenFrom(entry, fieldManager));
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

/**
 * @param {ManagedFields} entry
 * @param {string} fieldManager
 */
function isTakenFrom({ manager, operation, subresource }, fieldManager) {
  if (subresource) {
    return false;
  }
  const prefixes = operation === "Apply" ? [] : [fieldManager, ...OWN_PREFIXES, "before-first-apply"];
  return startsWithAny(manager, ["kubectl", ...prefixes]);
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
