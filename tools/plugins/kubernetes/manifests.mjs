// @ts-check
import { readFileSync } from "node:fs";
import { UNKNOWN, hasUnknown, referenceTo, reveal, secret } from "../lib/values.mjs";
import { canonicalVersion } from "./cluster.mjs";
import { glob, isPattern } from "./glob.mjs";
import { groupOf, isDefinition, isSecretKind } from "./kinds.mjs";
import { metadataOf, objectName, objectNamespace, withMetadata } from "./metadata.mjs";
import { parseManifests, withDefault } from "./yaml.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("../lib/serve.mjs").Construction} Construction
 * @typedef {import("./provider.mjs").Provider} Provider
 */

const FILE = "kubernetes:yaml/v2:ConfigFile";
const GROUP = "kubernetes:yaml/v2:ConfigGroup";

/**
 * Makes a ConfigFile or ConfigGroup: a component with a resource for every object in manifests.
 * @param {Provider} provider
 * @param {(urn: string, text: string) => void} warn
 * @param {Construction} construction
 * @param {string} version of the plugin
 * @returns {Promise<{ urn: string, state: Properties }>}
 */
export async function constructManifests(provider, warn, { type, name, inputs, monitor, options }, version) {
  if (type !== FILE && type !== GROUP) {
    throw new Error(
      `unknown component type "${type}": the stand-in for the kubernetes plugin does not have it`,
    );
  }
  const component = await monitor.register({ ...options, type, name, custom: false, inputs: {} });
  const { urn } = component;
  if (hasUnknown(reveal({ ...inputs, objs: undefined }))) {
    warn(urn, `${type}:${name} -- Required input properties have unknown values. Preview is incomplete.\n`);
    return { urn, state: { resources: UNKNOWN } };
  }
  const { resourcePrefix = name, skipAwait = false } = reveal({ ...inputs, objs: undefined });
  const objects = await normalizedObjects(provider, await objectsOf(type, inputs));
  const byObject = new Map();
  for (const object of inOrder(objects)) {
    const apiVersion = String(object["apiVersion"]);
    const qualified = [objectNamespace(object), objectName(object)].filter(Boolean).join("/");
    const dependencies = await Promise.all(
      dependenciesOf(object, objects).map(async (each) => (await byObject.get(each))?.urn),
    );
    const registered = monitor.register({
      type: `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${object["kind"]}`,
      name: resourcePrefix === "" ? qualified : `${resourcePrefix}:${qualified}`,
      custom: true,
      parent: urn,
      inputs: asInputs(object, skipAwait === true),
      provider: new Map(options.providers).get("kubernetes") ?? "",
      dependencies: dependencies.filter(Boolean),
      protect: options.protect,
      retainOnDelete: options.retainOnDelete,
      version,
    });
    // A failure is told below; until then nobody waits for it.
    registered.catch(() => {});
    byObject.set(object, registered);
  }
  const state = { resources: (await Promise.all(byObject.values())).map(referenceTo) };
  await monitor.registerOutputs(urn, state);
  return { urn, state };
}

/**
 * @param {string} type
 * @param {Properties} inputs
 * @returns {Promise<Properties[]>}
 */
async function objectsOf(type, inputs) {
  const { file, files = [], yaml = "" } = reveal({ ...inputs, objs: undefined });
  const texts =
    type === FILE
      ? [await textOf(String(file))]
      : await Promise.all([files].flat().flatMap(expanded).map(textOf));
  const objs = /** @type {Properties[]} */ ([inputs["objs"] ?? []].flat());
  return [...[...texts, ...[yaml].flat()].flatMap(parsed), ...objs];
}

/** @param {string} path */
const expanded = (path) => (isPattern(path) && !isUrl(path) ? glob(path) : [path]);

/** @param {string} path */
const isUrl = (path) => /^[a-z][a-z0-9+.-]*:/i.test(path);

