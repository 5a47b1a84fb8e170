import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { dynamic } from "@pulumi/pulumi";
import { sameInputs } from "../../same-inputs";
import { KubernetesApi } from "../../kubernetes/api";
import type { PoolersInputs } from "./inputs";

const readySeconds = 600;
const pollMilliseconds = 500;

/** After every pooler has been declared: each of its pods takes connections. */
export const poolers: dynamic.ResourceProvider<PoolersInputs, PoolersInputs> = {
  async diff(_id, olds, news) {
    return { changes: !sameInputs(olds, news) || (await notReady(news)).length > 0 };
  },

  async create(inputs) {
    await untilReady(inputs);
    return { id: "poolers", outs: inputs };
  },

  async update(_id, _olds, news) {
    await untilReady(news);
    return { outs: news };
  },
};

async function untilReady(inputs: PoolersInputs): Promise<void> {
  for (const end = Date.now() + readySeconds * 1000; ; await sleep(pollMilliseconds)) {
    const missing = await notReady(inputs);
    if (missing.length === 0) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(`after ${readySeconds} s ${missing.join("; ")}`);
    }
  }
}

/** What is missing, pooler by pooler. */
async function notReady({ regions, poolers }: PoolersInputs): Promise<string[]> {
  const looks = Object.entries(regions).flatMap(([region, { activity, access }]) => {
    const wanted = Object.entries(poolers[region] ?? {});
    return activity === "lost" || wanted.length === 0 ? [] : [{ region, access, wanted }];
  });
  const missing = await Promise.all(
    looks.map(async ({ region, access, wanted }) => {
      const api = await KubernetesApi.connect(access);
      const { namespace } = access;
      const deployments = await api.list<Deployment>(
        "apps/v1",
        "Deployment",
        namespace,
        "cnpg.io/poolerName",
      );
      return wanted.flatMap(([name, instances]) => {
        const deployment = deployments.find(({ metadata }) => metadata?.name === name);
        const ready = readyPods(deployment);
        return ready === instances ? [] : [`${region}: ${ready} of ${instances} pods of ${name} are ready`];
      });
    }),
  );
  return missing.flat();
}

/** The fields of a Deployment that are looked at. */
interface Deployment extends KubernetesObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly replicas?: number;
  };
}

/** Those of the current version: none while there are others, or while they are yet to be counted. */
function readyPods({ metadata, status = {} }: Deployment = {}): number {
  const { observedGeneration, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const isCurrent = observedGeneration === metadata?.generation && replicas === updatedReplicas;
  return isCurrent ? availableReplicas : 0;
}
