// @ts-check
import { condition } from "./awaiter.mjs";
import { standingOf } from "./kstatus.mjs";
import { podProblems } from "./pod.mjs";

/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

export const conventional = condition(() => (live) => assess(live));

export const daemonSet = condition(({ cluster }) => async (live) => {
  const assessment = assess(live);
  const pods = assessment.ready ? [] : await podProblems(cluster, live);
  return { ...assessment, status: [...assessment.status, ...pods] };
});

/** @param {KubernetesObject} live */
function assess(live) {
  const { current, message } = standingOf(live);
  return { ready: current, status: [message || "Waiting for readiness"], reasons: [] };
}
