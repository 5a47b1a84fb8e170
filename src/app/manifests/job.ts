import type * as inputs from "@pulumi/kubernetes/types/input";
import type { AppRegionPlan } from "../plan";
import { migrationLabels } from "./names";
import { migrationPod, type PodParts } from "./pod";

/** The fields of a Job that are made here: what it is called, and where it is, is added where it is made. */
export interface MigrationJob {
  readonly apiVersion: "batch/v1";
  readonly kind: "Job";
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly backoffLimit: 0;
    readonly activeDeadlineSeconds: number;
    readonly template: inputs.core.v1.PodTemplateSpec;
  };
}

/** Tried once: whoever has seen why it failed runs `pulumi up` again. */
export function migrationJob(parts: PodParts, { settings }: Pick<AppRegionPlan, "settings">): MigrationJob {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { labels: migrationLabels(parts.name) },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: timeoutOf(parts),
      template: {
        metadata: { labels: migrationLabels(parts.name) },
        spec: migrationPod(parts, settings),
      },
    },
  };
}

export function timeoutOf({ args }: PodParts): number {
  return args.migration!.timeoutSeconds ?? 600;
}
