import { exampleStack } from "../support/example";
import { MiniStack } from "../support/ministack";
import type { ProgramStack } from "../support/program-stack";

const unchanged = /Resources:\n\s+\d+ unchanged\n/;

/** An example as its README tells it, in a fake of AWS: each test goes on where the one before stopped. */
class Example {
  private constructor(
    readonly aws: MiniStack,
    private readonly stack: ProgramStack<object>,
  ) {}

  static async create(name: string): Promise<Example> {
    const aws = await MiniStack.start();
    return new Example(aws, await exampleStack(name, { deletionProtection: "false" }, {}, aws.env));
  }

  async set(key: string, value: string): Promise<void> {
    await this.stack.pulumi("config", "set", key, value);
  }

  up(): Promise<string> {
    return this.stack.up();
  }

  outputs(): Promise<Record<string, unknown>> {
    return this.stack.outputs();
  }

  async destroy(): Promise<void> {
    await this.stack.pulumi("destroy", "--yes", "--skip-preview");
  }

  /** The members of the global database, the writer first, by their AWS regions. */
  async members(): Promise<string[]> {
    const { GlobalClusters = [] } = await this.aws.rds("us-east-1").describeGlobalClusters();
    const members = GlobalClusters.flatMap(({ GlobalClusterMembers = [] }) => GlobalClusterMembers);
    return members
      .sort((one, other) => Number(other.IsWriter) - Number(one.IsWriter))
      .map(({ DBClusterArn }) => DBClusterArn!.split(":")[3]!);
  }

  /** The classes of the instances in an AWS region. */
  async instances(awsRegion: string): Promise<string[]> {
    const { DBInstances = [] } = await this.aws.rds(awsRegion).describeDBInstances();
    return DBInstances.map(({ DBInstanceClass }) => DBInstanceClass!);
  }

  async dispose(): Promise<void> {
    await this.stack.dispose();
    await this.aws.stop();
  }
}

describe("the example of Opta's two regions", () => {
  const [us, india] = ["us-east-1", "ap-south-1"] as const;
  let example: Example;

  beforeAll(async () => {
    example = await Example.create("opta-two-regions");
    await example.up();
  });
  afterAll(() => example.dispose());

  test("has the guide's blocks, class and global database", async () => {
    for (const [awsRegion, second] of [
      [us, 0],
      [india, 1],
    ] as const) {
      const { Subnets = [] } = await example.aws
        .ec2(awsRegion)
        .describeSubnets({ Filters: [{ Name: "default-for-az", Values: ["false"] }] });
      expect(Subnets.map(({ CidrBlock }) => CidrBlock)).toEqual(
        expect.arrayContaining([0, 8, 16, 128, 136, 144].map((third) => `10.${second}.${third}.0/21`)),
      );
      expect(await example.instances(awsRegion)).toEqual(["db.r5.large"]);
    }
    expect(await example.members()).toEqual([us, india]);
    const { GlobalClusters = [] } = await example.aws.rds(us).describeGlobalClusters();
    expect((await example.outputs())["globalDatabaseId"]).toBe(GlobalClusters[0]!.GlobalClusterIdentifier);
  });

  test("gives the app of each region the database's name, its owner and the password", async () => {
    const { secretArns, connectionUri } = (await example.outputs()) as {
      secretArns: Record<string, string>;
      connectionUri: string;
    };
    const secrets = await Promise.all(
      Object.values(secretArns).map(async (arn) => {
        const vault = example.aws.secretsManager(arn.split(":")[3]!);
        return JSON.parse((await vault.getSecretValue({ SecretId: arn })).SecretString!) as object;
      }),
    );
    const { username, password } = new URL(connectionUri.replace(/@[^/]+/, "@host"));
    const expected = expect.objectContaining({ username, password, dbname: "app" }) as object;
    expect(secrets).toEqual([expected, expected]);
  });

  test("is left as it is by a second update", async () => {
    expect(await example.up()).toMatch(unchanged);
  });

  test("moves the writer by its configuration", async () => {
    await example.set("primary", "india");
    await example.up();
    expect(await example.members()).toEqual([india, us]);
    expect(await example.up()).toMatch(unchanged);
  });

  test("is destroyed, and leaves nothing in AWS", async () => {
    await example.destroy();
    expect(await example.aws.contents(us, india)).toEqual([]);
  });
});

describe("the example of three regions", () => {
  const [virginia, ireland, sydney] = ["us-east-1", "eu-west-1", "ap-southeast-2"] as const;
  let example: Example;

  beforeAll(async () => {
    example = await Example.create("aurora-three-regions");
    await example.up();
  });
  afterAll(() => example.dispose());

  test("has instances in two of them, and bounds what a failover may lose", async () => {
    const counts = await Promise.all([virginia, ireland, sydney].map((each) => example.instances(each)));
    expect(counts.map(({ length }) => length)).toEqual([2, 1, 0]);
    expect(await example.members()).toEqual([virginia, ireland, sydney]);
    const { Parameters = [] } = await example.aws
      .rds(virginia)
      .describeDBClusterParameters({ DBClusterParameterGroupName: await parameterGroup() });
    const bound = Parameters.find(({ ParameterName }) => ParameterName === "rds.global_db_rpo");
    expect(bound?.ParameterValue).toBe("60");
  });

  test("is left as it is by a second update", async () => {
    expect(await example.up()).toMatch(unchanged);
  });

  test("moves the writer to the region that was headless, once it has an instance", async () => {
    await example.set("primary", "sydney");
    await expect(example.up()).rejects.toThrow(/regions\.sydney/);
    await example.set("sydneyInstances", "1");
    await example.up();
    expect((await example.members())[0]).toBe(sydney);
    expect(await example.up()).toMatch(unchanged);
  });

  test("is destroyed, and leaves nothing in AWS", async () => {
    await example.destroy();
    expect(await example.aws.contents(virginia, ireland, sydney)).toEqual([]);
  });

  async function parameterGroup(): Promise<string> {
    const { DBClusters = [] } = await example.aws.rds(virginia).describeDBClusters();
    return DBClusters[0]!.DBClusterParameterGroup!;
  }
});
