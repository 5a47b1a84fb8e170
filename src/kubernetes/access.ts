/** How to reach the Kubernetes cluster that is a region. */
export interface ClusterAccess {
  readonly region: string;
  /** The text of a kubeconfig, or the path of one. */
  readonly kubeconfig: string;
  /** Which of its contexts; the current one where it is empty. */
  readonly context: string;
}
