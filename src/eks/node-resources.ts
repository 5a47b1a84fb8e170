import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate";
import type { Cluster } from "@pulumi/aws/eks/cluster";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup";
import type { EksNetworkArgs } from "./args";
import type { EksPlan } from "./plan";
import type { EksRole } from "./role-resources";
import type { Scope } from "./scope";

/** The nodes, which EKS replaces one by one where they change. */
export function createNodes(
  scope: Scope,
  plan: EksPlan,
  cluster: Cluster,
  { role, attachments }: EksRole,
  { privateSubnetIds }: EksNetworkArgs,
): NodeGroup {
  const { name, awsRegion, nodes } = plan;
  const template = createTemplate(scope, plan);
  return new NodeGroup(
    `${name}-nodes`,
    {
      region: awsRegion,
      clusterName: cluster.name,
      version: cluster.version,
      nodeRoleArn: role.arn,
      subnetIds: privateSubnetIds,
      amiType: nodes.amiType,
      instanceTypes: nodes.instanceTypes,
      scalingConfig: { minSize: nodes.count, desiredSize: nodes.count, maxSize: nodes.count },
      updateConfig: { maxUnavailable: 1 },
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      tags: scope.tags,
    },
    { parent: scope.parent, dependsOn: [...attachments] },
  );
}

/**
 * Pods do not reach the node's credentials: one hop is the node's own. Volumes are encrypted by the account's key for
 * EBS, since a key of ours would have to name a role that AWS makes with the first node of an account.
 */
function createTemplate(
  { parent, tags }: Scope,
  { name, identifier, awsRegion, nodes }: EksPlan,
): LaunchTemplate {
  const named = { ...tags, Name: `${identifier}-node` };
  return new LaunchTemplate(
    `${name}-nodes`,
    {
      region: awsRegion,
      description: `The nodes of ${identifier}`,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeSize: nodes.volumeGiB,
            volumeType: "gp3",
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: named })),
      tags,
    },
    { parent },
  );
}
