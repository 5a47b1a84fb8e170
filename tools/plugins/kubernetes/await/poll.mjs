// @ts-check

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 1000;
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Repeats an attempt until it yields something, the time is up or the signal is raised; the latter two end it
 * at once, even in the middle of an attempt.
 * @template T
 * @param {() => Promise<T | undefined>} attempt
 * @param {{ seconds: number, signal: AbortSignal | undefined }} limits
 * @returns {Promise<{ ended: "yielded", value: T } | { ended: "timeout" } | { ended: "cancelled" }>}
 */
export async function poll(attempt, { seconds, signal }) {
  const stops = /** @type {(() => void)[]} */ ([]);
  try {
    const stopped = Promise.race([
      timer(seconds * 1000, stops).then(() => /** @type {const} */ ({ ended: "timeout" })),
      raised(signal, stops).then(() => /** @type {const} */ ({ ended: "cancelled" })),
    ]);
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.3, LONGEST_PAUSE)) {
      const attempted = attempt().then(
        (value) => value !== undefined && { ended: /** @type {const} */ ("yielded"), value },
      );
      const end =
        (await Promise.race([attempted, stopped])) ||
        (await Promise.race([timer(pause, stops).then(() => undefined), stopped]));
      if (end) {
        return end;
      }
    }
  } finally {
    stops.forEach((stop) => stop());
  }
}

/**
 * @param {number} milliseconds
 * @param {(() => void)[]} stops
 * @returns {Promise<void>}
 */
function timer(milliseconds, stops) {
  return new Promise((resolve) => {
    const timeout = setTimeout(resolve, Math.min(milliseconds, LONGEST_TIMER));
    stops.push(() => clearTimeout(timeout));
  });
}

/**
 * @param {AbortSignal | undefined} signal
 * @param {(() => void)[]} stops
 * @returns {Promise<void>}
 */
function raised(signal, stops) {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
    }
    const listener = () => resolve();
    signal?.addEventListener("abort", listener);
    stops.push(() => signal?.removeEventListener("abort", listener));
  });
}
