// @ts-check
import { secondsToWait, skipsAwait, waitForOf } from "./annotations.mjs";
import { conventional, daemonSet } from "./conventional.mjs";
import { deployment } from "./deployment.mjs";
import { ingress } from "./ingress.mjs";
import { job } from "./job.mjs";
import { standingOf } from "./kstatus.mjs";
import { NotReady } from "./not-ready.mjs";
import { identityOf } from "./object.mjs";
import { persistentVolumeClaim } from "./persistent-volume-claim.mjs";
import { persistentVolume } from "./persistent-volume.mjs";
import { pod } from "./pod.mjs";
import { poll } from "./poll.mjs";
import { replicationController } from "./replication-controller.mjs";
import { resourceQuota } from "./resource-quota.mjs";
import { secret } from "./secret.mjs";
import { service } from "./service.mjs";
import { statefulSet } from "./stateful-set.mjs";
import { waitFor } from "./wait-for.mjs";

export { NotReady };

/**
 * @typedef {import("./object.mjs").KubernetesObject} KubernetesObject
 * @typedef {import("./object.mjs").Cluster} Cluster
 * @typedef {import("./awaiter.mjs").Assessment} Assessment
 * @typedef {import("./awaiter.mjs").Awaiter} Awaiter
 *
 * @typedef {object} Wait
 * @property {Cluster} cluster
 * @property {KubernetesObject} object as the server returned it
 * @property {number} [timeout] in seconds, from the resource option
 * @property {(status: string) => void} report
 * @property {AbortSignal} [signal]
 */

/** @type {Record<string, Awaiter>} */
const awaiters = {
  "apiextensions.k8s.io/CustomResourceDefinition": conventional,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
  "networking.k8s.io/Ingress": ingress,
  PersistentVolume: persistentVolume,
  PersistentVolumeClaim: persistentVolumeClaim,
  Pod: pod,
  ReplicationController: replicationController,
  ResourceQuota: resourceQuota,
  Secret: secret,
  Service: service,
};

const SKIPPING_AT_DELETION = [
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/StatefulSet",
  "batch/Job",
  "Namespace",
  "Pod",
  "ReplicationController",
];

const DELETION_SECONDS = 600;

/** @type {Record<Awaiter["wording"], Record<"timeout" | "cancelled", (name: string) => string>>} */
const interruption = {
  readiness: {
    timeout: (name) => `'${name}' timed out waiting to be Ready`,
    cancelled: (name) => `Resource operation was cancelled for "${name}"`,
  },
  polling: {
    timeout: (name) => `Timeout occurred polling for '${name}'`,
    cancelled: (name) => `Resource operation was cancelled for '${name}'`,
  },
  condition: {
    timeout: () => "timed out waiting for the condition",
    cancelled: () => "context canceled",
  },
};

/**
 * Waits until an object that was created or updated is ready, and returns it as it is then.
 * @param {Wait} wait
 * @returns {Promise<KubernetesObject>}
 */
export async function untilReady(wait) {
  const { cluster, object, timeout, signal } = wait;
  const awaiter = awaiterFor(object);
  if (awaiter === undefined) {
    return object;
  }
  const report = once(wait.report);
  const assess = awaiter.begin({ cluster, object });
  let live = object;
  let assessment = /** @type {Assessment} */ ({ ready: false, status: [], reasons: [] });
  let failure = /** @type {string[]} */ ([]);

  const look = async () => {
    const found = await cluster.read(identityOf(object));
    // A server that lags behind may still know the object as it was before.
    if (found === undefined || isOlder(found, object)) {
      return undefined;
    }
    live = found;
    return assess(found);
  };
  const end = await poll(
    async () => {
      const looked = await attempt(look);
      if ("error" in looked) {
        failure = [looked.error];
        return undefined;
      }
      failure = [];
      assessment = looked.value ?? assessment;
      assessment.status.forEach(report);
      return looked.value?.ready || looked.value?.failed ? looked.value : undefined;
    },
    { seconds: secondsToWait(object, timeout, awaiter.seconds), signal },
  );
  if (assessment.ready || (end.ended !== "yielded" && assessment.passable)) {
    return live;
  }
  const message =
    end.ended === "yielded"
      ? assessment.failed
      : interruption[awaiter.wording][end.ended](object.metadata.name);
  throw new NotReady(message ?? "", live, [...assessment.reasons, ...failure]);
}

/**
 * Waits until an object that was deleted is gone.
 * @param {Wait} wait
 * @returns {Promise<void>}
 */
export async function untilDeleted({ cluster, object, timeout, report, signal }) {
  if (skipsAwait(object) && SKIPPING_AT_DELETION.includes(typeOf(object))) {
    return;
  }
  const tell = once(report);
  let live = object;
  let failure = /** @type {string[]} */ ([]);
  const end = await poll(
    async () => {
      const looked = await attempt(() => cluster.read(identityOf(object)));
      if ("error" in looked) {
        failure = [looked.error];
        return undefined;
      }
      failure = [];
      if (looked.value === undefined || isAnother(looked.value, object)) {
        return true;
      }
      live = looked.value;
      tell(standingOf(live).message);
      return undefined;
    },
    { seconds: secondsToWait(object, timeout, DELETION_SECONDS), signal },
  );
  if (end.ended !== "yielded") {
    const finalizers = live.metadata.finalizers ?? [];
    const hint =
      finalizers.length === 0 ? [] : [`finalizers might be preventing deletion (${finalizers.join(", ")})`];
    const message = interruption.condition[end.ended](object.metadata.name);
    throw new NotReady(message, live, [...hint, ...failure]);
  }
}

/**
 * @param {KubernetesObject} object
 * @returns {Awaiter | undefined}
 */
function awaiterFor(object) {
  if (skipsAwait(object)) {
    return undefined;
  }
  const annotation = waitForOf(object);
  if (annotation !== "") {
    try {
      return waitFor(annotation);
    } catch (error) {
      throw new NotReady(textOf(error), object);
    }
  }
  const standard = process.env["PULUMI_K8S_AWAIT_ALL"] === "true" ? conventional : undefined;
  return awaiters[typeOf(object)] ?? standard;
}

/**
 * The kind and the group it belongs to, whichever the version.
 * @param {KubernetesObject} object
 */
function typeOf({ apiVersion, kind }) {
  const group = apiVersion.includes("/") ? `${apiVersion.split("/", 1)[0]}/` : "";
  return `${group}${kind}`;
}

/**
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<{ value: T } | { error: string }>}
 */
async function attempt(action) {
  try {
    return { value: await action() };
  } catch (error) {
    return { error: textOf(error) };
  }
}

/** @param {unknown} error */
const textOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @param {(text: string) => void} report
 * @returns {(text: string) => void}
 */
function once(report) {
  const told = new Set([""]);
  return (text) => {
    if (!told.has(text)) {
      told.add(text);
      report(text);
    }
  };
}

/**
 * @param {KubernetesObject} found
 * @param {KubernetesObject} object
 */
const isOlder = (found, object) => Number(found.metadata.generation) < Number(object.metadata.generation);

/**
 * Whether another object has taken the place of one that is gone.
 * @param {KubernetesObject} found
 * @param {KubernetesObject} object
 */
const isAnother = (found, object) =>
  object.metadata.uid !== undefined && found.metadata.uid !== object.metadata.uid;