/** @param {string} path */
async function textOf(path) {
  if (!isUrl(path)) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      throw new Error(`reading YAML file from disk: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  }
  try {
    return await (await fetch(path)).text();
  } catch (error) {
    throw new Error(`fetching YAML over network: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return parseManifests(text);
  } catch (error) {
    throw new Error(`decoding YAML: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/**
 * @param {Provider} provider
 * @param {Properties[]} objects
 * @returns {Promise<Properties[]>}
 */
async function normalizedObjects(provider, objects) {
  const single = objects.flatMap(withoutLists);
  single.filter((object) => isDefinition(typeOf(object))).forEach((object) => provider.define(object));
  return Promise.all(
    single.map((object) => {
      const { apiVersion, kind } = object;
      if (!apiVersion || !kind) {
        throw new Error(`Kubernetes resources require a kind and apiVersion: \`${abbreviated(object)}\``);
      }
      if (!metadataOf(object).name) {
        throw new Error(`Kubernetes resources require a .metadata.name: \`${abbreviated(object)}\``);
      }
      const canonical = { ...object, apiVersion: canonicalVersion(apiVersion) };
      return withDefault(provider, canonical, provider.namespace);
    }),
  );
}

/**
 * @param {Properties} object
 * @returns {Properties[]}
 */
const withoutLists = (object) =>
  Array.isArray(object["items"]) && String(object["kind"]).endsWith("List")
    ? object["items"].flatMap(withoutLists)
    : [object];

/** @param {Properties} object */
const typeOf = ({ apiVersion = "", kind = "" }) => ({ apiVersion, kind });

/** @param {Properties} object */
function abbreviated(object) {
  const text = JSON.stringify(reveal(object));
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/**
 * @param {Properties[]} objects
 * @returns {Properties[]} each after those that it depends on
 */
function inOrder(objects) {
  /** @type {Set<Properties>} */
  const ordered = new Set();
  /**
   * @param {Properties} object
   * @param {Properties[]} above
   */
  const add = (object, above) => {
    if (above.includes(object)) {
      throw new Error(`cyclic dependency: ${[...above, object].map(referenceOf).join(" -> ")}`);
    }
    dependenciesOf(object, objects).forEach((each) => add(each, [...above, object]));
    ordered.add(object);
  };
  objects.forEach((object) => add(object, []));
  return [...ordered];
}

/**
 * What an object needs among others: its namespace, the definition of its kind, and what it says itself.
 * @param {Properties} object
 * @param {Properties[]} objects
 * @returns {Properties[]}
 */
function dependenciesOf(object, objects) {
  const annotation = metadataOf(object).annotations?.["config.kubernetes.io/depends-on"];
  const explicit = typeof annotation === "string" ? annotation.split(",").map((text) => text.trim()) : [];
  const { apiVersion, kind } = typeOf(object);
  return objects.filter(
    (other) =>
      other !== object &&
      (explicit.includes(referenceOf(other)) ||
        (other["kind"] === "Namespace" &&
          other["apiVersion"] === "v1" &&
          objectName(other) === objectNamespace(object)) ||
        (isDefinition(typeOf(other)) &&
          other["spec"]?.group === groupOf(apiVersion) &&
          other["spec"]?.names?.kind === kind)),
  );
}

/** @param {Properties} object */
function referenceOf(object) {
  const { apiVersion, kind } = typeOf(object);
  const namespace = objectNamespace(object);
  const scope = namespace === "" ? [] : ["namespaces", namespace];
  return [groupOf(apiVersion), ...scope, kind, objectName(object)].join("/");
}

/**
 * @param {Properties} object
 * @param {boolean} skipAwait
 */
function asInputs(object, skipAwait) {
  const annotations = { ...metadataOf(object).annotations, "pulumi.com/skipAwait": "true" };
  const inputs = skipAwait ? withMetadata(object, { annotations }) : object;
  if (!isSecretKind(typeOf(inputs))) {
    return inputs;
  }
  const secrets = ["data", "stringData"].filter((key) => inputs[key] !== undefined);
  return { ...inputs, ...Object.fromEntries(secrets.map((key) => [key, secret(inputs[key])])) };
}
