import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { Cluster } from "@pulumi/aws/eks/cluster";
import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider";
import { Alias } from "@pulumi/aws/kms/alias";
import { Key } from "@pulumi/aws/kms/key";
import { output } from "@pulumi/pulumi";
import { accountOf, keyPolicy } from "../aws-policies";
import { zonesWithoutEks } from "../network/zones";
import type { EksNetworkArgs } from "./args";
import { withoutEks, type EksPlan } from "./plan";
import type { EksRole } from "./role-resources";
import type { Scope } from "./scope";

const logRetentionDays = 365;

/** All that the control plane tells. */
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** The control plane, its log and its key, and who reaches it. */
export function createCluster(
  scope: Scope,
  plan: EksPlan,
  { role, attachments }: EksRole,
  network: EksNetworkArgs,
): Cluster {
  const { parent, tags } = scope;
  const { name, awsRegion, identifier, names, publicAccessCidrBlocks, deletionProtection, version } = plan;
  const key = createKey(scope, plan, role);
  const log = new LogGroup(
    `${name}-log`,
    { region: awsRegion, name: names.logGroup, retentionInDays: logRetentionDays, kmsKeyId: key.arn, tags },
    { parent },
  );
  const isPublic = publicAccessCidrBlocks.length > 0;
  const { serviceCidrBlock } = network;
  return new Cluster(
    name,
    {
      region: awsRegion,
      name: identifier,
      roleArn: role.arn,
      ...(version === undefined ? {} : { version }),
      vpcConfig: {
        subnetIds: output([network.privateSubnetIds, network.privateZoneIds ?? []] as const).apply(
          ([subnetIds, zoneIds]) => {
            refuseZones(awsRegion, zoneIds);
            return subnetIds;
          },
        ),
        securityGroupIds: [createApiAccess(scope, plan, network).id],
        endpointPrivateAccess: true,
        endpointPublicAccess: isPublic,
        ...(isPublic ? { publicAccessCidrs: [...publicAccessCidrBlocks] } : {}),
      },
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      enabledClusterLogTypes: logTypes,
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      ...(serviceCidrBlock === undefined
        ? {}
        : { kubernetesNetworkConfig: { serviceIpv4Cidr: serviceCidrBlock } }),
      deletionProtection,
      tags,
    },
    // AWS's own protection comes too late: nodes and access entries are deleted before AWS refuses.
    { parent, ...(deletionProtection ? { protect: true } : {}), dependsOn: [...attachments, log] },
  );
}

/** The cluster's own key, which AWS rotates every year: for the secrets in Kubernetes and the log. */
function createKey({ parent, tags }: Scope, plan: EksPlan, role: EksRole["role"]): Key {
  const { name, identifier, awsRegion, names, deletionProtection } = plan;
  const key = new Key(
    `${name}-key`,
    {
      region: awsRegion,
      description: `Secrets of Kubernetes and logs of ${identifier}`,
      enableKeyRotation: true,
      deletionWindowInDays: deletionProtection ? 30 : 7,
      policy: output(role.arn).apply((arn) => keyPolicy(accountOf(arn), awsRegion, names.logGroup)),
      tags,
    },
    { parent },
  );
  new Alias(`${name}-key`, { region: awsRegion, name: names.keyAlias, targetKeyId: key.keyId }, { parent });
  return key;
}

/** The nodes are let in by a group of EKS's own. */
function createApiAccess(
  { parent, tags }: Scope,
  { name, identifier, awsRegion, names }: EksPlan,
  { vpcId, clientCidrBlocks = [] }: EksNetworkArgs,
): SecurityGroup {
  return new SecurityGroup(
    `${name}-api`,
    {
      region: awsRegion,
      name: names.api,
      description: `The Kubernetes API of ${identifier}`,
      vpcId,
      ingress: output(clientCidrBlocks).apply((cidrBlocks) =>
        cidrBlocks.length === 0
          ? []
          : [
              {
                description: "The Kubernetes API, from networks that are let in",
                protocol: "tcp",
                fromPort: 443,
                toPort: 443,
                cidrBlocks: refuseEverybody(cidrBlocks),
              },
            ],
      ),
      egress: [],
      tags,
    },
    { parent },
  );
}

/** Zones may not be known when the rules look at them: a preview is the first to tell. */
function refuseZones(awsRegion: string, zoneIds: readonly string[]): void {
  const refused = zoneIds.find((zone) => zonesWithoutEks.includes(zone));
  if (refused !== undefined) {
    throw new Error(`network.privateZoneIds ${withoutEks(awsRegion, refused)}`);
  }
}

/** The blocks may not be known when the rules look at them. */
function refuseEverybody(blocks: string[]): string[] {
  const open = blocks.find((block) => block.endsWith("/0"));
  if (open !== undefined) {
    throw new Error(`network.clientCidrBlocks must not let everybody in, but ${open} does`);
  }
  return blocks;
}

/** Lets roles of IAM trust the service accounts of the cluster. */
export function createOidcProvider(
  { parent, tags }: Scope,
  { name }: EksPlan,
  cluster: Cluster,
): OpenIdConnectProvider {
  return new OpenIdConnectProvider(
    `${name}-oidc`,
    { url: issuerOf(cluster), clientIdLists: ["sts.amazonaws.com"], tags },
    { parent },
  );
}

function issuerOf({ identities }: Cluster) {
  return identities.apply((all) => all[0]!.oidcs[0]!.issuer);
}
