// @ts-check
import { UNKNOWN, hasUnknown } from "../lib/values.mjs";
import { isDefinition } from "./kinds.mjs";
import { metadataOf, objectNamespace, withMetadata } from "./metadata.mjs";
import { withFormerName, withNewName } from "./naming.mjs";
import { normalized } from "./normalize.mjs";
import { marked } from "./secrets.mjs";
import { asObject } from "./state.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./provider.mjs").Provider} Provider
 * @typedef {import("./type-token.mjs").ResourceToken} ResourceToken
 * @typedef {Parameters<import("../lib/serve.mjs").ResourceType["check"]>[0]} CheckRequest
 */

/**
 * @param {Provider} provider
 * @param {ResourceToken} type
 * @param {CheckRequest} request
 * @returns {Promise<Properties>} the inputs with their defaults
 */
export async function checkedInputs(provider, type, request) {
  if (type.isList) {
    throw new Error(
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. " +
        "Use the underlying resource type instead",
    );
  }
  const given = normalized(asObject(request.news));
  if (type.isPatch && !metadataOf(given).name) {
    throw new Error("patch resources require the `.metadata.name` field to be set");
  }
  const olds = asObject(request.olds);
  const named = Object.keys(olds).length > 0 ? withFormerName(given, olds) : withNewName(given, request);
  if (!metadataOf(named).name && metadataOf(named).generateName) {
    throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  }
  const inputs = await withNamespace(provider, type, named);
  if (isDefinition(type) && !hasUnknown(inputs)) {
    provider.define(inputs);
  }
  return marked(inputs, request.news);
}

/**
 * The default namespace takes the place of one that is missing, and of one that is not known yet.
 * @param {Provider} provider
 * @param {ResourceToken} type
 * @param {Properties} object
 */
async function withNamespace(provider, type, object) {
  if (
    object["metadata"] === UNKNOWN ||
    objectNamespace(object) !== "" ||
    provider.namespace === "" ||
    !(await provider.isNamespaced(type))
  ) {
    return object;
  }
  return withMetadata(object, { namespace: provider.namespace });
}
