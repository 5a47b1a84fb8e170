import { releaseAnnotation } from "../manifests/names";
import { holding, type LiveDeployment, type LivePod } from "./live";
import { isReady, troubleOf, unscheduled } from "./trouble";

/** How far a region has got with a release. */
export type Progress =
  | { readonly state: "done" }
  | { readonly state: "failed"; readonly reason: string }
  | {
      readonly state: "waiting";
      readonly missing: string;
      /** What will not get better by itself, or seldom. */
      readonly trouble?: string;
    };

/**
 * @param pods Those of the application in the region, of whichever release.
 * @param known What Kubernetes gave up before this: it does not take that back when it is told something else.
 */
export function progressOf(
  live: LiveDeployment,
  pods: readonly LivePod[],
  release: string,
  known?: number,
): Progress {
  const { metadata, spec, status = {} } = live;
  const wanted = spec.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions } = status;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return { state: "waiting", missing: "Kubernetes has not yet looked at it" };
  }
  if (wanted === 0 ? replicas === 0 : isUp([updatedReplicas, replicas, availableReplicas], wanted)) {
    return { state: "done" };
  }
  const own = pods.filter((pod) => releaseOf(pod) === release);
  const refused = holding(conditions, "ReplicaFailure")?.message;
  const trouble = refused ?? own.flatMap((pod) => troubleOf(pod) ?? [])[0];
  const available = own.filter(isReady).length;
  const missing =
    available < wanted
      ? `${available} of ${wanted} pods are available`
      : `${replicas} pods are there, and ${wanted} are to be`;
  const since = givenUpSince(live);
  if (since !== undefined && since !== known) {
    const why = trouble ?? own.flatMap((pod) => unscheduled(pod) ?? [])[0];
    return { state: "failed", reason: why === undefined ? missing : `${missing}: ${why}` };
  }
  return { state: "waiting", missing, ...(trouble === undefined ? {} : { trouble }) };
}

/** Since when Kubernetes has seen no progress for too long, if that is so. */
export function givenUpSince({ status }: LiveDeployment): number | undefined {
  const condition = status?.conditions?.find(({ type }) => type === "Progressing");
  return condition?.reason === "ProgressDeadlineExceeded"
    ? (condition.lastUpdateTime?.getTime() ?? 0)
    : undefined;
}

function isUp(counts: readonly number[], wanted: number): boolean {
  return counts.every((count) => count === wanted);
}

function releaseOf({ metadata }: LivePod): string | undefined {
  return metadata.annotations?.[releaseAnnotation];
}
