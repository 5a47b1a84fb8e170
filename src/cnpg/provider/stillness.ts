const firstMilliseconds = 400;

/**
 * Tells whether something has stayed at one version for a while, and each time for twice as long as the time before: an
 * operator that takes long for a step never finishes it on what somebody else changes meanwhile.
 */
export function stillness(now: () => number = Date.now): (version: string) => boolean {
  let [last, since, milliseconds] = ["", now(), firstMilliseconds];
  return (version) => {
    if (version !== last) {
      [last, since] = [version, now()];
    }
    if (now() - since <= milliseconds) {
      return false;
    }
    milliseconds *= 2;
    return true;
  };
}
