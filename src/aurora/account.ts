import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as pulumi from "@pulumi/pulumi";
import type { Failure } from "../rules";
import {
  accessOf,
  stackConfigurationOf,
  stackKeys,
  type AccessInputs,
  type StackConfiguration,
} from "./provider/access";
import { accountOf } from "./provider/credentials";
import { isSilence } from "./provider/silence";
import { AuroraRefusal } from "./resources";

/** The answer to the question whose account it is: the account's id, or why there is none. */
export type Account = string | Error;

/**
 * What is refused before anything is created: handovers are this package's own calls, and in another account than that
 * of the AWS provider they would find no database.
 *
 * @param provider The account of the AWS provider.
 * @param own The account of the handovers.
 */
export function accountFailures(provider: string, own: Account): Failure[] {
  const remedy =
    "give assumeRoles or profile, so that handovers ask AWS as the provider does, or the same credentials in the environment";
  if (own instanceof Error) {
    const reason = `handovers have no credentials for account ${provider}, that of the AWS provider: ${told(own)}. To go on, ${remedy}`;
    return isSilence(own) ? [] : [{ propertyPath: "profile", reason }];
  }
  const reason = `the AWS provider is of account ${provider}, and handovers would ask account ${own}: ${remedy}`;
  return own === provider ? [] : [{ propertyPath: "profile", reason }];
}

function told({ name, message }: Error): string {
  return name === "Error" ? message : `${name}: ${message}`;
}

/**
 * Compares the accounts in every preview and update, and gives the provider's. Nothing of the component is registered before it is over.
 *
 * @param awsRegion Where AWS is asked for the account of the handovers: that of the primary, which has to answer anyway.
 */
export function compareAccounts(
  component: pulumi.Resource,
  name: string,
  inputs: AccessInputs,
  awsRegion: string,
): pulumi.Output<string> {
  // No engine runs in the unit tests of a program, and AWS is not asked.
  if (pulumi.runtime.getEngine() === undefined) {
    return pulumi.output("");
  }
  const identity = getCallerIdentityOutput({}, { parent: component });
  return pulumi
    .all([identity.accountId, stackConfiguration()])
    .apply(async ([provider, stack]: [string | undefined, StackConfiguration]) => {
      if (!provider) {
        return "";
      }
      const own = await accountOf(accessOf(inputs, stack), awsRegion).catch((error: Error) => error);
      const [failure] = accountFailures(provider, own);
      if (failure !== undefined) {
        new AuroraRefusal(`${name}-account`, failure);
        // Until the engine ends the update, nothing of the component is registered.
        return new Promise<string>(() => undefined);
      }
      if (own instanceof Error) {
        // Without the component: it is registered afterwards.
        await pulumi.log.warn(
          `AuroraPostgres "${name}": it is not known whether handovers ask account ${provider}, as the AWS provider does: ${own.message}`,
        );
      }
      return provider;
    });
}

/**
 * Options by which nothing of a component is registered before its admission: its children wait for it. The admission
 * is no resource, and no dependency in the state.
 */
export function admittedBy(
  admission: Promise<pulumi.Output<string>>,
  options: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  const gate = pulumi.output(admission).apply((): pulumi.Resource[] => []);
  // Pulumi flattens what is nested here, though its types do not say so.
  const dependsOn = [options.dependsOn ?? [], gate] as pulumi.Input<pulumi.Resource>[];
  return { ...options, dependsOn };
}

/** What the default AWS provider is given by the stack. Any of it may be a secret. */
function stackConfiguration(): pulumi.Output<StackConfiguration> {
  const config = new pulumi.Config("aws");
  const values = pulumi.all(stackKeys.map((key) => pulumi.output(config.getSecret(key))));
  return values.apply((found) => stackConfigurationOf((key) => found[stackKeys.indexOf(key)]));
}
