import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import { GlobalCluster } from "@pulumi/aws/rds/globalCluster";
import type { CustomResourceOptions, Input, Resource } from "@pulumi/pulumi";
import type { AuroraTopologyPlan } from "./plan";
import { managedPolicy, trustOf } from "../aws-policies";

/**
 * AWS's deletion protection comes too late: the provider takes a cluster out of the global database, and its instances
 * and secrets are deleted, before AWS refuses. Pulumi refuses before it deletes anything.
 */
export const protectedByPulumi = { protect: true } as const;

export type Tags = Readonly<Record<string, Input<string>>>;

/**
 * The empty global database, which the founding member joins first.
 *
 * It drives upgrades, of minor and of major versions: members ignore theirs. AWS takes a major version through
 * ModifyGlobalCluster alone; a minor one too since February 2026, for all members at once and rolled back if it fails;
 * where it does not, the provider upgrades member by member, and AWS refuses the writer before its readers.
 *
 * It has no `databaseName`: with one, the next update would replace it (terraform-provider-aws 28187).
 */
export function createGlobalCluster(
  parent: Resource,
  { name, names, engineVersion, deletionProtection, lost }: AuroraTopologyPlan,
  home: Input<string>,
  tags: Tags,
): GlobalCluster {
  return new GlobalCluster(
    `${name}-global`,
    {
      region: home,
      globalClusterIdentifier: names.globalDatabase,
      engine: "aurora-postgresql",
      engineVersion,
      storageEncrypted: true,
      deletionProtection,
      tags,
    },
    // It may be kept by an AWS region that is lost, and an upgrade concerns every member.
    {
      parent,
      ...(deletionProtection ? protectedByPulumi : {}),
      ...(lost.length > 0 ? { ignoreChanges: ["*"] } : {}),
    },
  );
}

/** A role that one of AWS's services takes on. IAM knows no regions. */
export interface ServiceRole {
  readonly role: Role;
  /** What lets the role do anything. */
  readonly attachment: RolePolicyAttachment;
}

/** By it instances tell what goes on in their operating system. */
export function createMonitoringRole(parent: Resource, plan: AuroraTopologyPlan, tags: Tags): ServiceRole {
  return createServiceRole(
    `${plan.name}-monitoring`,
    plan,
    tags,
    { parent },
    {
      name: plan.names.monitoringRole,
      description: `Enhanced monitoring of ${plan.identifier}`,
      service: "monitoring.rds.amazonaws.com",
      policy: "service-role/AmazonRDSEnhancedMonitoringRole",
    },
  );
}

/** By it AWS Backup keeps copies of the regions' clusters. */
export function createBackupRole(parent: Resource, plan: AuroraTopologyPlan, tags: Tags): ServiceRole {
  return createServiceRole(
    `${plan.name}-backup`,
    plan,
    tags,
    { parent },
    {
      name: plan.names.backupRole,
      description: `Backups of ${plan.identifier}`,
      service: "backup.amazonaws.com",
      policy: "service-role/AWSBackupServiceRolePolicyForBackup",
    },
  );
}

function createServiceRole(
  resourceName: string,
  { primary }: AuroraTopologyPlan,
  tags: Tags,
  options: CustomResourceOptions,
  { name, description, service, policy }: Record<"name" | "description" | "service" | "policy", string>,
): ServiceRole {
  const role = new Role(
    resourceName,
    { name, description, assumeRolePolicy: trustOf(service), tags },
    options,
  );
  const policyArn = managedPolicy(primary.awsRegion, policy);
  return {
    role,
    attachment: new RolePolicyAttachment(resourceName, { role: role.name, policyArn }, options),
  };
}
