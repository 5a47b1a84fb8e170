// @ts-check
import { hasUnknown } from "../lib/values.mjs";
import { isDefinition, isSecretKind } from "./kinds.mjs";
import { withMetadata, without } from "./metadata.mjs";

/** @typedef {import("../lib/values.mjs").Properties} Properties */

/** What only the API server sets. */
const READ_ONLY = {
  creationTimestamp: undefined,
  deletionGracePeriodSeconds: undefined,
  deletionTimestamp: undefined,
  generation: undefined,
  managedFields: undefined,
  resourceVersion: undefined,
  uid: undefined,
};

/**
 * Inputs in the form that the API server gives them, so that the same meaning is no difference.
 * @param {Properties} object
 * @returns {Properties}
 */
export function normalized(object) {
  const inputs = hasUnknown(object) ? object : normalizedKind(object);
  return typeof inputs["metadata"] === "object" ? withMetadata(inputs, READ_ONLY) : inputs;
}

/**
 * @param {Properties} object
 * @returns {Properties}
 */
function normalizedKind(object) {
  const type = { apiVersion: object["apiVersion"] ?? "", kind: object["kind"] ?? "" };
  if (isSecretKind(type)) {
    return normalizedSecret(object);
  }
  return isDefinition(type) ? normalizedDefinition(object) : object;
}

/** @param {Properties} object */
function normalizedSecret({ stringData, data, ...rest }) {
  const texts = Object.entries(stringData ?? {}).map(([key, text]) => [key, base64(String(text))]);
  if (texts.length > 0) {
    return { ...rest, data: { ...data, ...Object.fromEntries(texts) } };
  }
  const again = Object.entries(data ?? {}).map(([key, value]) => [key, encodedAgain(value)]);
  return {
    ...rest,
    ...(data === undefined ? {} : { data: Object.fromEntries(again) }),
    ...(stringData === undefined ? {} : { stringData }),
  };
}

/** @param {unknown} value */
function encodedAgain(value) {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) {
    return value;
  }
  return Buffer.from(value, "base64").toString("base64");
}

/** @param {string} text */
const base64 = (text) => Buffer.from(text, "utf8").toString("base64");

/** @param {Properties} object */
function normalizedDefinition(object) {
  const { spec, ...rest } = without(object, "status");
  return {
    ...rest,
    spec: spec?.preserveUnknownFields === false ? without(spec, "preserveUnknownFields") : spec,
  };
}
