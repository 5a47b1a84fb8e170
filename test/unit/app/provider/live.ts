import type { LiveDeployment, LivePod, LiveReplicaSet } from "../../../../src/app/provider/live";

const releaseOf = (release: string) => ({ "multi-region-postgres/release": release });

export const templateOf = (release: string, image = `shop:${release}`) => ({
  metadata: { labels: { app: "shop" }, annotations: releaseOf(release) },
  spec: { containers: [{ name: "app", image }] },
});

/** A Deployment that runs a release, all of it. */
export function deploymentOf(
  release: string,
  {
    replicas = 2,
    status = {},
    annotations = {},
    image,
  }: {
    replicas?: number;
    status?: LiveDeployment["status"];
    annotations?: Record<string, string>;
    image?: string;
  } = {},
): LiveDeployment {
  return {
    metadata: {
      name: "shop",
      namespace: "shop",
      generation: 3,
      labels: { app: "shop" },
      annotations: { "deployment.kubernetes.io/revision": "3", ...annotations },
    },
    spec: { replicas, selector: {}, strategy: {}, template: templateOf(release, image) },
    status: {
      observedGeneration: 3,
      replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
      ...status,
    },
  };
}

export function replicaSetOf(release: string, second: number, image?: string): LiveReplicaSet {
  const template = templateOf(release, image);
  const labels = { ...template.metadata.labels, "pod-template-hash": `${second}` };
  return {
    metadata: { name: `shop-${second}`, creationTimestamp: new Date(second * 1000) },
    spec: { template: { ...template, metadata: { ...template.metadata, labels } } },
  };
}

export function podOf(
  release: string,
  {
    image = `shop:${release}`,
    ready = false,
    ...container
  }: Record<string, unknown> & { image?: string; ready?: boolean } = {},
): LivePod {
  return {
    metadata: { name: `shop-${release}-x`, annotations: releaseOf(release) },
    spec: { containers: [{ name: "app", image }] },
    status: {
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: [{ ready, ...container }],
    },
  };
}
