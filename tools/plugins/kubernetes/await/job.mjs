// @ts-check
import { readiness } from "./awaiter.mjs";
import { conditionOf, qualifiedName } from "./object.mjs";
import { podProblems } from "./pod.mjs";

/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

const FATAL = ["BackoffLimitExceeded", "DeadlineExceeded"];
// Every job's pods are unready for a while: worth telling only when the job fails.
const USUAL = "containers with unready status";

export const job = readiness(({ cluster }) => {
  const problems = new Set();
  return async (live) => {
    const ready = conditionOf(live, "Complete")?.status === "True";
    if (ready) {
      return { ready, status: progress(live), reasons: [] };
    }
    const pods = await podProblems(cluster, live);
    pods.forEach((problem) => problems.add(problem));
    const failure = failureOf(live);
    if (failure !== undefined) {
      problems.add(failure);
    }
    return {
      ready,
      ...(failure === undefined
        ? {}
        : { failed: `Resource '${live.metadata.name}' was created but failed to initialize` }),
      status: [...progress(live), ...pods.filter((problem) => !problem.includes(USUAL))],
      reasons: [...problems],
    };
  };
});

/** @param {KubernetesObject} live */
function failureOf(live) {
  const failed = conditionOf(live, "Failed");
  return failed?.status === "True" && FATAL.includes(failed.reason ?? "")
    ? `[${failed.reason}] ${failed.message}`
    : undefined;
}

/** @param {KubernetesObject} live */
function progress(live) {
  const name = qualifiedName(live);
  const { startTime, active = 0, succeeded = 0, failed = 0 } = live.status ?? {};
  const counts = `(Active: ${active} | Succeeded: ${succeeded} | Failed: ${failed})`;
  return [
    `Waiting for Job "${name}" to start`,
    ...(startTime === undefined ? [] : [`Waiting for Job "${name}" to succeed ${counts}`]),
  ];
}
