import type { ExistingVpcArgs, HubArgs, NetworkArgs } from "./args";
import type { RegionBlocks } from "./cidr-plan";
import type { ZoneInput } from "./zones";

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
  readonly hub?: HubArgs;
}

/** A VPC of ours. */
export interface VpcPlan {
  /** What the names of all its resources begin with. */
  readonly prefix: string;
  readonly blocks: RegionBlocks;
  readonly wishes: Required<NetworkArgs>;
  /** What AWS is told of each zone. */
  readonly zoneInputs: Readonly<Record<string, ZoneInput>>;
  /** The zones that have a NAT gateway. */
  readonly natZones: readonly string[];
  /** The name of each zone's private route table, by zone: the first zone's, unless each has its own NAT gateway. */
  readonly privateTables: Readonly<Record<string, string>>;
}
