/** The names in AWS of what a topology has once. */
export interface TopologyNames {
  readonly globalDatabase: string;
  /** IAM knows no regions: its names are the account's. */
  readonly monitoringRole: string;
  readonly backupRole: string;
}

/** The names in AWS of what a region has. */
export interface RegionNames {
  readonly cluster: string;
  readonly subnets: string;
  readonly access: string;
  readonly keyAlias: string;
  /** Alike in every region, as the names of replicas are. */
  readonly secret: string;
  /** With the major version, so that the groups of two versions are there at once while one is upgraded. */
  readonly parameters: string;
  readonly logGroup: string;
  readonly backup: string;
  readonly finalSnapshot: string;
  readonly proxy: string;
  /** Of the role and the security group. */
  readonly proxyAccess: string;
  readonly proxyReader: string;
}

/** Names are a contract: a cluster that is renamed is another database. */
export function topologyNames(identifier: string): TopologyNames {
  return {
    globalDatabase: identifier,
    monitoringRole: `${identifier}-monitoring`,
    backupRole: `${identifier}-backup`,
  };
}

/** The name of a region's cluster. */
export function clusterName(identifier: string, region: string): string {
  return `${identifier}-${region}`;
}

/** The name of one of a region's instances, which are counted from 1. */
export function instanceName(cluster: string, number: number): string {
  return `${cluster}-${number}`;
}

export function regionNames(identifier: string, region: string, majorVersion: number): RegionNames {
  const cluster = clusterName(identifier, region);
  return {
    cluster,
    subnets: cluster,
    access: `${cluster}-postgres`,
    keyAlias: `alias/${cluster}`,
    secret: `${identifier}/owner`,
    parameters: `${cluster}-pg${majorVersion}`,
    // Aurora's own choice: it makes the group, open-ended and without our key, where there is none yet.
    logGroup: `/aws/rds/cluster/${cluster}/postgresql`,
    backup: cluster,
    finalSnapshot: `${cluster}-final`,
    proxy: cluster,
    proxyAccess: `${cluster}-proxy`,
    proxyReader: `${cluster}-read`,
  };
}
