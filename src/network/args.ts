import type { Input, ProviderResource } from "@pulumi/pulumi";
import type { CidrPlanArgs, RegionBlocksArgs } from "./cidr-args";

/** What a VPC of ours is like. */
export interface NetworkArgs {
  /**
   * How the private subnets reach the Internet: not at all, by one NAT gateway of the region in its first zone, or by
   * one a zone. The private subnets share one route table, and have one a zone with `"onePerZone"`. A change moves a
   * subnet to a table that has its routes already, and nothing else.
   *
   * @default "none"
   */
  nat?: "none" | "one" | "onePerZone";

  /**
   * Whether the VPC has public subnets and an Internet gateway. Without them it has 9 resources fewer in three zones,
   * and `nat` must be `"none"`.
   *
   * @default true
   */
  publicSubnets?: boolean;

  /**
   * The services of AWS that the private subnets reach without the Internet, by their short names: `secretsmanager`,
   * `kms`, `ecr.api`. Each is an interface endpoint, open to the VPC's own block. S3 has a gateway, always.
   *
   * @default []
   */
  endpoints?: string[];

  /**
   * Whether CloudWatch Logs is told of all traffic, encrypted with a key of the region's own.
   *
   * @default true
   */
  flowLogs?: boolean;

  /**
   * For how many days flow logs are kept: one of the numbers that CloudWatch Logs takes.
   *
   * @default 365
   */
  flowLogRetentionDays?: number;
}

/** A VPC that exists already and stands for a region. Nothing in it is changed but the route tables named. */
export interface ExistingVpcArgs {
  /** The VPC's id. */
  vpcId: Input<string>;

  /** The VPC's block. It decides who can be connected, so it is known before the deployment. */
  cidrBlock: string;

  /** The subnets that databases are to be in: of two zones or more. */
  databaseSubnetIds: Input<Input<string>[]>;

  /**
   * The private subnets.
   *
   * @default []
   */
  privateSubnetIds?: Input<Input<string>[]>;

  /**
   * The public subnets.
   *
   * @default []
   */
  publicSubnetIds?: Input<Input<string>[]>;

  /**
   * The route tables that are to lead to the other regions, by names of yours: letters, digits and hyphens.
   *
   * @default {}
   */
  routeTableIds?: Record<string, Input<string>>;
}

/**
 * The gateway that a region's VPC is attached to in place of peering: a transit gateway of the AWS region, by its id, or
 * a core network of Cloud WAN, by its ARN. How gateways of several AWS regions lead to each other is set there: by
 * peering of the transit gateways and routes between them, or by the core network's policy.
 */
export type HubArgs = { transitGatewayId: Input<string> } | { coreNetworkArn: Input<string> };

/** A region of the networks. What is not given here is as in `defaults`. */
export interface RegionNetworkArgs extends RegionBlocksArgs, NetworkArgs {
  /**
   * The gateway that connects this region with every other region that has one: no peering between those. Their VPC is
   * attached to it in the private subnets, and routes lead to the blocks of the other regions alone. A VPC that is
   * there already (`vpc`) is attached already. Accept an attachment that waits for it, then run `pulumi up` again.
   *
   * @default none: peering
   */
  hub?: HubArgs;

  /**
   * A VPC that is there already, in place of one of ours. Excludes all else but `awsRegion` and `hub`.
   *
   * @default a VPC is made
   */
  vpc?: ExistingVpcArgs;
}

/** A VPC that exists already, and that regions are connected with. */
export interface PeerArgs {
  /** The AWS region that it is in. */
  awsRegion: string;

  /** The VPC's id. */
  vpcId: Input<string>;

  /** The VPC's block. Where a region would have an address of it, list it in `reserved`. */
  cidrBlock: string;

  /**
   * The account that the VPC is in: 12 digits. Without `provider` its owner accepts the connection, and routes back;
   * names are resolved once both sides have said so.
   *
   * @default the account of the regions
   */
  accountId?: Input<string>;

  /**
   * The provider of the VPC's account, by which the connection is accepted and routes are made there.
   *
   * @default the component's own, unless `accountId` is given
   */
  provider?: ProviderResource;

  /**
   * The VPC's route tables that are to lead to the regions, by names of yours: letters, digits and hyphens. Excludes
   * an `accountId` without `provider`.
   *
   * @default {}
   */
  routeTableIds?: Record<string, Input<string>>;

  /**
   * The names of the regions that are connected with it.
   *
   * @default all
   */
  regions?: string[];
}

/** The networks of all regions. */
export interface RegionNetworksArgs<Name extends string = string> extends Omit<CidrPlanArgs, "regions"> {
  /** The regions, by name: 11 at most. Their order is no input, and adding or removing one touches no other's VPC. */
  regions: Record<Name, RegionNetworkArgs>;

  /** What every VPC of ours is like, unless its region says otherwise. */
  defaults?: NetworkArgs;

  /**
   * Whether the regions' VPCs are connected with each other. `false` connects none, and excludes `connect`.
   *
   * @default true
   */
  mesh?: boolean;

  /**
   * Which regions are connected with each other: every pair, or the pairs with a region that may write. The regions that
   * may write are named, since networks are made before the database is, and a connection has to be there before the
   * writer moves: readers need none among themselves. Name a region here, and run `pulumi up`, before it is `primary`.
   *
   * @default "all"
   */
  connect?: "all" | { writers: string[] };

  /**
   * Whether public subnets, too, have routes to other regions and to peers.
   *
   * @default false
   */
  publicRoutes?: boolean;

  /**
   * Existing VPCs that regions are connected with, by names that are no region's.
   *
   * @default {}
   */
  peers?: Record<string, PeerArgs>;

  /**
   * Tags of everything that takes tags.
   *
   * @default {}
   */
  tags?: Record<string, Input<string>>;
}

/** What stands in `NetworkArgs` where nothing is given. Part of the contract: they never change. */
export const networkDefaults = {
  nat: "none",
  publicSubnets: true,
  endpoints: [] as string[],
  flowLogs: true,
  flowLogRetentionDays: 365,
} as const;
