// @ts-check
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** @param {string} pattern */
export const isPattern = (pattern) => /(?:^|[^\\])[*?[]/.test(pattern);

/**
 * The paths that match a pattern whose wildcards stay within a name: Node.js 20 has no glob of its own.
 * @param {string} pattern
 * @returns {string[]}
 */
export function glob(pattern) {
  const segments = pattern.split("/");
  const start = pattern.startsWith("/") ? ["/"] : [""];
  return segments
    .filter(Boolean)
    .reduce((paths, segment) => {
      if (!isPattern(segment)) {
        return paths.map((path) => join(path, segment));
      }
      const expression = matching(segment);
      return paths.flatMap((path) =>
        namesIn(path)
          .filter((name) => expression.test(name))
          .map((name) => join(path, name)),
      );
    }, start)
    .sort();
}

/** @param {string} segment */
function matching(segment) {
  const source = segment.replace(/\\(.)|\[[^\]]*\]|[*?]|[.+^${}()|\]\\]/g, (part) => {
    switch (part[0]) {
      case "*":
        return ".*";
      case "?":
        return ".";
      case "[":
        return part;
      default:
        return part.length > 1 ? part : `\\${part}`;
    }
  });
  return new RegExp(`^${source}$`, "s");
}

/** @param {string} path */
function namesIn(path) {
  try {
    return readdirSync(path || ".");
  } catch {
    return [];
  }
}
