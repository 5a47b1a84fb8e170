import type { PlannedObject, PlannedRegion } from "../kubernetes/objects";
import type { RegionalAppArgs } from "./args";
import { appNames } from "./manifests/names";
import type { AppPlan, AppRegionPlan } from "./plan";

/** Everything that the component creates in each region's cluster. */
export function plannedObjects(plan: AppPlan, args: RegionalAppArgs): PlannedRegion[] {
  const { namespace } = plan;
  return plan.regions.map((region) => ({
    region: region.region,
    isLost: region.isLost,
    cluster: args.regions[region.region]!,
    objects: [
      ...(args.createNamespace === false ? [] : [{ apiVersion: "v1", kind: "Namespace", name: namespace }]),
      ...namespaced(plan, region, args).map((object) => ({ ...object, namespace })),
    ],
  }));
}

function namespaced(plan: AppPlan, region: AppRegionPlan, args: RegionalAppArgs): PlannedObject[] {
  const names = appNames(plan.name);
  const { ingress, gateway, autoscaling } = region.settings;
  const own = (apiVersion: string, kind: string): PlannedObject => ({ apiVersion, kind, name: names.app });
  const secrets = [
    ...plan.links.map(({ name }) => names.link(name)),
    ...(args.secrets === undefined ? [] : [names.secrets]),
    ...(args.pullSecret === undefined ? [] : [names.pullSecret]),
  ];
  return [
    ...secrets.map((name) => ({ apiVersion: "v1", kind: "Secret", name })),
    own("v1", "ServiceAccount"),
    own("networking.k8s.io/v1", "NetworkPolicy"),
    own("apps/v1", "Deployment"),
    own("v1", "Service"),
    ...(ingress === undefined ? [] : [own("networking.k8s.io/v1", "Ingress")]),
    ...(gateway === undefined ? [] : [own("gateway.networking.k8s.io/v1", "HTTPRoute")]),
    ...((args.disruptionBudget ?? true) ? [own("policy/v1", "PodDisruptionBudget")] : []),
    ...(autoscaling === undefined || !region.runs ? [] : [own("autoscaling/v2", "HorizontalPodAutoscaler")]),
  ];
}
