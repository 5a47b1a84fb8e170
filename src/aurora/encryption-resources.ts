import { Alias } from "@pulumi/aws/kms/alias";
import { Key } from "@pulumi/aws/kms/key";
import { output, type CustomResourceOptions, type Input } from "@pulumi/pulumi";
import type { Tags } from "./global-resources";
import type { AuroraRegionPlan, AuroraTopologyPlan } from "./plan";
import { accountOf, keyPolicy } from "../aws-policies";

/**
 * A region's own key, which AWS rotates every year: for storage, backups, insights, logs and the secret. Keys leave no
 * region, so no region needs another's.
 *
 * @param accountArn The ARN of anything that the account has: the policy names the account.
 */
export function createKey(
  { name, identifier }: AuroraTopologyPlan,
  { region, awsRegion, names, deletionProtection }: AuroraRegionPlan,
  accountArn: Input<string>,
  tags: Tags,
  options: CustomResourceOptions,
): Key {
  const key = new Key(
    `${name}-${region}-key`,
    {
      region: awsRegion,
      description: `${identifier} in ${awsRegion}`,
      enableKeyRotation: true,
      deletionWindowInDays: deletionProtection ? 30 : 7,
      policy: output(accountArn).apply((arn) => keyPolicy(accountOf(arn), awsRegion, names.logGroup)),
      tags,
    },
    options,
  );
  new Alias(
    `${name}-${region}-key`,
    { region: awsRegion, name: names.keyAlias, targetKeyId: key.keyId },
    options,
  );
  return key;
}
