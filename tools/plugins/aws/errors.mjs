// @ts-check

/** What AWS, or this plugin in its place, answers to a request that it refuses. */
export class AwsError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(code, message, cause) {
    super(`api error ${code}: ${message}`, { cause });
    this.name = "AwsError";
    this.code = code;
  }
}

/**
 * @param {string} service
 * @param {string} operation
 * @param {any} error
 */
export function fromSdk(service, operation, error) {
  const code = error.Code ?? error.name ?? "Error";
  const failed = new AwsError(code, error.message, error);
  failed.message = `operation error ${service}: ${operation}, ${failed.message}`;
  return failed;
}

const NOT_FOUND = /NotFound(Fault|Exception)?$/;

/** @param {unknown} error */
export const isNotFound = (error) => error instanceof AwsError && NOT_FOUND.test(error.code);

/**
 * @template Result
 * @param {Promise<Result>} asked
 * @returns {Promise<Result | undefined>} nothing if AWS does not have what was asked for
 */
export async function orNothing(asked) {
  try {
    return await asked;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Says what was being done when it failed.
 * @template Result
 * @param {string} doing
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function explained(doing, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) {
      error.message = `${doing}: ${error.message}`;
    }
    throw error;
  }
}
