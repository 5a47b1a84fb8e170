// @ts-check
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * What the SDK knows of a resource type.
 * @typedef {object} Schema
 * @property {string} token
 * @property {readonly string[]} inputs
 * @property {readonly string[]} outputs that are not inputs
 * @property {readonly string[]} required
 * @property {readonly string[]} secrets
 * @property {boolean} isRegional
 */

/** @type {Map<string, Schema | undefined>} */
const schemas = new Map();

/**
 * The plugin's schema cannot be had without the plugin, but the SDK has been generated from it.
 * @param {string} token such as `aws:rds/cluster:Cluster`
 * @returns {Schema | undefined} nothing if the SDK has no such resource type
 */
export function schemaOf(token) {
  if (!schemas.has(token)) {
    schemas.set(token, read(token));
  }
  return schemas.get(token);
}

/** @param {string} token */
function read(token) {
  const path = /^aws:([\w/]+):\w+$/.exec(token)?.[1];
  const source = path === undefined ? undefined : sourceOf(path);
  if (source === undefined || !source.includes(`__pulumiType = '${token}'`)) {
    return undefined;
  }
  const body = source.slice(source.lastIndexOf("const args = argsOrState;"));
  const assigned = all(body, /resourceInputs\["(\w+)"\] = /g);
  const outputs = new Set(all(body, /resourceInputs\["(\w+)"\] = undefined/g));
  const inputs = assigned.filter((name) => !outputs.has(name));
  return {
    token,
    inputs,
    outputs: [...outputs],
    required: all(source, /Missing required property '(\w+)'/g),
    secrets: all(/additionalSecretOutputs: \[(.*?)\]/.exec(source)?.[1] ?? "", /"(\w+)"/g),
    isRegional: inputs.includes("region"),
  };
}

/** @param {string} path */
function sourceOf(path) {
  try {
    return readFileSync(require.resolve(`@pulumi/aws/${path}.js`), "utf8");
  } catch {
    return undefined;
  }
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name);
