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

/** Refuses a region without the operator, or with one that could lose the token of a handover. */
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
}
