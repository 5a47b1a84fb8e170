import { setTimeout as sleep } from "node:timers/promises";

/** Gives what `attempt` gives once it succeeds; fails as it fails if that takes too long. */
export async function eventually<T>(attempt: () => Promise<T>, seconds = 10): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(50)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
  }
}
