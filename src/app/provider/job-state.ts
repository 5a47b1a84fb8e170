import { holding, type LiveJob } from "./live";

/** How far a Job has got. */
export type JobState =
  | { readonly state: "absent" | "running" | "complete" }
  | { readonly state: "failed"; readonly reason: string };

export function jobState(job: LiveJob | undefined): JobState {
  if (job === undefined) {
    return { state: "absent" };
  }
  const { conditions } = job.status ?? {};
  if (holding(conditions, "Complete") !== undefined) {
    return { state: "complete" };
  }
  const failed = holding(conditions, "Failed");
  return failed === undefined
    ? { state: "running" }
    : { state: "failed", reason: failed.reason ?? "it has failed" };
}

/**
 * Where a migration is waited for, and whether it is begun there: where it has run, or else where it runs, or else
 * where it is to run. One that has failed elsewhere is begun again.
 */
export function placeToRun(
  found: readonly { readonly region: string; readonly state: JobState }[],
  wanted: string,
): { readonly region: string; readonly begin: boolean } {
  const there = (["complete", "running"] as const).flatMap((state) =>
    found.filter((each) => each.state.state === state),
  )[0];
  return there === undefined ? { region: wanted, begin: true } : { region: there.region, begin: false };
}
