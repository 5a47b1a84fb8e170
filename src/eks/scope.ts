import type { Input, Resource } from "@pulumi/pulumi";

/** What all resources of a cluster have alike. */
export interface Scope {
  readonly parent: Resource;
  readonly tags: Readonly<Record<string, Input<string>>>;
}
