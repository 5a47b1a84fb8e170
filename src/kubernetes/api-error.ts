import { TransientError } from "./transient";

/** The answers of a server, or of what stands in front of it, that is busy or unwell. */
const passingCodes = [408, 429, 500, 502, 503, 504];

/** How a connection fails that may be made a moment later. */
const networkCodes = [
  ...["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"],
  ...["ERR_STREAM_PREMATURE_CLOSE", "ABORT_ERR"],
];

/** An error of a request to a region's API server: it names the region, and tells whether it may pass. */
export function apiError(region: string, error: unknown): Error {
  const { code, headers = {} } = error as { code?: unknown; headers?: Readonly<Record<string, string>> };
  const message = `${region}: ${reasonOf(error)}`;
  if (typeof code === "number") {
    const wait = Number(headers["retry-after"] ?? 0);
    return passingCodes.includes(code)
      ? new TransientError(message, false, Number.isFinite(wait) ? wait : 0, { cause: error })
      : new Error(message, { cause: error });
  }
  return isNetworkError(error)
    ? new TransientError(message, true, 0, { cause: error })
    : new Error(message, { cause: error });
}

/** Whether no server answered: the connection could not be made, broke, or stayed silent. */
function isNetworkError(error: unknown): boolean {
  const { code, name, cause, type } = error as {
    code?: unknown;
    name?: unknown;
    cause?: unknown;
    type?: unknown;
  };
  return (
    name === "AbortError" ||
    name === "TimeoutError" ||
    type === "aborted" ||
    networkCodes.includes(String(code)) ||
    (cause !== undefined && cause !== null && isNetworkError(cause))
  );
}

/** The API server's own words, where it has some. */
function reasonOf(error: unknown): string {
  const { body, message, code } = error as { body?: unknown; message?: string; code?: unknown };
  const status = typeof body === "string" ? parsed(body) : body;
  const told = (status as { message?: unknown } | null | undefined)?.message;
  if (typeof told === "string") {
    return told;
  }
  return typeof code === "number"
    ? `its Kubernetes API answers with status ${code}`
    : `its Kubernetes API cannot be asked: ${message ?? String(error)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
