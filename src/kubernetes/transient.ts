import { setTimeout as sleep } from "node:timers/promises";

/** Time: replaced in tests. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const clock: Clock = { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) };

/** A failure that may pass without anybody's help: a server is busy, restarts, or does not answer. */
export class TransientError extends Error {
  /** @param isNetwork Whether nothing was heard of the server: only then may it be gone. */
  constructor(
    message: string,
    readonly isNetwork: boolean,
    /** How long the server asks to be left alone. */
    readonly waitSeconds = 0,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 2_000;

/** Attempts until one succeeds: again after a failure that may pass, while there is time. */
export async function retry<T>(
  seconds: number,
  attempt: (isFirst: boolean) => Promise<T>,
  time: Clock = clock,
): Promise<T> {
  const end = time.now() + seconds * 1000;
  for (let pause = firstPauseMilliseconds, isFirst = true; ; isFirst = false) {
    try {
      return await attempt(isFirst);
    } catch (error) {
      const left = end - time.now();
      const wanted = error instanceof TransientError ? Math.max(pause, error.waitSeconds * 1000) : Infinity;
      if (left <= 0 || wanted === Infinity) {
        throw error;
      }
      await time.sleep(Math.min(wanted, left));
      pause = Math.min(2 * pause, longestPauseMilliseconds);
    }
  }
}
