import type { Done, RolloutInputs } from "./inputs";
import type { LiveDeployment } from "./live";
import { putBackAnnotation } from "./release";

/**
 * The regions that get an earlier release back when one does not come up, and which: that region itself, and where a
 * new version is to blame also those that have it already.
 *
 * @param last What the region ran well until now; undefined where it is new.
 */
export function releasesToPutBack(inputs: RolloutInputs, last: Done | undefined): Record<string, string> {
  const { region, release, version, regions, finished } = inputs;
  if (last === undefined || last.release === release) {
    return {};
  }
  const others = last.version === version ? [] : Object.entries(finished);
  const releases = others
    .filter(([name, done]) => done.version === version && done.before !== "" && !regions[name]!.isLost)
    .map(([name, { before }]) => [name, before] as const);
  return Object.fromEntries([...releases, [region, last.release]]);
}

/** The release of the version before, as what comes up is remembered by. */
export function releaseBefore(
  live: LiveDeployment,
  { version }: Pick<RolloutInputs, "version">,
  last: Done | undefined,
): string {
  if (last === undefined) {
    return "";
  }
  const [from, to] = (live.metadata.annotations?.[putBackAnnotation] ?? "").split(" ");
  if (from === last.release && to !== undefined) {
    return to;
  }
  return last.version === version ? last.before : last.release;
}
