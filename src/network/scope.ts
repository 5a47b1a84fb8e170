import type * as pulumi from "@pulumi/pulumi";

/** What all resources of one region have alike. */
export interface Scope {
  /** What their names begin with. */
  readonly prefix: string;
  readonly awsRegion: string;
  readonly parent: pulumi.Resource;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The inputs of whatever is tagged. The tag `Name` may change where a resource's name may not. */
export function tagged(
  { prefix, awsRegion, tags }: Scope,
  suffix: string,
  more: Record<string, string> = {},
) {
  return { region: awsRegion, tags: { ...more, ...tags, Name: `${prefix}-${suffix}` } };
}
