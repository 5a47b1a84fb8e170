import type { Input } from "@pulumi/pulumi";

/** Metadata that everything made for a region's `Cluster` has: its pods, services, volumes and secrets. */
export interface InheritedMetadataArgs {
  /**
   * Labels, by key.
   *
   * @default {}
   */
  labels?: Record<string, string>;

  /**
   * Annotations, by key.
   *
   * @default {}
   */
  annotations?: Record<string, Input<string>>;
}

/** How the pods of a region's `Cluster` run. */
export interface PodArgs {
  /** The name of a Kubernetes `PriorityClass`. A pod of a class that does not exist is not scheduled. */
  priorityClass?: string;

  /**
   * How long an instance may take to start, in seconds: 1 or more. Then Kubernetes restarts it.
   *
   * @default 3600, the operator's
   */
  startDelaySeconds?: number;

  /**
   * How long an instance may take to stop, in seconds: 1 or more. Then Kubernetes kills it.
   *
   * @default 1800, the operator's
   */
  stopDelaySeconds?: number;

  /** Labels and annotations of everything that the operator makes for the region. */
  inheritedMetadata?: InheritedMetadataArgs;

  /**
   * Environment variables of the instances, by name. They are readable in the `Cluster`: nothing secret belongs here. A
   * change restarts the servers.
   *
   * @default {}
   */
  env?: Record<string, Input<string>>;

  /**
   * Annotations of the instances' service account, which has the name of the region's `Cluster`: by them a cloud gives
   * pods an identity. EKS: `eks.amazonaws.com/role-arn`; GKE: `iam.gke.io/gcp-service-account`; AKS:
   * `azure.workload.identity/client-id`, and in `inheritedMetadata.labels` `azure.workload.identity/use: "true"`. A
   * change holds for pods that start after it.
   *
   * @default {}
   */
  serviceAccountAnnotations?: Record<string, Input<string>>;
}
