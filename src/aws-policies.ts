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

/** Where AWS's own policies are, by what the regions' names begin with: all others are in `aws`. */
const partitions: Readonly<Record<string, string>> = {
  "cn-": "aws-cn",
  "us-gov-": "aws-us-gov",
  "eusc-": "aws-eusc",
};

/** The partition that a region is in: China, the government of the United States and the sovereign cloud have their own. */
export function partitionOf(awsRegion: string): string {
  const start = Object.keys(partitions).find((each) => awsRegion.startsWith(each));
  return start === undefined ? "aws" : partitions[start]!;
}

/** The places that are in another partition than the first one, each with the first one. */
export function inOtherPartitions<Place extends { readonly awsRegion: string }>([
  first,
  ...others
]: readonly Place[]): { readonly place: Place; readonly first: Place }[] {
  return first === undefined
    ? []
    : others
        .filter(({ awsRegion }) => partitionOf(awsRegion) !== partitionOf(first.awsRegion))
        .map((place) => ({ place, first }));
}

/**
 * The name by which policies trust one of AWS's services. Those of China end in `.cn`; all others do not, whatever the
 * names of hosts there: https://github.com/pulumi/pulumi-eks/issues/2341
 */
export function servicePrincipal(awsRegion: string, service: string): string {
  return `${service}.amazonaws.com${partitionOf(awsRegion) === "aws-cn" ? ".cn" : ""}`;
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

/**
 * The account decides by IAM who uses a region's key; CloudWatch Logs encrypts logs by it.
 *
 * @param logGroup the only log, or all of the account in the region
 */
export function keyPolicy(account: Account, awsRegion: string, logGroup = "*"): string {
  return policy([
    ofAccount(account),
    {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: servicePrincipal(awsRegion, `logs.${awsRegion}`) },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        [logGroup === "*" ? "ArnLike" : "ArnEquals"]: {
          "kms:EncryptionContext:aws:logs:arn": logGroupArn(account, awsRegion, logGroup),
        },
      },
    },
  ]);
}

/** Lets flow logs, and those of this account and region alone, act as the role. */
export function flowLogTrust({ partition, id }: Account, awsRegion: string): string {
  return policy([
    {
      Effect: "Allow",
      Principal: { Service: "vpc-flow-logs.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": id },
        ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${awsRegion}:${id}:vpc-flow-log/*` },
      },
    },
  ]);
}

/** Lets the role write to one log group. */
export function flowLogPolicy(account: Account, awsRegion: string, arn: string): string {
  return policy([
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: `${arn}:*`,
    },
    { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: logGroupArn(account, awsRegion, "*") },
  ]);
}

function logGroupArn({ partition, id }: Account, awsRegion: string, logGroup: string): string {
  return `arn:${partition}:logs:${awsRegion}:${id}:log-group:${logGroup}`;
}

/** Lets one service account of a cluster take on a role: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html */
export function trustOfServiceAccount(providerArn: string, issuer: string, account: string): string {
  const host = issuer.replace(/^https:\/\//, "");
  return policy([
    {
      Effect: "Allow",
      Principal: { Federated: providerArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${host}:aud`]: "sts.amazonaws.com", [`${host}:sub`]: account } },
    },
  ]);
}

/** Lets a role read one secret, and use its key for nothing else. */
export function readSecretPolicy(awsRegion: string, secretArn: string, keyArn: string): string {
  return policy([
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": viaService(awsRegion, "secretsmanager") } },
    },
  ]);
}

/** By which name KMS knows a service that asks for somebody: of the sovereign cloud either end is allowed. */
function viaService(awsRegion: string, service: string): string | readonly string[] {
  const name = servicePrincipal(awsRegion, `${service}.${awsRegion}`);
  return partitionOf(awsRegion) === "aws-eusc" ? [name, `${service}.${awsRegion}.amazonaws.eu`] : name;
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
