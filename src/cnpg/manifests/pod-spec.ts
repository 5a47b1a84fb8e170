import type { PodArgs } from "../pod-args";
import type { ClusterSpec } from "./cluster-types";

/** How the pods of a `Cluster` run. A field is undefined unless it is asked for: it would restart servers. */
export function podSpec({
  priorityClass,
  startDelaySeconds,
  stopDelaySeconds,
  inheritedMetadata,
  env,
  serviceAccountAnnotations,
}: PodArgs): { [Field in PodField]: ClusterSpec[Field] | undefined } {
  return {
    priorityClassName: priorityClass,
    startDelay: startDelaySeconds,
    stopDelay: stopDelaySeconds,
    inheritedMetadata,
    // Sorted, so that their order in the program restarts nothing.
    env:
      env &&
      Object.entries(env)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, value]) => ({ name, value })),
    serviceAccountTemplate: serviceAccountAnnotations && {
      metadata: { annotations: serviceAccountAnnotations },
    },
  };
}

type PodField =
  "priorityClassName" | "startDelay" | "stopDelay" | "inheritedMetadata" | "env" | "serviceAccountTemplate";
