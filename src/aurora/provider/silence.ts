/** What Node calls a connection that does not come about or ends, and AWS's SDK an answer that does not come. */
const silences = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "TimeoutError",
]);

/** Whether a request had no answer, in contrast to a refusal. */
export function isSilence(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const { name, cause, code = "" } = error as Error & { code?: string };
  const parts = error instanceof AggregateError ? error.errors : [cause];
  return silences.has(name) || silences.has(code) || parts.some(isSilence);
}
