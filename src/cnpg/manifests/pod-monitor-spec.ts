import type { CnpgRegionPlan } from "../plan";

/** The spec of a `PodMonitor` (monitoring.coreos.com/v1), as far as it is used. */
export interface PodMonitorSpec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly podMetricsEndpoints: readonly { readonly port: string }[];
}

/**
 * The region's instances, as the operator's own `PodMonitor` chose them: `enablePodMonitor` is deprecated. The operator
 * deletes its own, which has the name of the `Cluster`, once that is not asked for: ours has another name.
 */
export function podMonitorSpec({ cluster }: CnpgRegionPlan): PodMonitorSpec {
  return {
    selector: { matchLabels: { "cnpg.io/cluster": cluster, "cnpg.io/podRole": "instance" } },
    podMetricsEndpoints: [{ port: "metrics" }],
  };
}

/** The labels by which a Prometheus may choose it: those that the operator's own had of the user. */
export function podMonitorLabels({ cluster, wishes }: CnpgRegionPlan): Record<string, string> {
  return { ...wishes.inheritedMetadata?.labels, "cnpg.io/cluster": cluster };
}
