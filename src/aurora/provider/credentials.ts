import type { AssumeRoleCommandInput, STSClientConfig } from "@aws-sdk/client-sts";
import type { AssumedRole, AwsAccess } from "./access";

// The engine would print it with every update: which Node.js runs is not ours to decide.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** The options of any of the SDK's clients that follow from the access. */
export type CredentialOptions = Pick<STSClientConfig, "profile" | "credentials">;

/** Limits of one request, in milliseconds: a region that is gone answers nothing. */
export const requestLimits = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** @param awsRegion Where roles are assumed. */
export function credentialOptions(
  { profile, keys, assumeRoles = [] }: AwsAccess,
  awsRegion: string,
): CredentialOptions {
  // As in the AWS provider, keys go before a profile.
  const base: CredentialOptions = keys !== undefined ? { credentials: keys } : profile ? { profile } : {};
  return assumeRoles.reduce<CredentialOptions>(
    (options, role) => ({ credentials: () => assume(role, options, awsRegion) }),
    base,
  );
}

/** The account whose credentials these are. Asks for no right. */
export async function accountOf(access: AwsAccess, awsRegion: string): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await loadSts();
  const client = new STSClient({
    region: awsRegion,
    requestHandler: requestLimits,
    ...credentialOptions(access, awsRegion),
  });
  try {
    const { Account = "" } = await client.send(new GetCallerIdentityCommand({}));
    return Account;
  } finally {
    client.destroy();
  }
}

/** Loaded when it is first used: a program that is only looked at does without it. */
function loadSts() {
  return import("@aws-sdk/client-sts");
}

async function assume(role: AssumedRole, options: CredentialOptions, awsRegion: string) {
  const { AssumeRoleCommand, STSClient } = await loadSts();
  const client = new STSClient({ region: awsRegion, requestHandler: requestLimits, ...options });
  try {
    const { Credentials } = await client.send(new AssumeRoleCommand(assumption(role)));
    if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined) {
      throw new Error(`AWS gave no credentials for ${role.roleArn}`);
    }
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      ...(Credentials.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
      // The SDK asks again before that.
      ...(Credentials.Expiration === undefined ? {} : { expiration: Credentials.Expiration }),
    };
  } finally {
    client.destroy();
  }
}

function assumption(role: AssumedRole): AssumeRoleCommandInput {
  const { roleArn, externalId, sessionName, duration, policy, policyArns, sourceIdentity, tags } = role;
  return {
    RoleArn: roleArn,
    RoleSessionName: sessionName ?? "pulumi-multi-region-postgres",
    ExternalId: externalId,
    DurationSeconds: duration === undefined ? undefined : secondsOf(duration),
    Policy: policy,
    PolicyArns: policyArns?.map((arn) => ({ arn })),
    SourceIdentity: sourceIdentity,
    Tags: tags && Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    TransitiveTagKeys: role.transitiveTagKeys && [...role.transitiveTagKeys],
  };
}

/** Of a duration as Go writes it, such as `1h30m`. */
function secondsOf(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  );
}
