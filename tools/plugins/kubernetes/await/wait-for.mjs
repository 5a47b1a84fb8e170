// @ts-check
import { condition } from "./awaiter.mjs";
import { parsePath } from "./json-path.mjs";
import { conditionsOf } from "./object.mjs";

/**
 * @typedef {import("./object.mjs").KubernetesObject} KubernetesObject
 * @typedef {(live: KubernetesObject) => { met: boolean, status: string, failed?: string }} Criterion
 */

/**
 * What the annotation `pulumi.com/waitFor` asks for: one criterion or a JSON array of them.
 * @param {string} annotation
 */
export function waitFor(annotation) {
  const criteria = expressionsOf(annotation).map(criterion);
  return condition(() => (live) => {
    const status = [];
    for (const check of criteria) {
      const { met, ...told } = check(live);
      status.push(told.status);
      if (!met) {
        return { ready: false, ...told, status, reasons: [] };
      }
    }
    return { ready: true, status, reasons: [] };
  });
}

/**
 * @param {string} annotation
 * @returns {string[]}
 */
function expressionsOf(annotation) {
  const expressions = parsed(annotation);
  if (!Array.isArray(expressions) || !expressions.every((item) => typeof item === "string")) {
    return [annotation];
  }
  if (expressions.length === 0) {
    throw new Error("at least one condition must be specified");
  }
  return expressions;
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} expression
 * @returns {Criterion}
 */
function criterion(expression) {
  const [, form, rest = ""] = /^(jsonpath|condition)=(.*)$/s.exec(expression) ?? [];
  if (form === undefined) {
    throw new Error(`expected a "jsonpath=" or "condition=" prefix, got ${JSON.stringify(expression)}`);
  }
  return form === "jsonpath" ? atPath(rest) : ofType(rest);
}

/**
 * @param {string} expression
 * @returns {Criterion}
 */
function atPath(expression) {
  const { path, value, select } = parsePath(expression);
  const target = value === undefined ? path : `${path}=${value}`;
  return (live) => {
    const [found] = select(live);
    if (found === undefined) {
      return { met: false, status: `${path} selected nothing` };
    }
    if (found !== null && typeof found === "object" && value !== undefined) {
      const failed = `"${path}" has a non-primitive value (${JSON.stringify(found)})`;
      return { met: false, status: failed, failed };
    }
    return value === undefined || String(found) === value
      ? { met: true, status: `Found ${target}` }
      : { met: false, status: `Waiting for ${target} (found "${found}")` };
  };
}

/**
 * @param {string} expression
 * @returns {Criterion}
 */
function ofType(expression) {
  const [, type = "", wanted = "True"] = /^([^=]*)(?:=(.*))?$/s.exec(expression) ?? [];
  return (live) => {
    if (live.status?.conditions === undefined) {
      return { met: false, status: "Has no .status.conditions" };
    }
    const found = conditionsOf(live).find((condition) => alike(condition.type, type));
    if (found === undefined) {
      return { met: false, status: `Waiting for condition ${type}=${wanted}` };
    }
    const { generation = 0 } = live.metadata;
    const observed = found.observedGeneration ?? live.status.observedGeneration ?? generation;
    if (observed < generation) {
      return { met: false, status: `Generation ${observed} is less than expected ${generation}` };
    }
    return alike(found.status, wanted)
      ? { met: true, status: `Found condition ${type}=${wanted}` }
      : { met: false, status: `Resource has condition ${type}=${found.status} (want ${wanted})` };
  };
}

/**
 * @param {string} one
 * @param {string} other
 */
const alike = (one, other) => one.toLowerCase() === other.toLowerCase();
