/** The tiers of a VPC's subnets. */
export type Tier = "public" | "private" | "database";

/** Which blocks of addresses a region has. What is not given follows from its AWS region alone. */
export interface RegionBlocksArgs {
  /**
   * The AWS region, such as `eu-west-1`.
   *
   * @default the region's name
   */
  awsRegion?: string;

  /**
   * Which block of the supernet is the region's: a number from 0. Two regions in one AWS region need one each. Decided
   * once: another slot is another VPC.
   *
   * @default the one that AWS region always has, or the next of its own that `reserved` leaves free
   */
  slot?: number;

  /**
   * The VPC's block: a prefix from 16 to 23. Decided once, as is every block.
   *
   * @default the slot's, in the lower half of the supernet
   */
  cidrBlock?: string;

  /**
   * The addresses of Kubernetes pods, for a cluster that takes them from outside the VPC's block.
   *
   * @default the lower half of the slot's block in the upper half of the supernet
   */
  podCidrBlock?: string;

  /**
   * The addresses of Kubernetes services: a prefix from 12 to 24, which EKS asks for.
   *
   * @default a sixteenth of the slot's block in the upper half of the supernet, behind the pods
   */
  serviceCidrBlock?: string;

  /**
   * Blocks of subnets, by tier and by zone as in `zones`: `{ public: { a: "10.1.0.0/21" } }`. They lie inside the
   * VPC's block, and have prefixes from 16 to 28.
   *
   * @default thirty-seconds of the VPC's block by the zone's letter, or the number in its id: public from the first, database from the ninth,
   * private from the seventeenth
   */
  subnets?: Partial<Record<Tier, Record<string, string>>>;

  /**
   * The availability zones, two or more: all by letters from a to h, or all by ids such as `use1-az1`. The same letter is
   * another zone in another account, and an id is not. EKS has no control plane in `use1-az3`, `usw1-az2` and `cac1-az3`.
   * A further zone changes nothing of the others; a letter in place of an id, or the reverse, is another subnet.
   *
   * @default a, b and c; a, c and d in ap-northeast-1; `use1-az1`, `use1-az2` and `use1-az4` as a, b and c in us-east-1,
   * `cac1-az1`, `cac1-az2` and `cac1-az4` as a, b and d in ca-central-1, where subnets of version 0.1.0 stay where they
   * are; none in us-west-1 and cn-north-1, where accounts differ
   */
  zones?: string[];
}

/** What all blocks are planned from. */
export interface CidrPlanArgs {
  /**
   * Where the blocks are taken from: a private block of IPv4. Its lower half is for VPCs, its upper half for the pods
   * and services of Kubernetes.
   *
   * @default "10.0.0.0/8"
   */
  supernet?: string;

  /**
   * The prefix of a region's slot, and so of its VPC: 16 to 20.
   *
   * @default 16
   */
  regionPrefixLength?: number;

  /**
   * Blocks that are in use elsewhere, and that no region may have. Regions whose slot they touch have their next one:
   * name them before the first `pulumi up`, or give those regions the `slot` that they have.
   *
   * @default []
   */
  reserved?: string[];

  /** The regions, by name. Their order is no input, and none depends on another. */
  regions: Record<string, RegionBlocksArgs>;
}

/** What stands in `CidrPlanArgs` where nothing is given. Part of the contract: they never change. */
export const cidrDefaults = { supernet: "10.0.0.0/8", regionPrefixLength: 16 } as const;
