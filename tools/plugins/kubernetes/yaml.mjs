// @ts-check
import { parseAllDocuments } from "yaml";
import { metadataOf, withMetadata } from "./metadata.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./provider.mjs").Provider} Provider
 */

/**
 * The documents of a text, in the dialect that Kubernetes reads: YAML 1.1, but without its times and its
 * numbers in base 60.
 * @param {string} text
 * @returns {Properties[]} those that say anything
 */
export function parseManifests(text) {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isTime(tag)),
  });
  return [...documents]
    .map((document) => {
      const [error] = document.errors ?? [];
      if (error !== undefined) {
        throw new Error(`error converting YAML to JSON: yaml: ${error.message}`, { cause: error });
      }
      return document.toJS();
    })
    .filter((value) => value !== null && typeof value === "object" && Object.keys(value).length > 0);
}

/** @param {{ tag?: string, format?: string }} tag */
const isTime = ({ tag, format }) => tag === "tag:yaml.org,2002:timestamp" || format === "TIME";

/**
 * The function behind ConfigFile and ConfigGroup.
 * @param {Provider} provider
 * @param {Properties} args
 * @returns {Promise<Properties>}
 */
export async function decodeYaml(provider, { text, defaultNamespace }) {
  if (typeof text !== "string") {
    throw new Error("missing required field 'text' of type string");
  }
  const objects = parseManifests(text).filter(({ apiVersion, kind }) => apiVersion && kind);
  return {
    result: await Promise.all(objects.map((object) => withDefault(provider, object, defaultNamespace))),
  };
}

/**
 * @param {Provider} provider
 * @param {Properties} object
 * @param {string | undefined} namespace
 */
export async function withDefault(provider, object, namespace) {
  const { apiVersion, kind } = object;
  const has = !namespace || metadataOf(object).namespace;
  return has || !(await provider.isNamespaced({ apiVersion, kind }))
    ? object
    : withMetadata(object, { namespace });
}
