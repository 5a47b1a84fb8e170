import { Addon } from "@pulumi/aws/eks/addon";
import type { Cluster } from "@pulumi/aws/eks/cluster";
import type { NodeGroup } from "@pulumi/aws/eks/nodeGroup";
import type { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import { all } from "@pulumi/pulumi";
import { managedPolicy, trustOfServiceAccount } from "../aws-policies";
import type { EksAddon } from "./args";
import type { EksPlan } from "./plan";
import type { Scope } from "./scope";

const driver: EksAddon = "aws-ebs-csi-driver";

/** The service account that makes volumes: https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html */
const volumesAccount = "system:serviceaccount:kube-system:ebs-csi-controller-sa";

/**
 * What EKS keeps in the cluster. Each is of the version that EKS has for the cluster's when it is made: EKS upgrades none
 * by itself. It takes over what EKS put into the cluster at its creation, and leaves what is changed afterwards.
 *
 * Once there are nodes: without any, none of them is ever well.
 */
export function createAddons(
  scope: Scope,
  plan: EksPlan,
  cluster: Cluster,
  oidc: OpenIdConnectProvider,
  nodes: NodeGroup,
): Addon[] {
  const { name, awsRegion, addons } = plan;
  const role = addons.includes(driver) ? createVolumesRole(scope, plan, oidc) : undefined;
  return addons.map(
    (addonName) =>
      new Addon(
        `${name}-addon-${addonName}`,
        {
          region: awsRegion,
          clusterName: cluster.name,
          addonName,
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "PRESERVE",
          // One that is no longer listed stays in the cluster: pods without addresses or names would be down.
          preserve: true,
          ...(addonName === driver
            ? {
                serviceAccountRoleArn: role!.arn,
                // A class of gp3, the driver's own choice, which is the cluster's default.
                configurationValues: JSON.stringify({ defaultStorageClass: { enabled: true } }),
              }
            : {}),
          tags: scope.tags,
        },
        { parent: scope.parent, dependsOn: [nodes] },
      ),
  );
}

/** By it the driver makes volumes. The role is ready once its policy is attached: what takes its ARN waits for that. */
function createVolumesRole(
  { parent, tags }: Scope,
  { name, identifier, awsRegion, names }: EksPlan,
  oidc: OpenIdConnectProvider,
): { arn: Role["arn"] } {
  const role = new Role(
    `${name}-volumes`,
    {
      name: names.volumesRole,
      description: `The volumes of ${identifier} in ${awsRegion}`,
      assumeRolePolicy: all([oidc.arn, oidc.url]).apply(([arn, url]) =>
        trustOfServiceAccount(arn, url, volumesAccount),
      ),
      tags,
    },
    { parent },
  );
  const attachment = new RolePolicyAttachment(
    `${name}-volumes-ebs`,
    { role: role.name, policyArn: managedPolicy(awsRegion, "service-role/AmazonEBSCSIDriverPolicy") },
    { parent },
  );
  return { arn: all([role.arn, attachment.policyArn]).apply(([arn]) => arn) };
}
