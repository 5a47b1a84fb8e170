import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { FlowLog } from "@pulumi/aws/ec2/flowLog";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Key } from "@pulumi/aws/kms/key";
import * as pulumi from "@pulumi/pulumi";
import { flowLogPolicy, flowLogTrust, keyPolicy, type Account } from "../aws-policies";
import type { VpcPlan } from "./region-plan";
import { tagged, type Scope } from "./scope";
import type { VpcResources } from "./vpc-resources";

/** All traffic of the VPC, told to a log group that a key of the region's own encrypts. */
export function createFlowLogs(
  scope: Scope,
  { vpc }: VpcResources,
  { wishes }: VpcPlan,
  account: pulumi.Output<Account>,
): void {
  if (!wishes.flowLogs) {
    return;
  }
  const { prefix, awsRegion, parent } = scope;
  const name = `${prefix}-flow-logs`;
  const logGroup = createLogGroup(scope, wishes.flowLogRetentionDays, account);
  // IAM has no regions.
  const { tags } = tagged(scope, "flow-logs");
  const role = new Role(
    name,
    { assumeRolePolicy: account.apply((known) => flowLogTrust(known, awsRegion)), tags },
    { parent },
  );
  const policy = new RolePolicy(
    name,
    {
      role: role.id,
      policy: pulumi
        .all([account, logGroup.arn])
        .apply(([known, arn]) => flowLogPolicy(known, awsRegion, arn)),
    },
    { parent },
  );
  new FlowLog(
    name,
    {
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      ...tagged(scope, "flow-logs"),
    },
    { parent, dependsOn: [policy] },
  );
}

function createLogGroup(scope: Scope, retentionInDays: number, account: pulumi.Output<Account>): LogGroup {
  const { prefix, awsRegion, parent } = scope;
  const key = new Key(
    `${prefix}-logs`,
    {
      description: `Logs of ${prefix}`,
      enableKeyRotation: true,
      policy: account.apply((known) => keyPolicy(known, awsRegion)),
      ...tagged(scope, "logs"),
    },
    { parent },
  );
  return new LogGroup(
    `${prefix}-flow-logs`,
    { kmsKeyId: key.arn, retentionInDays, ...tagged(scope, "flow-logs") },
    { parent },
  );
}
