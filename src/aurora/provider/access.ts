import type { dynamic } from "@pulumi/pulumi";

/** A role that is assumed, as the AWS provider's own `assumeRoles` has it. */
export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string;
  readonly sessionName?: string;
  /** Such as `1h30m`. */
  readonly duration?: string;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

/** By which credentials AWS is asked. Empty: what AWS's SDK finds in the environment. */
export interface AwsAccess {
  readonly profile?: string;
  readonly keys?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Each is assumed by the one before it, the first by the profile or the keys. */
  readonly assumeRoles?: readonly AssumedRole[];
}

/** What the component's arguments and options say of it. */
export interface AccessInputs {
  /** A profile of AWS's shared configuration; empty where none is given. */
  readonly profile: string;
  readonly assumeRoles?: readonly AssumedRole[];
  /** Whether the component has an AWS provider of its own, for which the stack's `aws:` configuration does not count. */
  readonly hasProvider?: boolean;
}

/** The keys of the stack's configuration of the AWS provider, without `aws:`, that say who asks. */
export const stackKeys = ["profile", "accessKey", "secretKey", "token", "assumeRoles"] as const;

export type StackKey = (typeof stackKeys)[number];

/** What stands there. Lists are in JSON. */
export type StackConfiguration = Readonly<Partial<Record<StackKey, string>>>;

/** @param valueOf What the stack has for a key. */
export function stackConfigurationOf(valueOf: (key: StackKey) => unknown): StackConfiguration {
  const entries = stackKeys.map((key) => [key, valueOf(key)] as const);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === "string" && value !== ""));
}

/** The arguments count alone where there are any. Else the stack's configuration does, as for the default provider. */
export function accessOf(
  { profile, assumeRoles = [], hasProvider = false }: AccessInputs,
  stack: StackConfiguration,
): AwsAccess {
  if (profile !== "" || assumeRoles.length > 0) {
    return {
      ...(profile === "" ? {} : { profile }),
      ...(assumeRoles.length === 0 ? {} : { assumeRoles }),
    };
  }
  return hasProvider ? {} : accessOfStack(stack);
}

function accessOfStack({ profile, accessKey, secretKey, token, assumeRoles }: StackConfiguration): AwsAccess {
  const roles = assumeRoles === undefined ? [] : (JSON.parse(assumeRoles) as AssumedRole[]);
  return {
    ...(profile ? { profile } : {}),
    ...(accessKey && secretKey
      ? {
          keys: {
            accessKeyId: accessKey,
            secretAccessKey: secretKey,
            ...(token ? { sessionToken: token } : {}),
          },
        }
      : {}),
    ...(roles.length === 0 ? {} : { assumeRoles: roles }),
  };
}

let ofStack: StackConfiguration = {};

/**
 * Pulumi hands the stack's configuration to the process of a dynamic provider, secrets decrypted: so keys are in no
 * input, and in no output. A process serves one stack.
 */
export async function configure({ config }: dynamic.ConfigureRequest): Promise<void> {
  ofStack = stackConfigurationOf((key) => config.get(`aws:${key}`));
}

/** How a dynamic resource asks AWS. */
export function accessFor(inputs: AccessInputs): AwsAccess {
  return accessOf(inputs, ofStack);
}
