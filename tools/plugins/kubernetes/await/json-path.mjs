// @ts-check
import { JSONPath } from "jsonpath-plus";
/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

const STRING_OR_CHARACTER = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^]/g;

/**
 * A path in braces as `kubectl get -o jsonpath=` takes it, and the value it must have, if any.
 * @param {string} expression
 * @returns {{ path: string, value: string | undefined, select: (object: KubernetesObject) => unknown[] }}
 */
export function parsePath(expression) {
  const [path = "", value, ...rest] = partsOf(expression);
  if (rest.length > 0) {
    throw new Error(`format should be {.path}=value or {.path}, got ${JSON.stringify(expression)}`);
  }
  if (value === "") {
    throw new Error(`${path}= requires a value`);
  }
  if (path.startsWith("'") && path.endsWith("'")) {
    throw new Error(`${path} should omit shell quotes`);
  }
  if (value?.startsWith("{")) {
    throw new Error(
      `${path}=${value} compares against another JSONPath, which is not supported; the value must be a literal`,
    );
  }
  if (!path.startsWith("{") || !path.endsWith("}")) {
    throw new Error(`${path} should be wrapped in brackets { ... }`);
  }
  const translated = translate(path.slice(1, -1).trim());
  return { path, value, select: (object) => JSONPath({ path: translated, json: object, eval: "safe" }) };
}

/**
 * Splits at the equals signs outside of braces.
 * @param {string} expression
 */
function partsOf(expression) {
  const parts = [""];
  let depth = 0;
  for (const [token] of expression.matchAll(STRING_OR_CHARACTER)) {
    depth += token === "{" ? 1 : token === "}" ? -1 : 0;
    if (token === "=" && depth === 0) {
      parts.push("");
    } else {
      parts.push(parts.pop() + token);
    }
  }
  return parts;
}

/**
 * The library wants the root written out, filters in parentheses and keys with dots in brackets.
 * @param {string} path
 */
function translate(path) {
  const inner = path
    .replace(/\.((?:[^.[\]\\]|\\.)*\\\.(?:[^.[\]\\]|\\.)*)/g, (_, key) => `['${key.replaceAll("\\", "")}']`)
    .replace(/\[\?(?!\()([^\]]+)\]/g, "[?($1)]");
  return inner.startsWith("$") ? inner : `$${inner}`;
}
