/**
 * What a member is told at its birth alone, or never, and why. Applied later, each would detach, replace or restart a
 * member because of a handover, an upgrade or a rotation that is over.
 */
export const ignoredOfMembers = {
  replicationSourceIdentifier:
    "AWS sets it on readers and moves it with the role: taken away, the provider promotes the region to a database of its own (terraform-provider-aws 42919)",
  globalClusterIdentifier:
    "the provider does not read it back, and applies its absence by taking the region out of the global database (cloudposse/terraform-aws-rds-cluster 281)",
  snapshotIdentifier:
    "AWS tells it of members that were made from one, and another value makes the cluster anew (terraform-aws-rds-aurora 162)",
  engineVersion:
    "the global cluster upgrades its members in their order, and what it did is no change to be taken back (terraform-provider-aws 36107)",
  masterUsername: "the founding member alone is given it, and another value makes the cluster anew",
  masterPassword:
    "the founding member alone is given the first one, and AWS takes a new one from the writer alone",
  databaseName:
    "the founding member alone is given it, and another value makes the cluster anew (terraform-provider-aws 28187)",
  sourceRegion:
    "a reader is copied from the region that writes at its birth, and another value makes the cluster anew (terraform-provider-aws 13715, 16362)",
} as const;
