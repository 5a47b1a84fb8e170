import type { ExistingVpcArgs, NetworkArgs } from "./args";
import type { RegionBlocks } from "./cidr-plan";

/** One region, as far as it follows from the arguments alone. */
export interface RegionPlan {
  readonly region: string;
  readonly awsRegion: string;
  /** The VPC's block, made or brought. */
  readonly cidrBlock: string;
  /** What is made. */
  readonly made?: VpcPlan;
  /** What was there. */
  readonly brought?: ExistingVpcArgs;
}

/** A VPC of ours. */
export interface VpcPlan {
  /** What the names of all its resources begin with. */
  readonly prefix: string;
  readonly blocks: RegionBlocks;
  readonly wishes: Required<NetworkArgs>;
  /** The letters of the zones that have a NAT gateway. */
  readonly natZones: readonly string[];
}
