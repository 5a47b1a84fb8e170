import { X509Certificate } from "node:crypto";

/** How many bytes a size in postgresql.conf is, such as `256MB`, read as the operator does: megabytes by default. */
export function sizeOf(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : value;
  const [, number, unit = "MB"] =
    (isText(text) && /^(\d+(?:\.\d+)?(?= *[kMGT]B$)|\d+)(?: *([kMGT]?B))?$/.exec(text)) || [];
  return number === undefined
    ? undefined
    : Number(number) * 1024 ** ["B", "kB", "MB", "GB", "TB"].indexOf(unit);
}

/**
 * The major version of PostgreSQL that the tag of an image says, read as the operator does, or undefined: without
 * one it cannot tell what it runs. A tag may be a date or `latest`, which are no versions.
 */
export function majorOf(image: unknown): number | undefined {
  const name = isText(image) && /^[\w./:@-]+$/.test(image) ? image.replace(/@sha256:[a-fA-F0-9]+$/, "") : "";
  const [, major] = /(?:^|\/)[^/:]+:(\d+)(?:\.\d|(?![\d.]))[^/:]*$/.exec(name) ?? [];
  return major !== undefined && Number(major) >= 13 && Number(major) <= 99 ? Number(major) : undefined;
}

/** A certificate, PEM. Where others follow it, they are taken as they are. */
export function isCertificate(value: unknown): value is string {
  try {
    return isText(value, Infinity) && new X509Certificate(value).subject !== "";
  } catch {
    return false;
  }
}

function isText(value: unknown, most = 1000): value is string {
  return typeof value === "string" && value.length <= most;
}
