import { Plan } from "@pulumi/aws/backup/plan";
import { Selection } from "@pulumi/aws/backup/selection";
import { Vault } from "@pulumi/aws/backup/vault";
import type { ServiceRole, Tags } from "./global-resources";
import type { Member, RegionBase } from "./member-resources";
import type { AuroraRegionPlan, AuroraTopologyPlan } from "./plan";

const keptDays = 35;

/** Daily backups by AWS Backup in a vault of the region's own, which outlive the cluster. */
export function createBackup(
  { name }: AuroraTopologyPlan,
  { region, awsRegion, names, deletionProtection }: AuroraRegionPlan,
  { options, key }: RegionBase,
  { cluster }: Member,
  { role, attachment }: ServiceRole,
  tags: Tags,
): void {
  const resourceName = `${name}-${region}-backup`;
  const vault = new Vault(
    resourceName,
    { region: awsRegion, name: names.backup, kmsKeyArn: key.arn, forceDestroy: !deletionProtection, tags },
    options,
  );
  const plan = new Plan(
    resourceName,
    {
      region: awsRegion,
      name: names.backup,
      rules: [
        {
          ruleName: "daily",
          targetVaultName: vault.name,
          schedule: "cron(0 5 * * ? *)",
          lifecycle: { deleteAfter: keptDays },
        },
      ],
      tags,
    },
    options,
  );
  new Selection(
    resourceName,
    {
      region: awsRegion,
      name: names.backup,
      planId: plan.id,
      iamRoleArn: role.arn,
      resources: [cluster.arn],
    },
    { ...options, dependsOn: [attachment] },
  );
}
