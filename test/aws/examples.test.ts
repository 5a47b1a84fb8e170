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

  /** Sets what is more than a text: JSON. */
  async setObject(values: Readonly<Record<string, unknown>>): Promise<void> {
    const paths = Object.entries(values).flatMap(([key, value]) => pathsOf(key, value));
    for (const [path, value] of paths) {
      await this.stack.pulumi("config", "set", "--path", path, value);
    }
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

/** The paths to the texts in an object. */
function pathsOf(path: string, value: unknown): [string, string][] {
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => pathsOf(`${path}.${key}`, inner))
    : [[path, String(value)]];
}

/** What a record of an example's output leads to. */
interface ShownRecord {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
  readonly policy: object;
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

  test("answers Asia from India and everybody else from the US, where there is a zone", async () => {
    await example.set("zoneId", "Z0123456789");
    await example.set("domain", "hello.example.com");
    await example.setObject({ hosts: { us: "us.example.net", india: "india.example.net" } });
    await example.up();
    const records = (await example.outputs())["records"] as Record<string, ShownRecord>;
    const shown = Object.values(records).map(({ name, type, values, policy }) => [
      name,
      type,
      values,
      policy,
    ]);
    const policy = (location: unknown) => ({ kind: "geolocation", location });
    expect(shown).toEqual([
      ["hello.example.com", "CNAME", ["india.example.net"], policy({ continent: "AS" })],
      ["hello.example.com", "CNAME", ["us.example.net"], policy("elsewhere")],
    ]);
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

  test("bounds what a failover may lose in the writer's region alone", async () => {
    expect(await recoveryPoint(virginia)).toBeUndefined();
    await example.set("recoveryPointSeconds", "60");
    await example.up();
    expect(await recoveryPoint(virginia)).toBe("60");
    expect(await recoveryPoint(ireland)).toBeUndefined();
  });

  test("has as many instances in each as are asked for", async () => {
    const counts = await Promise.all([virginia, ireland, sydney].map((each) => example.instances(each)));
    expect(counts.map(({ length }) => length)).toEqual([2, 1, 0]);
    const [writer, ...readers] = await example.members();
    expect([writer, ...readers.sort()]).toEqual([virginia, sydney, ireland]);
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

  async function recoveryPoint(region: string): Promise<string | undefined> {
    const rds = example.aws.rds(region);
    const { DBClusters = [] } = await rds.describeDBClusters();
    const DBClusterParameterGroupName = DBClusters[0]!.DBClusterParameterGroup!;
    const { Parameters = [] } = await rds.describeDBClusterParameters({ DBClusterParameterGroupName });
    return Parameters.find(({ ParameterName }) => ParameterName === "rds.global_db_rpo")?.ParameterValue;
  }
});

describe("the example of everything on AWS", () => {
  const [us, eu] = ["us-east-1", "eu-west-1"] as const;
  let example: Example;

  beforeAll(async () => {
    example = await Example.create("full-stack-aws");
    await example.set("zoneId", "Z0123456789");
    await example.set("domain", "shop.example.com");
    await example.setObject({ hosts: { us: "us.example.net", eu: "eu.example.net" } });
    await example.up();
  });
  afterAll(() => example.dispose());

  test("has a database whose proxies answer where somebody is behind them", async () => {
    expect(await example.members()).toEqual([us, eu]);
    const { regions } = (await example.outputs()) as {
      regions: Record<string, { pooler: Record<string, { host: string }> }>;
    };
    expect(Object.keys(regions["us"]!.pooler).sort()).toEqual(["readOnly", "readWrite"]);
    expect(Object.keys(regions["eu"]!.pooler)).toEqual(["readOnly"]);
    expect(regions["eu"]!.pooler["readOnly"]!.host).toMatch(/\.proxy-\w+\.eu-west-1\.rds\.amazonaws\.com$/);
  });

  test("leads users to the nearest region, and others to the database's writer", async () => {
    const { records, regions } = (await example.outputs()) as {
      records: Record<string, ShownRecord>;
      regions: Record<string, { endpoint: { host: string } }>;
    };
    expect(records["entry-eu"]).toMatchObject({
      name: "shop.example.com",
      values: ["eu.example.net"],
      policy: { kind: "latency", awsRegion: eu },
    });
    expect(records["database"]).toMatchObject({
      name: "db.shop.example.com",
      type: "CNAME",
      values: [regions["us"]!.endpoint.host],
    });
    expect(records["database-eu"]).toMatchObject({ values: [regions["eu"]!.endpoint.host] });
  });

  test("is left as it is by a second update", async () => {
    expect(await example.up()).toMatch(unchanged);
  });

  test("moves the writer, and the database's name with it, and replaces nothing", async () => {
    await example.set("primary", "eu");
    expect(await example.up()).not.toMatch(/replaced|deleted/);
    expect(await example.members()).toEqual([eu, us]);
    const { records, regions } = (await example.outputs()) as {
      records: Record<string, ShownRecord>;
      regions: Record<string, { endpoint: { host: string }; pooler: object }>;
    };
    expect(records["database"]!.values).toEqual([regions["eu"]!.endpoint.host]);
    expect(Object.keys(regions["us"]!.pooler)).toEqual(["readOnly"]);
    expect(await example.up()).toMatch(unchanged);
  });

  test("is destroyed, and leaves nothing in AWS", async () => {
    await example.destroy();
    expect(await example.aws.contents(us, eu)).toEqual([]);
  });
});
