// @ts-check

/**
 * @typedef {{ reason?: string, message?: string, field?: string }} Cause
 * @typedef {{ code?: number, reason?: string, message?: string,
 *   details?: { kind?: string, causes?: Cause[] } }} Status what an API server says of a failure
 */

/** An API server refused a request. */
export class ApiError extends Error {
  /**
   * @param {number} code the status of the HTTP response
   * @param {Status} status
   */
  constructor(code, status) {
    super(status.message ?? `the server responded with the status code ${code}`);
    this.name = "ApiError";
    this.code = code;
    this.reason = status.reason ?? "";
    this.kind = status.details?.kind;
    this.causes = status.details?.causes ?? [];
  }
}

/** An API server does not serve a kind: most often its CustomResourceDefinition is not there (yet). */
export class NoMatch extends Error {
  /** @param {{ apiVersion: string, kind: string }} type */
  constructor({ apiVersion, kind }) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
    this.name = "NoMatch";
  }
}

/** @param {unknown} error */
export const isNotFound = (error) => error instanceof ApiError && error.code === 404;

/** @param {unknown} error */
export const isNamespaceNotFound = (error) =>
  error instanceof ApiError && error.code === 404 && error.kind === "namespaces";

/** @param {unknown} error */
export const isForbidden = (error) => error instanceof ApiError && error.reason === "Forbidden";

/** @param {unknown} error */
export const isAlreadyExists = (error) => error instanceof ApiError && error.reason === "AlreadyExists";

/** @param {unknown} error */
export const isConflict = (error) => error instanceof ApiError && error.reason === "Conflict";

/** @param {unknown} error */
export const isInvalid = (error) => error instanceof ApiError && error.reason === "Invalid";

/** @param {unknown} error */
export const isImmutable = (error) =>
  error instanceof ApiError && isInvalid(error) && error.message.includes("field is immutable");

/** @param {unknown} error */
export const isDryRunUnsupported = (error) =>
  error instanceof ApiError && error.code === 400 && error.message.includes("does not support dry run");
