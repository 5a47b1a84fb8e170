import { auroraArgs, AuroraTopology, awsRegions } from "../support/aurora";
import type { AuroraOnNetworksArgs } from "../support/stack";

const [virginia, ireland] = awsRegions;

/** Two topologies of one stack: the first makes a global database, and the second one joins it. */
describe("a global database that another topology joins", () => {
  let owner: AuroraTopology;
  let joining: AuroraOnNetworksArgs;

  beforeAll(async () => {
    owner = await AuroraTopology.create([virginia], { identifier: "shop", engineVersion: "16.8" });
    await owner.up();
    const { app } = (await owner.outputs()).credentials;
    joining = {
      ...auroraArgs([ireland]),
      identifier: "shop-abroad",
      globalDatabaseId: "shop",
      globalDatabaseAwsRegion: virginia,
      engineVersion: "16.8",
      regions: { [ireland]: { instances: 2, serverless: { minCapacity: 8, maxCapacity: 64 } } },
      secrets: { passwords: { app: app!.password } },
    };
  });
  afterAll(() => owner.dispose());

  const up = (changes: Partial<AuroraOnNetworksArgs> = {}) => {
    joining = { ...joining, ...changes };
    return owner.stack.up({ db: owner.args, abroad: joining });
  };

  const members = async () => {
    const { GlobalClusters = [] } = await owner.aws.rds(virginia).describeGlobalClusters();
    const found = GlobalClusters.flatMap(({ GlobalClusterMembers = [] }) => GlobalClusterMembers);
    return found.map(({ DBClusterArn, IsWriter }) => [DBClusterArn!.split(":")[3], IsWriter]).sort();
  };

  test("has its regions as readers, which follow the writer outside", async () => {
    await up();
    expect(await members()).toEqual([
      [ireland, false],
      [virginia, true],
    ]);
    const { abroad } = await owner.stack.outputs<"abroad">();
    expect(abroad.handover).toMatchObject({ kind: "following", to: ireland });
    expect(abroad.regions).toMatchObject({ [ireland]: { role: "reader" } });
    expect(await up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("has serverless instances where they are asked for, whose capacity can change", async () => {
    const look = async () => {
      const rds = owner.aws.rds(ireland);
      const { DBClusters = [] } = await rds.describeDBClusters();
      const { DBInstances = [] } = await rds.describeDBInstances();
      const classes = DBInstances.map(({ DBInstanceClass }) => DBInstanceClass);
      return { scaling: DBClusters[0]?.ServerlessV2ScalingConfiguration, classes };
    };
    const classes = ["db.serverless", "db.serverless"];
    expect(await look()).toMatchObject({ scaling: { MinCapacity: 8, MaxCapacity: 64 }, classes });
    const before = await owner.identities();
    await up({ regions: { [ireland]: { instances: 2, serverless: { minCapacity: 1, maxCapacity: 8 } } } });
    expect(await look()).toMatchObject({ scaling: { MinCapacity: 1, MaxCapacity: 8 }, classes });
    expect(await owner.identities()).toEqual(before);
  });

  test("is left by them, and goes on as it was", async () => {
    await owner.up();
    expect(await members()).toEqual([[virginia, true]]);
    await owner.expectWellWith(virginia);
  });

  test("is upgraded as a whole", async () => {
    const before = await owner.identities();
    await owner.up({ engineVersion: "16.9" });
    const { DBClusters = [] } = await owner.aws.rds(virginia).describeDBClusters();
    expect(DBClusters.map(({ EngineVersion }) => EngineVersion)).toEqual(["16.9"]);
    await owner.expectWellWith(virginia);
    expect(await owner.identities()).toEqual(before);
  });
});
