// @ts-check
import { canonicalVersion } from "./cluster.mjs";
import { isBuiltIn } from "./kinds.mjs";

/**
 * @typedef {import("./cluster.mjs").Type} Type
 * @typedef {Type & { isPatch: boolean, isList: boolean }} ResourceToken
 */

/**
 * @param {string} token of a resource type, such as `kubernetes:apps/v1:Deployment`
 * @returns {ResourceToken | undefined} nothing for what is not an object in a
 *   cluster
 */
export function parseToken(token) {
  const [, apiVersion = "", name = ""] = token.split(":");
  if (!/^[^/]+\/v[^/]+$/.test(apiVersion) || /^(helm\.sh|yaml|kustomize)\//.test(apiVersion)) {
    return undefined;
  }
  const isPatch = name.endsWith("Patch");
  return {
    apiVersion: canonicalVersion(apiVersion),
    kind: isPatch ? name.slice(0, -"Patch".length) : name,
    isPatch,
    isList: isBuiltIn(apiVersion) && name.endsWith("List"),
  };
}

/** @param {string} urn */
export const tokenOf = (urn) => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** @param {string} urn */
export const nameOf = (urn) => urn.split("::").slice(3).join("::");
