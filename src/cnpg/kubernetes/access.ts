/** How to reach a region's `Cluster`. */
export interface Access {
  readonly region: string;
  /** The text of a kubeconfig, or the path of one. */
  readonly kubeconfig: string;
  /** Which of its contexts; the current one where it is empty. */
  readonly context: string;
  readonly namespace: string;
  /** The name of the `Cluster`. */
  readonly cluster: string;
}
