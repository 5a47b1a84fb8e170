import type * as inputs from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import { fieldManager } from "../../kubernetes/field-manager";
import type { AppRegionPlan } from "../plan";
import { appNames, configurationAnnotation, releaseAnnotation, serverLabels } from "./names";
import { serverPod, type PodParts } from "./pod";

/** What a pod is made of. */
interface Template {
  readonly metadata: {
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, Input<string>>;
  };
  readonly spec: inputs.core.v1.PodSpec;
}

/** A region's pods, but for the name of what they are: that is made of this. */
export function unnamedTemplate(
  parts: PodParts,
  { settings }: Pick<AppRegionPlan, "settings">,
  configuration: Input<string>,
): Template {
  return {
    metadata: {
      labels: serverLabels(parts.name),
      annotations: { [configurationAnnotation]: configuration },
    },
    spec: serverPod(parts, settings),
  };
}

/** How many pods a region is to have; undefined where an autoscaler decides. */
export function replicasOf({ runs, settings }: AppRegionPlan): number | undefined {
  if (!runs) {
    return 0;
  }
  return settings.autoscaling === undefined ? (settings.replicas ?? 2) : undefined;
}

export function deployment(
  { name, args }: PodParts,
  region: AppRegionPlan,
  namespace: Input<string>,
  template: Template,
  release: Input<string>,
): inputs.apps.v1.Deployment {
  const replicas = replicasOf(region);
  const { labels, annotations } = template.metadata;
  return {
    metadata: {
      name: appNames(name).app,
      namespace,
      labels: serverLabels(name),
      annotations: {
        // The rollout that follows waits, and says more of what is wrong.
        "pulumi.com/skipAwait": "true",
        "pulumi.com/patchFieldManager": fieldManager,
        "pulumi.com/patchForce": "true",
      },
    },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: serverLabels(name) },
      // A version that does not come up takes nothing away.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
      progressDeadlineSeconds: deadlineOf(args),
      template: {
        metadata: { labels, annotations: { ...annotations, [releaseAnnotation]: release } },
        spec: template.spec,
      },
    },
  };
}

export function deadlineOf({ progressDeadlineSeconds = 300 }: PodParts["args"]): number {
  return progressDeadlineSeconds;
}
