// @ts-check
import { readiness } from "./awaiter.mjs";
import { podProblems } from "./pod.mjs";

/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

export const statefulSet = readiness(({ cluster }) => async (live) => {
  const { replicasReady, revisionReady, current, wanted } = standing(live);
  if (replicasReady && revisionReady) {
    return { ready: true, status: ["StatefulSet initialization complete"], reasons: [] };
  }
  const { currentRevision = "", updateRevision = "" } = live.status ?? {};
  const pods = await podProblems(cluster, live);
  return {
    ready: false,
    status: [progress(live, replicasReady, current, wanted), ...pods],
    reasons: [
      ...(replicasReady ? [] : [`${current} out of ${wanted} replicas succeeded readiness checks`]),
      ...(revisionReady
        ? []
        : [
            "StatefulSet controller failed to advance from revision " +
              `"${currentRevision}" to revision "${updateRevision}"`,
          ]),
      ...pods,
    ],
  };
});

/** @param {KubernetesObject} live */
function standing({ metadata, spec, status = {} }) {
  const wanted = spec.replicas ?? 1;
  const { replicas = 0, readyReplicas = 0, currentReplicas = 0, updatedReplicas = 0 } = status;
  // A status that tells of the specification before this one proves nothing.
  const observed = status.observedGeneration === metadata.generation;
  const onDelete = spec.updateStrategy?.type === "OnDelete" && Number(metadata.generation) > 1;
  const revisionReady =
    observed && (onDelete || (!!status.currentRevision && status.currentRevision === status.updateRevision));
  const replicasReady =
    observed &&
    [replicas, readyReplicas, ...(onDelete ? [] : [currentReplicas])].every((count) => count === wanted);
  // During a rollout the ready replicas include those of the previous revision.
  const current = revisionReady ? readyReplicas : Math.min(readyReplicas, updatedReplicas);
  return { replicasReady, revisionReady, current, wanted };
}

/**
 * @param {KubernetesObject} live
 * @param {boolean} replicasReady
 * @param {number} current
 * @param {number} wanted
 */
function progress({ metadata }, replicasReady, current, wanted) {
  if (Number(metadata.generation) <= 1) {
    return `[1/2] Waiting for StatefulSet to create Pods (${current}/${wanted} Pods ready)`;
  }
  return replicasReady
    ? "[2/3] Waiting for StatefulSet to update .status.currentRevision"
    : `[1/3] Waiting for StatefulSet update to roll out (${current}/${wanted} Pods ready)`;
}
