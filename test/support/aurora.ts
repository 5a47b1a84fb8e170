import { ApiFront } from "./api-front";
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
    /** What Pulumi and its plugins ask, instead of MiniStack itself. */
    readonly front: ApiFront,
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
    const front = await ApiFront.before(aws.endpoint);
    const stack = await TestStack.create(running, { ...aws.env, AWS_ENDPOINT_URL: front.endpoint });
    return new AuroraTopology(stack, { ...auroraArgs(regions), ...changes }, aws, front);
  }

  /** What is there in AWS. */
  contents(): Promise<string[]> {
    return this.aws.contents(...awsRegions);
  }

  /** Every resource that there is, by name and id. */
  async identities(): Promise<string[]> {
    return (await this.stack.resources()).map(({ urn, id }) => `${urn} ${id ?? ""}`).sort();
  }

  /** This AWS region alone writes, and an update finds nothing to change. */
  async expectWellWith(primary: string): Promise<void> {
    const { GlobalClusters = [] } = await this.aws.rds(awsRegions[0]).describeGlobalClusters();
    const members = GlobalClusters[0]!.GlobalClusterMembers ?? [];
    const writers = members.filter(({ IsWriter }) => IsWriter);
    expect(writers.map(({ DBClusterArn }) => DBClusterArn!.split(":")[3])).toEqual([primary]);
    expect(await this.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  }

  override async dispose(): Promise<void> {
    try {
      await super.dispose();
    } finally {
      this.front.close();
      await this.aws.stop();
    }
  }
}

/** A topology and its networks in these regions. Two zones each are enough for a test. */
export function auroraArgs(
  regions: readonly string[],
): Pick<AuroraOnNetworksArgs, "primary" | "regions" | "networks" | "deletionProtection"> {
  const each = Object.fromEntries(regions.map((region) => [region, {}]));
  const networks = Object.fromEntries(regions.map((region) => [region, { zones: ["a", "b"] }]));
  return {
    primary: regions[0]!,
    regions: each,
    networks: { regions: networks },
    deletionProtection: false,
  };
}
