import { setTimeout as sleep } from "node:timers/promises";

/** Time, and how progress is told: replaced in tests. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  log(message: string): void;
}

export const clock: Clock = {
  now: Date.now,
  sleep: (milliseconds) => sleep(milliseconds),
  log: (message) => console.log(message),
};

const pollMilliseconds = 3_000;
const reminderMilliseconds = 60_000;

/**
 * Looks until nothing is awaited any more, and says what is whenever that changes, and once a minute.
 *
 * @param awaited What is still awaited; empty where nothing is.
 * @param otherwise What has not come about if time runs out.
 */
export async function waitUntil<Seen>(
  time: Clock,
  seconds: number,
  otherwise: string,
  look: () => Promise<Seen>,
  awaited: (seen: Seen) => readonly string[],
): Promise<Seen> {
  const start = time.now();
  let [told, toldAt] = ["", start];
  for (;;) {
    const seen = await look();
    const missing = awaited(seen).join("; ");
    if (missing === "") {
      return seen;
    }
    const waited = Math.round((time.now() - start) / 1000);
    if (time.now() - start > seconds * 1000) {
      throw new Error(`${otherwise} within ${seconds} s: ${missing}. Run pulumi up again to go on`);
    }
    if (missing !== told || time.now() - toldAt >= reminderMilliseconds) {
      time.log(`${waited} s: ${missing}`);
      [told, toldAt] = [missing, time.now()];
    }
    await time.sleep(pollMilliseconds);
  }
}
