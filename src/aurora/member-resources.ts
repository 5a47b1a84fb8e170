import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import type { Key } from "@pulumi/aws/kms/key";
import { Cluster } from "@pulumi/aws/rds/cluster";
import { ClusterInstance } from "@pulumi/aws/rds/clusterInstance";
import { output, type CustomResourceOptions, type Input, type Output, type Resource } from "@pulumi/pulumi";
import type { RegionAccess } from "./access-resources";
import { protectedByPulumi, type ServiceRole, type Tags } from "./global-resources";
import { ignoredOfMembers } from "./ignored";
import { instanceName } from "./names";
import type { RegionParameters } from "./parameter-resources";
import { port, type AuroraRegionPlan, type AuroraTopologyPlan } from "./plan";

/** What a region has beside its database, made before it. */
export interface RegionBase {
  readonly options: CustomResourceOptions;
  readonly key: Key;
  readonly access: RegionAccess;
  readonly parameters: RegionParameters;
}

/** A region's part of the global database. */
export interface Member {
  readonly cluster: Cluster;
  readonly instances: readonly ClusterInstance[];
}

/** How a member comes into the world. It plays no part later: see `ignoredOfMembers`. */
export interface Birth {
  readonly globalDatabaseId: Input<string>;
  /** The region that founded the topology. */
  readonly founding: Output<string>;
  readonly password?: Output<string>;
}

export interface MemberOptions {
  readonly birth: Birth;
  readonly monitoring: ServiceRole;
  readonly tags: Tags;
  readonly dependsOn: readonly Resource[];
}

/**
 * A region's cluster and its instances, alike for writer and readers: whoever writes is AWS's to know. Deleted, it
 * leaves the global database first.
 */
export function createMember(
  plan: AuroraTopologyPlan,
  region: AuroraRegionPlan,
  base: RegionBase,
  options: MemberOptions,
): Member {
  const cluster = createCluster(plan, region, base, options);
  const numbers = Array.from({ length: region.instances }, (_, index) => index + 1);
  return {
    cluster,
    instances: numbers.map((number) => createInstance(plan, region, base, options, cluster, number)),
  };
}

const logRetentionDays = 365;

function createCluster(
  plan: AuroraTopologyPlan,
  { region, awsRegion, role, names, serverless, deletionProtection, mayBeDeleted }: AuroraRegionPlan,
  { options, key, access, parameters }: RegionBase,
  { birth, tags, dependsOn }: MemberOptions,
): Cluster {
  const { name } = plan;
  const log = new LogGroup(
    `${name}-${region}-log`,
    { region: awsRegion, name: names.logGroup, retentionInDays: logRetentionDays, kmsKeyId: key.arn, tags },
    options,
  );
  const onlyFounder = <T>(value: Input<T> | undefined) =>
    output(birth.founding).apply((first) => output(first === region ? value : undefined)) as Output<
      T | undefined
    >;
  const founding = {
    masterUsername: onlyFounder(plan.owner),
    masterPassword: onlyFounder(birth.password),
    databaseName: onlyFounder(plan.database),
  };
  return new Cluster(
    `${name}-${region}`,
    {
      region: awsRegion,
      clusterIdentifier: names.cluster,
      globalClusterIdentifier: birth.globalDatabaseId,
      engine: "aurora-postgresql",
      engineVersion: plan.engineVersion,
      // AWS copies what is encrypted for those alone who say where from.
      ...(role === "writer" ? founding : { sourceRegion: plan.sourceRegion }),
      port,
      dbSubnetGroupName: access.subnets.name,
      vpcSecurityGroupIds: [access.group.id],
      dbClusterParameterGroupName: parameters.cluster.name,
      storageEncrypted: true,
      kmsKeyId: key.arn,
      iamDatabaseAuthenticationEnabled: true,
      enabledCloudwatchLogsExports: ["postgresql"],
      enableGlobalWriteForwarding: plan.writeForwarding,
      ...(serverless === undefined ? {} : { serverlessv2ScalingConfiguration: { ...serverless } }),
      ...insightsOf(plan, key),
      backupRetentionPeriod: plan.backupRetentionDays,
      ...(plan.backupWindow === undefined ? {} : { preferredBackupWindow: plan.backupWindow }),
      ...maintenanceOf(plan),
      ...(plan.storageType === undefined ? {} : { storageType: plan.storageType }),
      copyTagsToSnapshot: true,
      deletionProtection,
      skipFinalSnapshot: !(plan.finalSnapshot ?? deletionProtection),
      finalSnapshotIdentifier: names.finalSnapshot,
      applyImmediately: true,
      tags,
    },
    {
      ...options,
      ...(mayBeDeleted ? {} : protectedByPulumi),
      dependsOn: [log, ...dependsOn],
      ignoreChanges: options.ignoreChanges ?? Object.keys(ignoredOfMembers),
    },
  );
}

/** A cluster's window and its instances' are set apart: AWS patches either in its own. */
function maintenanceOf({ maintenanceWindow }: AuroraTopologyPlan) {
  return maintenanceWindow === undefined ? {} : { preferredMaintenanceWindow: maintenanceWindow };
}

/** The mode is the cluster's, and AWS takes it with what its instances have alone. Without one, the cluster has no say. */
function insightsOf({ databaseInsights, insightsRetentionDays }: AuroraTopologyPlan, key: Key) {
  return databaseInsights === undefined
    ? {}
    : {
        databaseInsightsMode: databaseInsights,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: key.arn,
        performanceInsightsRetentionPeriod: insightsRetentionDays,
      };
}

function createInstance(
  plan: AuroraTopologyPlan,
  { region, awsRegion, names, instanceClass }: AuroraRegionPlan,
  { options, key, access, parameters }: RegionBase,
  { monitoring, tags }: MemberOptions,
  cluster: Cluster,
  number: number,
): ClusterInstance {
  const { name, insightsRetentionDays } = plan;
  return new ClusterInstance(
    instanceName(`${name}-${region}`, number),
    {
      region: awsRegion,
      identifier: instanceName(names.cluster, number),
      clusterIdentifier: cluster.id,
      // No version: it is the cluster's.
      engine: "aurora-postgresql",
      instanceClass,
      dbSubnetGroupName: access.subnets.name,
      dbParameterGroupName: parameters.instances.name,
      publiclyAccessible: false,
      // AWS ignores it in a global database, where readers must be upgraded before the writer: engineVersion decides.
      autoMinorVersionUpgrade: false,
      monitoringInterval: 60,
      monitoringRoleArn: monitoring.role.arn,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: key.arn,
      performanceInsightsRetentionPeriod: insightsRetentionDays,
      ...maintenanceOf(plan),
      copyTagsToSnapshot: true,
      applyImmediately: true,
      tags,
    },
    { ...options, dependsOn: [monitoring.attachment] },
  );
}
