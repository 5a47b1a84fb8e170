// @ts-check

/** @typedef {(string | number)[]} Path */

/**
 * @param {string} text such as `spec.ports[0]["a.b"]`
 * @returns {Path}
 */
export function parsePath(text) {
  const parts = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, name]) => {
    if (quoted !== undefined) {
      return quoted.replace(/\\(.)/g, "$1");
    }
    return index === undefined ? (name ?? "") : index === "*" ? "*" : Number(index);
  });
}

/**
 * @param {Path} path
 * @returns {string}
 */
export function formatPath(path) {
  return path.reduce((/** @type {string} */ text, part) => {
    if (typeof part === "number") {
      return `${text}[${part}]`;
    }
    if (/[."[\]]/.test(part)) {
      return `${text}["${part.replaceAll('"', '\\"')}"]`;
    }
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/**
 * @param {Path} pattern which may have `*` for anything
 * @param {Path} path
 */
export const contains = (pattern, path) =>
  pattern.length <= path.length && pattern.every((part, index) => part === "*" || part === path[index]);
