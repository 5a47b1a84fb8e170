/** What a container asks for, and what it is given at most: Kubernetes quantities. */
export interface ResourcesArgs {
  /** What is set aside for it, such as `{ cpu: "500m", memory: "1Gi" }`. */
  requests?: Record<string, string>;

  /** What it gets at most. */
  limits?: Record<string, string>;
}
