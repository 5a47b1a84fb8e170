// @ts-check
import { readiness } from "./awaiter.mjs";
import { besides, conditionsOf, ownedObjects } from "./object.mjs";
import { podProblems } from "./pod.mjs";

/**
 * @typedef {import("./object.mjs").KubernetesObject} KubernetesObject
 * @typedef {import("./object.mjs").Cluster} Cluster
 */

const REVISION = "deployment.kubernetes.io/revision";
const FIRST_REVISION = "1";

export const deployment = readiness(({ cluster }) => async (live) => {
  if (live.status?.observedGeneration !== live.metadata.generation) {
    return { ready: false, status: [], reasons: ["Minimum number of live Pods was not attained"] };
  }
  const revision = live.metadata.annotations?.[REVISION];
  const replicaSet = await replicaSetOf(cluster, live, revision);
  const unbound = await unboundClaims(cluster, live);
  const rollout = rolloutOf(live);
  const { wanted, ready: replicasReady } = replicasOf(replicaSet);
  const updated = replicaSet !== undefined && replicasReady >= wanted;
  const rolledOut = rollout.complete || revision === FIRST_REVISION;
  const ready = rollout.available && rolledOut && updated && unbound.length === 0;
  if (ready) {
    return {
      ready,
      status: [...scaledToZero(live, wanted), "Deployment initialization complete"],
      reasons: [],
    };
  }

  const shortage = !rollout.available
    ? ["Minimum number of live Pods was not attained"]
    : !rolledOut || (!updated && revision === FIRST_REVISION)
      ? ["Minimum number of Pods to consider the application live was not attained"]
      : !updated
        ? ["Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"]
        : [];
  const pods = replicaSet === undefined ? [] : await podProblems(cluster, replicaSet);
  return {
    ready,
    status: [
      ...rollout.errors,
      ...unbound.map(
        ({ metadata, status }) =>
          `PersistentVolumeClaim: [${metadata.name}] is not ready. status.phase currently at: ${status?.phase}`,
      ),
      ...(replicaSet === undefined || updated
        ? []
        : [`Waiting for app ReplicaSet to be available (${replicasReady}/${wanted} Pods available)`]),
      ...pods,
    ],
    reasons: [...rollout.errors, ...unboundReason(unbound), ...shortage, ...pods],
  };
});

/**
 * @param {Cluster} cluster
 * @param {KubernetesObject} live
 * @param {string | undefined} revision
 */
async function replicaSetOf(cluster, live, revision) {
  if (revision === undefined) {
    return undefined;
  }
  const owned = await ownedObjects(cluster, live, { apiVersion: "apps/v1", kind: "ReplicaSet" });
  return owned.find(({ metadata }) => metadata.annotations?.[REVISION] === revision);
}

/** @param {KubernetesObject | undefined} replicaSet */
function replicasOf(replicaSet) {
  return { wanted: replicaSet?.spec.replicas ?? 1, ready: replicaSet?.status?.readyReplicas ?? 0 };
}

/** @param {KubernetesObject} live */
function rolloutOf(live) {
  const errors = new Map();
  let available = false;
  let complete = false;
  for (const { type, status, reason, message } of conditionsOf(live)) {
    const holds = status === "True";
    if (type === "Progressing") {
      complete = holds && reason === "NewReplicaSetAvailable";
    } else if (type === "Available") {
      available = holds;
    } else {
      continue;
    }
    if (!holds && reason !== undefined && message !== undefined) {
      errors.set(reason, `[${reason}] ${message}`);
    }
  }
  return { available, complete, errors: [...errors.values()] };
}

/**
 * @param {Cluster} cluster
 * @param {KubernetesObject} live
 */
async function unboundClaims(cluster, live) {
  const claims = await Promise.all(
    (live.spec?.template?.spec?.volumes ?? [])
      .flatMap((/** @type {any} */ { persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])
      .map((/** @type {string} */ name) =>
        cluster.read({ apiVersion: "v1", kind: "PersistentVolumeClaim", ...besides(live), name }),
      ),
  );
  return claims.filter((claim) => claim !== undefined && claim.status?.phase !== "Bound");
}

/** @param {KubernetesObject[]} claims */
function unboundReason(claims) {
  const names = claims.map(({ metadata }) => metadata.name);
  return names.length === 0 ? [] : [`Failed to bind PersistentVolumeClaim(s): "${names.join(",")}"`];
}

/**
 * @param {KubernetesObject} live
 * @param {number} wanted
 */
function scaledToZero({ metadata }, wanted) {
  return wanted === 0 ? [`Replicas scaled to 0 for Deployment "${metadata.name}"`] : [];
}
