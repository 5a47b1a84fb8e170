import type { Resource } from "@pulumi/pulumi";
import { createObject } from "./data-resources";
import { podMonitorLabels, podMonitorSpec } from "./manifests/pod-monitor-spec";
import { podMonitorName } from "./manifests/names";
import type { CnpgTopologyPlan } from "./plan";
import type { RegionBase } from "./region-resources";

/** What tells Prometheus of the instances. After all that serves: where there is no Prometheus operator, it fails alone. */
export function createPodMonitors(
  plan: CnpgTopologyPlan,
  bases: Readonly<Record<string, RegionBase>>,
  dependsOn: Resource[],
): void {
  for (const region of plan.regions.filter(({ wishes }) => wishes.monitoring?.podMonitor === true)) {
    const { options, namespace } = bases[region.region]!;
    createObject(
      { prefix: `${plan.name}-${region.region}`, namespace, options: { ...options, dependsOn } },
      "pod-monitor",
      { apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor" },
      podMonitorName(region.cluster),
      podMonitorSpec(region),
      podMonitorLabels(region),
    );
  }
}
