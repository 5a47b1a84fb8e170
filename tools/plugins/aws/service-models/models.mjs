// @ts-check
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/**
 * A shape of a service model: https://smithy.io/2.0/spec/constraint-traits.html has what it may ask for.
 * @typedef {object} Shape
 * @property {string} type
 * @property {string[]} [required]
 * @property {Record<string, { shape: string }>} [members] of a structure
 * @property {{ shape: string }} [member] of a list
 * @property {{ shape: string }} [key] of a map
 * @property {{ shape: string }} [value] of a map
 * @property {string[]} [enum]
 * @property {string} [pattern]
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [sensitive]
 *
 * @typedef {object} Model
 * @property {Record<string, { input?: { shape: string } }>} operations
 * @property {Record<string, Shape>} shapes
 */

/** The folder with the service models of botocore, which MiniStack depends on. */
const FOLDER_VARIABLE = "AWS_SERVICE_MODELS";

/** @type {Map<string, Model>} */
const models = new Map();

/**
 * AWS's own description of a service's API, as botocore (PyPI) has it.
 * @param {string} service such as `rds`
 * @returns {Model}
 */
export function modelOf(service) {
  const known = models.get(service);
  if (known !== undefined) {
    return known;
  }
  const model = read(service);
  models.set(service, model);
  return model;
}

/**
 * @param {string} service
 * @param {string} operation
 * @returns {string} the name of the shape of its input
 */
export function inputOf(service, operation) {
  const shape = modelOf(service).operations[operation]?.input?.shape;
  if (shape === undefined) {
    throw new Error(`AWS's service model of ${service} has no operation ${operation}`);
  }
  return shape;
}

/** @param {string} service */
function read(service) {
  const folder = process.env[FOLDER_VARIABLE];
  if (!folder || !existsSync(folder)) {
    throw new Error(
      `AWS's service models are missing: ${FOLDER_VARIABLE} must be the folder botocore/data of the Python package ` +
        `botocore, not ${JSON.stringify(folder ?? "")}. tools/with-ministack.mjs sets it`,
    );
  }
  const newest = readdirSync(join(folder, service)).sort().at(-1) ?? "";
  const file = join(folder, service, newest, "service-2.json");
  const text = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));
  return JSON.parse(text.toString("utf8"));
}
