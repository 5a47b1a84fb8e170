// @ts-check
import { readiness } from "./awaiter.mjs";
import { conditionOf, ownedObjects, qualifiedName } from "./object.mjs";

/**
 * @typedef {import("./object.mjs").KubernetesObject} KubernetesObject
 * @typedef {import("./object.mjs").Cluster} Cluster
 */

export const pod = readiness(() => (live) => {
  const stages = stagesOf(live);
  return {
    ready: stages.every(({ reached }) => reached),
    status: stages.map(({ description }) => description),
    reasons: problemsOf(stages),
  };
});

/**
 * What is wrong with the pods that an object owns.
 * @param {Cluster} cluster
 * @param {KubernetesObject} owner
 */
export async function podProblems(cluster, owner) {
  const pods = await ownedObjects(cluster, owner, { apiVersion: "v1", kind: "Pod" });
  return pods.flatMap((live) => problemsOf(stagesOf(live)));
}

/** @typedef {{ reached: boolean, description: string, problem?: string }} Stage */

/**
 * The stages of a pod's start, up to the first it has not reached.
 * @param {KubernetesObject} live
 * @returns {Stage[]}
 */
function stagesOf(live) {
  const name = qualifiedName(live);
  const scheduled = {
    reached: conditionOf(live, "PodScheduled")?.status === "True",
    description: `Waiting for Pod "${name}" to be scheduled`,
  };
  if (!scheduled.reached) {
    return [scheduled];
  }
  const initialized = stage(live, "Initialized", `Waiting for Pod "${name}" to be initialized`);
  if (!initialized.reached) {
    return [scheduled, initialized];
  }
  return [scheduled, initialized, stage(live, "Ready", `Waiting for Pod "${name}" to be ready`)];
}

/**
 * @param {KubernetesObject} live
 * @param {"Initialized" | "Ready"} type
 * @param {string} description
 * @returns {Stage}
 */
function stage(live, type, description) {
  const condition = conditionOf(live, type);
  const succeeded = type === "Ready" && live.status.phase === "Succeeded";
  if (condition === undefined) {
    return { reached: false, description };
  }
  if (condition.status === "True" || succeeded) {
    return { reached: true, description };
  }
  const errors = (live.status.containerStatuses ?? []).flatMap(containerErrors);
  if (errors.length === 0 && !condition.message) {
    return { reached: false, description };
  }
  const cause = condition.reason && condition.message ? condition.message : "";
  const problem = `[Pod ${qualifiedName(live)}]: ${cause}${errors.join("\n")}`;
  return { reached: false, description, problem };
}

/**
 * @typedef {{ reason?: string, message?: string, exitCode?: number, finishedAt?: string }} ContainerState
 * @param {{ name: string, ready: boolean, state?: { waiting?: ContainerState, terminated?: ContainerState },
 *   lastState?: { terminated?: ContainerState } }} status
 * @returns {string[]}
 */
function containerErrors({ name, ready, state, lastState }) {
  if (ready) {
    return [];
  }
  const errors = [];
  const { waiting, terminated } = state ?? {};
  if (waiting !== undefined && waiting.reason !== "ContainerCreating") {
    errors.push(`[${waiting.reason ?? ""}] ${withoutNoise(waiting.message ?? "")}`);
  }
  if (terminated?.reason) {
    errors.push(
      terminated.message
        ? `[${terminated.reason}] ${withoutNoise(terminated.message)}`
        : `container "${name}" completed with exit code ${terminated.exitCode}`,
    );
  }
  const last = lastState?.terminated;
  if (last !== undefined) {
    errors.push(
      `container "${name}" terminated at ${last.finishedAt} (${last.reason ?? ""}: exit code ${last.exitCode})`,
      ...(last.message ? [last.message] : []),
    );
  }
  return errors;
}

/** @param {string} message of a runtime that could not pull an image */
function withoutNoise(message) {
  return message
    .replace(/^rpc error: code = Unknown desc = Error response from daemon: /, "")
    .replace(/: manifest unknown$/, "");
}

/** @param {Stage[]} stages */
const problemsOf = (stages) => stages.flatMap(({ problem }) => problem ?? []);
