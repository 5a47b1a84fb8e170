import type { Input } from "@pulumi/pulumi";

/** Where a cluster is: what a `RegionNetwork` of `RegionNetworks` gives, or a VPC of the user's. */
export interface EksNetworkArgs {
  /**
   * The AWS region of the VPC. It must be that of the cluster.
   *
   * @default not compared
   */
  awsRegion?: string;

  /** The id of the VPC, such as `vpc-0123456789abcdef0`. */
  vpcId: Input<string>;

  /**
   * The ids of the private subnets that the nodes and the Kubernetes API are put into: two or more, in two availability
   * zones at least. Nodes reach their images and AWS's API from there: by a NAT gateway, or by endpoints of `ec2`,
   * `ecr.api`, `ecr.dkr`, `eks`, `sts` and `logs`.
   */
  privateSubnetIds: Input<Input<string>[]>;

  /**
   * The ids of the zones that the private subnets are in. A zone that EKS has no control plane in is refused:
   * `use1-az3`, `usw1-az2`, `cac1-az3`.
   *
   * @default not looked at
   */
  privateZoneIds?: Input<Input<string>[]>;

  /**
   * The CIDR blocks from which the Kubernetes API may be reached, on port 443. `0.0.0.0/0` is refused.
   *
   * @default [], which leaves the cluster's own nodes
   */
  clientCidrBlocks?: Input<Input<string>[]>;

  /**
   * The addresses of Kubernetes services: a prefix from 12 to 24. Decided once.
   *
   * @default one of two blocks that EKS chooses from
   */
  serviceCidrBlock?: string;
}

/** The nodes of a cluster, kept by EKS. */
export interface EksNodesArgs {
  /**
   * The types of the instances, in order of preference, all of one processor architecture. Another list makes new nodes
   * before the old ones go.
   *
   * @default ["m6i.large"]
   */
  instanceTypes?: string[];

  /**
   * How many: 1 to 450. Two or more are spread over the zones.
   *
   * @default 2
   */
  count?: number;

  /**
   * How large each node's encrypted volume is, in GiB: 20 to 16384.
   *
   * @default 50
   */
  volumeGiB?: number;
}

/** What somebody may do in a cluster, as EKS's access policies have it. */
export type EksAccessPolicy = "clusterAdmin" | "admin" | "edit" | "view";

/** Who else may use a cluster. */
export interface EksAccessArgs {
  /** The ARN of a role or a user of IAM. */
  principalArn: Input<string>;

  /**
   * What they may do.
   *
   * @default "view"
   */
  policy?: EksAccessPolicy;

  /**
   * In which namespaces they may. `clusterAdmin` knows no namespaces.
   *
   * @default in all of them
   */
  namespaces?: string[];
}

/** What EKS keeps in a cluster: its add-ons. */
export type EksAddon = "vpc-cni" | "coredns" | "kube-proxy" | "aws-ebs-csi-driver";

/** A Kubernetes cluster of EKS in a region's network. */
export interface EksRegionArgs {
  /** Where it is. */
  network: EksNetworkArgs;

  /**
   * The AWS region. Another one would be another cluster.
   *
   * @default that of its network, which has to name one then
   */
  awsRegion?: string;

  /**
   * The cluster's name, with which the names of all that belongs to it begin: lower-case letters, digits and single
   * hyphens, a letter first, 50 characters at most. Another one would be another cluster. IAM's roles are the account's,
   * so it is no other cluster's there either.
   *
   * @default `NAME-STACK`, the component's and the stack's
   */
  identifier?: string;

  /**
   * The version of Kubernetes, such as `1.34`: one that EKS still supports. EKS upgrades by one minor version at a time,
   * and never goes back. The nodes follow.
   *
   * @default the newest that EKS has when the cluster is made
   */
  version?: string;

  /**
   * The CIDR blocks outside of the VPC from which the Kubernetes API may be reached through the Internet too.
   * `0.0.0.0/0` is refused.
   *
   * @default [], with which it is not reached from the Internet
   */
  publicAccessCidrBlocks?: string[];

  /** The nodes. */
  nodes?: EksNodesArgs;

  /**
   * Who else may use the cluster, by names of yours: letters, digits and hyphens. Whoever runs `pulumi up` for the first
   * time administers it.
   *
   * @default {}
   */
  access?: Record<string, EksAccessArgs>;

  /**
   * What EKS keeps in the cluster. One that is already there otherwise is taken over and set to EKS's own configuration:
   * leave it out if you have changed it. One that is left out later stays in the cluster, and is yours to keep.
   *
   * The driver of EBS brings a default storage class of gp3, without which a volume waits for ever; its volumes are
   * encrypted where the account encrypts EBS by default.
   *
   * @default all four
   */
  addons?: EksAddon[];

  /**
   * Whether EKS refuses to delete the cluster. Before `pulumi destroy`, set it to false and run `pulumi up`.
   *
   * @default true
   */
  deletionProtection?: boolean;

  /**
   * The profile of AWS's shared configuration that the kubeconfig logs in with.
   *
   * @default what `aws` finds in the environment
   */
  profile?: string;

  /**
   * Tags of everything that takes any.
   *
   * @default {}
   */
  tags?: Record<string, Input<string>>;
}

/** What stands where nothing is given. Part of the contract: they never change. */
export const eksDefaults = {
  nodes: { instanceTypes: ["m6i.large"] as string[], count: 2, volumeGiB: 50 },
  accessPolicy: "view",
  addons: ["vpc-cni", "coredns", "kube-proxy", "aws-ebs-csi-driver"] as EksAddon[],
  deletionProtection: true,
} as const;
