// @ts-check
import { readiness } from "./awaiter.mjs";
import { identityOf } from "./object.mjs";
import { settling } from "./settling.mjs";

/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

const NO_PODS =
  "Service does not target any Pods. Selected Pods may not be ready, or " +
  "field '.spec.selector' may not match labels on any Pods";
const NO_ADDRESS = "Service was not allocated an IP address; does your cloud provider support this?";

export const service = readiness(({ cluster }) => {
  const haveSettled = settling();
  return async (live) => {
    const allocated = hasAddress(live);
    if (!targetsPods(live)) {
      return { ready: allocated, status: [], reasons: allocated ? [] : [NO_ADDRESS] };
    }
    const endpoints = await cluster.read({ ...identityOf(live), kind: "Endpoints" });
    const targeted = endpoints !== undefined && allReady(endpoints);
    const settled = haveSettled(endpoints === undefined ? [] : [endpoints]);
    const ready = allocated && targeted && settled;
    return {
      ready,
      passable: allocated && targeted,
      status: [
        "[1/3] Finding Pods to direct traffic to",
        ...(targeted && settled && !ready ? ["[2/3] Attempting to allocate IP address to Service"] : []),
        ...(ready ? ["Service initialization complete"] : []),
      ],
      reasons: [...(targeted ? [] : [NO_PODS]), ...(allocated ? [] : [NO_ADDRESS])],
    };
  };
});

/** @param {KubernetesObject} live */
function hasAddress({ spec, status }) {
  return spec.type !== "LoadBalancer" || (status?.loadBalancer?.ingress ?? []).length > 0;
}

/** @param {KubernetesObject} live */
function targetsPods({ spec }) {
  const selects = Object.keys(spec.selector ?? {}).length > 0;
  return selects && spec.clusterIP !== "None" && spec.type !== "ExternalName";
}

/**
 * None is unready. There may be none at all: the pods may be yet to come, or scaled to zero.
 * @param {KubernetesObject} endpoints
 */
function allReady({ subsets }) {
  return (subsets ?? []).every(
    (/** @type {any} */ { notReadyAddresses }) => (notReadyAddresses ?? []).length === 0,
  );
}
