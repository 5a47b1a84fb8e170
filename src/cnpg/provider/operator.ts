import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { RegionCluster } from "../kubernetes/region";
import { oldEnough, tooOld } from "../operator-version";

interface Deployment extends KubernetesObject {
  readonly spec?: { readonly template: { readonly spec?: { readonly containers: readonly Container[] } } };
}

interface Container {
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

const answerSeconds = 60;

/** Refuses a region without the operator, or with one that could lose the token of a handover, or that is silent. */
export async function checkOperator(region: RegionCluster): Promise<void> {
  const selector = "app.kubernetes.io/name=cloudnative-pg";
  const deployments = await region.list<Deployment>("apps/v1", "Deployment", selector, true);
  const { region: name } = region.access;
  if (deployments.length === 0) {
    throw new Error(
      `${name}: the CloudNativePG operator is not there. Install it, ${oldEnough}, ` +
        "or have it installed: see the argument operator",
    );
  }
  const images = deployments.flatMap(({ spec }) =>
    (spec?.template.spec?.containers ?? []).flatMap(({ image }) => image ?? []),
  );
  const old = images.find(tooOld);
  if (old !== undefined) {
    throw new Error(
      `${name}: the CloudNativePG operator is ${old}, which can lose the token of a handover: take ${oldEnough}`,
    );
  }
  await untilAnswering(region);
}

/** An operator that has just been installed or restarted is ready a moment before its webhook is reached. */
async function untilAnswering(region: RegionCluster): Promise<void> {
  for (const end = Date.now() + answerSeconds * 1000; ; await sleep(500)) {
    try {
      return await region.wouldCreate(smallestCluster(region));
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
  }
}

function smallestCluster({ access: { namespace } }: RegionCluster): KubernetesObject {
  return {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { generateName: "probe-", namespace },
    spec: { instances: 1, storage: { size: "1Gi" } },
  } as KubernetesObject;
}
