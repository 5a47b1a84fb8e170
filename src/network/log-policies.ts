/** The account that everything is made in. */
export interface Account {
  readonly accountId: string;
  /** Of whoever makes it: it tells the partition, such as `aws` or `aws-cn`. */
  readonly arn: string;
}

/** Who may use a region's key: its account by IAM, and CloudWatch Logs there for log groups of the account. */
export function logKeyPolicy(account: Account, awsRegion: string): string {
  const domain = partitionOf(account) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return policy([
    {
      Sid: "Account",
      Effect: "Allow",
      Principal: { AWS: `arn:${partitionOf(account)}:iam::${account.accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${awsRegion}.${domain}` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `${logsArn(account, awsRegion)}:*` } },
    },
  ]);
}

/** That flow logs, and those of this account and region alone, act as the role. */
export function flowLogTrust(account: Account, awsRegion: string): string {
  return policy([
    {
      Effect: "Allow",
      Principal: { Service: "vpc-flow-logs.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": account.accountId },
        ArnLike: {
          "aws:SourceArn": `arn:${partitionOf(account)}:ec2:${awsRegion}:${account.accountId}:vpc-flow-log/*`,
        },
      },
    },
  ]);
}

/** That the role writes to one log group. */
export function flowLogPolicy(account: Account, awsRegion: string, logGroupArn: string): string {
  return policy([
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: `${logGroupArn}:*`,
    },
    { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: `${logsArn(account, awsRegion)}:*` },
  ]);
}

function logsArn(account: Account, awsRegion: string): string {
  return `arn:${partitionOf(account)}:logs:${awsRegion}:${account.accountId}:log-group`;
}

function partitionOf({ arn }: Account): string {
  return arn.split(":")[1]!;
}

function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
