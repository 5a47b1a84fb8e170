import { MiniStack } from "./ministack";
import { TestStack, type AuroraOnNetworksArgs, type Running } from "./stack";
import { TestTopology } from "./topology";

/** AWS regions, in the order in which tests take them. */
export const awsRegions = ["us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1", "ca-central-1"] as const;

/** A topology of AWS regions, in a fake of AWS's API that is its own. */
export class AuroraTopology extends TestTopology<AuroraOnNetworksArgs> {
  private constructor(
    stack: TestStack,
    args: AuroraOnNetworksArgs,
    readonly aws: MiniStack,
  ) {
    super(stack, args);
  }

  /** The first of the regions is the primary. */
  static async create(
    regions: readonly string[],
    changes: Partial<AuroraOnNetworksArgs> = {},
    running?: Running,
  ): Promise<AuroraTopology> {
    const aws = await MiniStack.start();
    const stack = await TestStack.create(running, aws.env);
    return new AuroraTopology(stack, { ...auroraArgs(regions), ...changes }, aws);
  }

  /** What is there in AWS. */
  contents(): Promise<string[]> {
    return this.aws.contents(...awsRegions);
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    await this.aws.stop();
  }
}

/** A topology and its networks in these regions. */
export function auroraArgs(
  regions: readonly string[],
): Pick<AuroraOnNetworksArgs, "primary" | "regions" | "networks" | "deletionProtection"> {
  const each = Object.fromEntries(regions.map((region) => [region, {}]));
  return { primary: regions[0]!, regions: each, networks: { regions: each }, deletionProtection: false };
}
