// @ts-check
/**
 * @typedef {import("./object.mjs").KubernetesObject} KubernetesObject
 * @typedef {import("./object.mjs").Cluster} Cluster
 */

/** @type {import("./awaiter.mjs").Awaiter} */
export const persistentVolumeClaim = {
  seconds: 300,
  wording: "polling",
  begin: ({ cluster }) => {
    let mode = "";
    return async (live) => {
      const phase = live.status?.phase;
      if (phase === "Bound") {
        return { ready: true, status: [], reasons: [] };
      }
      const name = live.spec.storageClassName;
      if (!name) {
        const status = [`no storage class found for "${live.metadata.name}"`];
        return { ready: false, status, reasons: [] };
      }
      mode ||= await bindingMode(cluster, name);
      // Such a claim stays pending until a pod uses it.
      return { ready: mode === "WaitForFirstConsumer" && phase === "Pending", status: [], reasons: [] };
    };
  },
};

/**
 * @param {Cluster} cluster
 * @param {string} name
 * @returns {Promise<string>}
 */
async function bindingMode(cluster, name) {
  const storageClass = await cluster.read({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    name,
  });
  return storageClass?.volumeBindingMode ?? "";
}
