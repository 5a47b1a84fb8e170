import type { Input } from "@pulumi/pulumi";
import type { Topology } from "../topology";

/** A Kubernetes cluster in which a database's endpoints can be read. */
export interface EndpointConfigRegionArgs {
  /** The cluster's kubeconfig: its text, or the path of a file. Kept secret. */
  kubeconfig: Input<string>;

  /**
   * Which of the kubeconfig's contexts.
   *
   * @default its current one
   */
  context?: Input<string>;

  /** The namespace, which has to be there. */
  namespace: Input<string>;
}

/** A database's endpoints as objects of Kubernetes, for whatever is not a `RegionalApp`. */
export interface EndpointConfigArgs {
  /** The database: any engine's. */
  topology: Topology;

  /** The clusters, by the names of the database's regions. A region that is left out has none. */
  regions: Record<string, EndpointConfigRegionArgs>;

  /**
   * Regions declared gone. Nothing of theirs is contacted, changed or deleted.
   *
   * @default []
   */
  lost?: string[];
}
