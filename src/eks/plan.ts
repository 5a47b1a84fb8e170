import { managedPolicy, partitionOf } from "../aws-policies";
import {
  eksDefaults,
  type EksAccessPolicy,
  type EksAddon,
  type EksNodesArgs,
  type EksRegionArgs,
} from "./args";

/** A cluster, as far as it follows from the arguments alone. */
export interface EksPlan {
  /** The component's name. */
  readonly name: string;
  readonly identifier: string;
  readonly awsRegion: string;
  readonly names: EksNames;
  readonly nodes: Required<EksNodesArgs> & { readonly amiType: string };
  readonly publicAccessCidrBlocks: readonly string[];
  readonly addons: readonly EksAddon[];
  readonly deletionProtection: boolean;
  readonly version?: string;
  readonly profile?: string;
  readonly access: readonly EksAccessPlan[];
}

/** The names in AWS. They are a contract. */
export interface EksNames {
  readonly clusterRole: string;
  readonly nodeRole: string;
  readonly volumesRole: string;
  readonly keyAlias: string;
  readonly api: string;
  /** EKS's own choice: it makes the group, open-ended and without our key, where there is none yet. */
  readonly logGroup: string;
}

export interface EksAccessPlan {
  readonly who: string;
  readonly policyArn: string;
  readonly namespaces: readonly string[];
}

/**
 * What follows from valid arguments.
 *
 * @param identifier The cluster's name.
 */
export function planCluster(name: string, identifier: string, args: EksRegionArgs): EksPlan {
  const awsRegion = args.awsRegion ?? args.network.awsRegion!;
  const given = args.nodes ?? {};
  const instanceTypes = given.instanceTypes ?? eksDefaults.nodes.instanceTypes;
  const { access = {}, version, profile } = args;
  return {
    name,
    identifier,
    awsRegion,
    names: {
      clusterRole: `${identifier}-cluster`,
      nodeRole: `${identifier}-nodes`,
      volumesRole: `${identifier}-volumes`,
      keyAlias: `alias/${identifier}-eks`,
      api: `${identifier}-api`,
      logGroup: `/aws/eks/${identifier}/cluster`,
    },
    nodes: {
      instanceTypes,
      count: given.count ?? eksDefaults.nodes.count,
      volumeGiB: given.volumeGiB ?? eksDefaults.nodes.volumeGiB,
      amiType: isArm(instanceTypes[0]!) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
    },
    publicAccessCidrBlocks: args.publicAccessCidrBlocks ?? [],
    addons: args.addons ?? eksDefaults.addons,
    deletionProtection: args.deletionProtection ?? eksDefaults.deletionProtection,
    ...(version === undefined ? {} : { version }),
    ...(profile === undefined ? {} : { profile }),
    access: Object.keys(access)
      .sort()
      .map((who) => ({
        who,
        policyArn: accessPolicyArn(awsRegion, access[who]!.policy ?? eksDefaults.accessPolicy),
        namespaces: access[who]!.namespaces ?? [],
      })),
  };
}

/** What is wrong with a zone, after the path to it. */
export function withoutEks(awsRegion: string, zone: string): string {
  return `must not name ${zone}, where EKS has no control plane: give the region's network other zones of ${awsRegion}, by ids in zones of RegionNetworks`;
}

/** Whether an instance type has one of AWS's own processors, which its name has a `g` for after the generation. */
export function isArm(instanceType: string): boolean {
  return /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType);
}

/** https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
const accessPolicies: Record<EksAccessPolicy, string> = {
  clusterAdmin: "AmazonEKSClusterAdminPolicy",
  admin: "AmazonEKSAdminPolicy",
  edit: "AmazonEKSEditPolicy",
  view: "AmazonEKSViewPolicy",
};

function accessPolicyArn(awsRegion: string, policy: EksAccessPolicy): string {
  return `arn:${partitionOf(awsRegion)}:eks::aws:cluster-access-policy/${accessPolicies[policy]}`;
}

/** What lets a role do its work, by the suffixes of the attachments. */
export function rolePolicies(awsRegion: string): Record<"cluster" | "nodes", Record<string, string>> {
  const arn = (policy: string) => managedPolicy(awsRegion, policy);
  return {
    cluster: { cluster: arn("AmazonEKSClusterPolicy") },
    nodes: {
      workers: arn("AmazonEKSWorkerNodePolicy"),
      cni: arn("AmazonEKS_CNI_Policy"),
      images: arn("AmazonEC2ContainerRegistryPullOnly"),
    },
  };
}
