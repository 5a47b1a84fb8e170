import type { ClusterAccess } from "../../kubernetes/access";

/** How to reach a region's `Cluster`. */
export interface Access extends ClusterAccess {
  readonly namespace: string;
  /** The name of the `Cluster`. */
  readonly cluster: string;
}
