import type { Output } from "@pulumi/pulumi";

/** The network of one region, made or brought, as it comes out. */
export interface RegionNetwork {
  /** The AWS region that it is in. */
  readonly awsRegion: string;

  /** The VPC's id. */
  readonly vpcId: Output<string>;

  /** The VPC's block. */
  readonly cidrBlock: string;

  /** The subnets with a route to the Internet, in the order of their zones. */
  readonly publicSubnetIds: Output<string[]>;

  /** The subnets for what runs, in the order of their zones. */
  readonly privateSubnetIds: Output<string[]>;

  /** The ids of the zones that the private subnets are in, such as `use1-az1`; absent for a VPC of your own. */
  readonly privateZoneIds?: Output<string[]>;

  /** The subnets for databases, without any way to the Internet, in the order of their zones. */
  readonly databaseSubnetIds: Output<string[]>;

  /** The route tables that lead to other regions and to peers, by name: `private-a`, `database`, `public`, or yours. */
  readonly routeTableIds: Readonly<Record<string, Output<string>>>;

  /** The blocks that reach a database here: the VPC's own, then those of the other regions and of peers. */
  readonly clientCidrBlocks: Output<string[]>;

  /** The same blocks, by the names of the regions and peers that they are of, for rules that are named by them. */
  readonly clients: Readonly<Record<string, string>>;

  /** The addresses set aside for Kubernetes pods; absent for a VPC that was brought. */
  readonly podCidrBlock?: string;

  /** The addresses set aside for Kubernetes services; absent for a VPC that was brought. */
  readonly serviceCidrBlock?: string;
}
