// @ts-check
import { conditionOf } from "./object.mjs";

/**
 * The conventions by which controllers tell how an object stands, as the library kstatus reads them.
 * @typedef {import("./object.mjs").KubernetesObject} KubernetesObject
 * @typedef {{ current: boolean, message: string }} Standing
 */

/**
 * @param {KubernetesObject} live
 * @returns {Standing}
 */
export function standingOf(live) {
  return general(live) ?? byKind[live.kind]?.(live) ?? byReady(live);
}

/**
 * @param {KubernetesObject} live
 * @returns {Standing | undefined}
 */
function general(live) {
  const { deletionTimestamp, generation } = live.metadata;
  if (deletionTimestamp !== undefined) {
    return waiting("Resource scheduled for deletion");
  }
  const observed = live.status?.observedGeneration;
  if (observed !== undefined && observed !== generation) {
    return waiting(`${live.kind} generation is ${generation}, but latest observed generation is ${observed}`);
  }
  const hindering = ["Reconciling", "Stalled"]
    .map((type) => conditionOf(live, type))
    .find((condition) => condition?.status === "True");
  return hindering && waiting(hindering.message ?? "");
}

/** @type {Record<string, (live: KubernetesObject) => Standing>} */
const byKind = {
  DaemonSet: ({ status = {} }) => {
    const {
      desiredNumberScheduled: desired,
      currentNumberScheduled = 0,
      updatedNumberScheduled = 0,
      numberAvailable = 0,
      numberReady = 0,
    } = status;
    if (status.observedGeneration === undefined || desired === undefined) {
      return waiting("Missing .status.desiredNumberScheduled");
    }
    const counts = Object.entries({
      Current: currentNumberScheduled,
      Updated: updatedNumberScheduled,
      Available: numberAvailable,
      Ready: numberReady,
    });
    const behind = counts.find(([, count]) => count < desired);
    return behind
      ? waiting(`${behind[0]}: ${behind[1]}/${desired}`)
      : current(`All replicas scheduled as expected. Replicas: ${desired}`);
  },
  ReplicaSet: ({ spec, status = {} }) => {
    const wanted = spec.replicas ?? 1;
    const { replicas = 0, fullyLabeledReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = status;
    if (fullyLabeledReplicas < wanted) {
      return waiting(`Labelled: ${fullyLabeledReplicas}/${wanted}`);
    }
    if (availableReplicas < wanted) {
      return waiting(`Available: ${availableReplicas}/${wanted}`);
    }
    if (readyReplicas < wanted) {
      return waiting(`Ready: ${readyReplicas}/${wanted}`);
    }
    return replicas > wanted
      ? waiting(`Pending termination: ${replicas - wanted}`)
      : current(`ReplicaSet is available. Replicas: ${replicas}`);
  },
  CustomResourceDefinition: (live) => {
    const names = conditionOf(live, "NamesAccepted");
    if (names?.status === "False") {
      return waiting(names.message ?? "");
    }
    const established = conditionOf(live, "Established");
    return established?.status === "True"
      ? current("CRD is established")
      : waiting(established?.message ?? "Install in progress");
  },
};

/**
 * @param {KubernetesObject} live
 * @returns {Standing}
 */
function byReady(live) {
  const ready = conditionOf(live, "Ready");
  return ready === undefined || ready.status === "True"
    ? current("Resource is current")
    : waiting(ready.message ?? "");
}

/** @param {string} message */
const current = (message) => ({ current: true, message });

/** @param {string} message */
const waiting = (message) => ({ current: false, message });
