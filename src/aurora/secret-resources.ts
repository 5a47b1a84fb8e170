import { Secret } from "@pulumi/aws/secretsmanager/secret";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import type { SecretsArgs } from "../secrets/args";
import type { Tags } from "./global-resources";
import type { RegionBase } from "./member-resources";
import { port, type AuroraRegionPlan, type AuroraTopologyPlan } from "./plan";

/** The owner's password: the user's, or one that is generated once, and anew with `passwordRotation`. */
export function createPassword(
  parent: pulumi.Resource,
  { name, owner }: AuroraTopologyPlan,
  { passwords = {}, passwordRotation = "" }: SecretsArgs,
): pulumi.Output<string> {
  const brought = Object.hasOwn(passwords, owner) ? passwords[owner] : undefined;
  if (brought !== undefined) {
    return pulumi.secret(brought);
  }
  // Letters and digits alone survive every shell, URI and configuration file.
  const { result } = new RandomPassword(
    `${name}-password`,
    { length: 32, special: false, keepers: { rotation: passwordRotation } },
    // A rotation replaces it, and protection, inherited from the component, would block the whole update.
    { parent, protect: false },
  );
  return pulumi.secret(result);
}

export interface OwnerCredential {
  readonly password: pulumi.Input<string>;
  /** The host that follows the writer; empty where AWS gives none. */
  readonly host: pulumi.Input<string>;
}

/**
 * A region's own copy of the owner's credential, under a name that is the same everywhere and a key of the region's own.
 * A replica of Secrets Manager's would hang on the region that it is a replica of: once that is lost, it is neither
 * changed nor replicated any further.
 *
 * @returns The secret's ARN.
 */
export function createSecret(
  { name, identifier, owner, database }: AuroraTopologyPlan,
  { region, awsRegion, names, deletionProtection }: AuroraRegionPlan,
  { options, key }: RegionBase,
  { password, host }: OwnerCredential,
  tags: Tags,
  dependsOn: readonly pulumi.Resource[],
): pulumi.Output<string> {
  const secret = new Secret(
    `${name}-${region}-secret`,
    {
      region: awsRegion,
      name: names.secret,
      description: `The owner of ${identifier}`,
      kmsKeyId: key.arn,
      recoveryWindowInDays: deletionProtection ? 30 : 0,
      tags,
    },
    options,
  );
  const secretString = pulumi.secret(
    pulumi.all([password, host]).apply(([word, writer]) =>
      JSON.stringify({
        engine: "postgres",
        username: owner,
        password: word,
        dbname: database,
        ...(writer === "" ? {} : { host: writer }),
        port,
      }),
    ),
  );
  new SecretVersion(
    `${name}-${region}-secret`,
    { region: awsRegion, secretId: secret.id, secretString },
    // A new password is a new version: AWS changes none.
    { ...options, protect: false, dependsOn: [...dependsOn] },
  );
  return secret.arn;
}
