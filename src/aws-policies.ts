/** Who is who in an ARN: `arn:PARTITION:SERVICE:REGION:ACCOUNT:…`. */
export interface Account {
  readonly partition: string;
  readonly id: string;
}

/** The account that a resource of it names: asking AWS who we are would take a call of its own. */
export function accountOf(arn: string): Account {
  const [, partition, , , id] = arn.split(":");
  return { partition: partition!, id: id! };
}

/** Where AWS's own policies are: China and the governments have partitions of their own. */
export function partitionOf(awsRegion: string): string {
  if (awsRegion.startsWith("cn-")) {
    return "aws-cn";
  }
  return awsRegion.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** An AWS policy by its name, such as `service-role/AmazonRDSEnhancedMonitoringRole`. */
export function managedPolicy(awsRegion: string, name: string): string {
  return `arn:${partitionOf(awsRegion)}:iam::aws:policy/${name}`;
}

/** Lets one of AWS's services take on a role. */
export function trustOf(service: string): string {
  return policy([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}

/** The account decides by IAM who uses a key. */
export function accountKeyPolicy(account: Account): string {
  return policy([ofAccount(account)]);
}

/** The account decides by IAM who uses a region's key; the log of its cluster, and no other, is encrypted by it. */
export function keyPolicy(account: Account, awsRegion: string, logGroup: string): string {
  const { partition, id } = account;
  return policy([
    ofAccount(account),
    {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${awsRegion}.amazonaws.com` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${awsRegion}:${id}:log-group:${logGroup}`,
        },
      },
    },
  ]);
}

/** Lets a role read one secret, and use its key for nothing else. */
export function readSecretPolicy(awsRegion: string, secretArn: string, keyArn: string): string {
  const domain = partitionOf(awsRegion) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return policy([
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${awsRegion}.${domain}` } },
    },
  ]);
}

function ofAccount({ partition, id }: Account): object {
  return {
    Sid: "Account",
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${id}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}

function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
