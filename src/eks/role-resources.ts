import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import { servicePrincipal, trustOf } from "../aws-policies";
import { rolePolicies, type EksPlan } from "./plan";
import type { Scope } from "./scope";

/** A role, and what lets it do anything. */
export interface EksRole {
  readonly role: Role;
  readonly attachments: readonly RolePolicyAttachment[];
}

/** By it EKS makes what the control plane needs. IAM knows no regions. */
export function createClusterRole(scope: Scope, plan: EksPlan): EksRole {
  return createRole(scope, plan, "cluster", plan.names.clusterRole, "eks.amazonaws.com");
}

/** By it nodes join, give addresses to pods and fetch images. */
export function createNodeRole(scope: Scope, plan: EksPlan): EksRole {
  return createRole(scope, plan, "nodes", plan.names.nodeRole, servicePrincipal(plan.awsRegion, "ec2"));
}

function createRole(
  { parent, tags }: Scope,
  plan: EksPlan,
  kind: "cluster" | "nodes",
  name: string,
  service: string,
): EksRole {
  const resourceName = `${plan.name}-${kind}`;
  const description = `The ${kind} of ${plan.identifier} in ${plan.awsRegion}`;
  const role = new Role(
    resourceName,
    { name, description, assumeRolePolicy: trustOf(service), tags },
    { parent },
  );
  const attachments = Object.entries(rolePolicies(plan.awsRegion)[kind]).map(
    ([suffix, policyArn]) =>
      new RolePolicyAttachment(`${resourceName}-${suffix}`, { role: role.name, policyArn }, { parent }),
  );
  return { role, attachments };
}
