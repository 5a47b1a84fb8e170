import { auroraArgs, AuroraTopology, awsRegions } from "../support/aurora";

const [virginia, ireland, sydney, paulo] = awsRegions;
const unchanged = /Resources:\n\s+\d+ unchanged\n/;

/** One topology on the real engine, in a fake of AWS: each test goes on where the one before stopped. */
describe("a PostgreSQL over AWS regions", () => {
  let topology: AuroraTopology;

  beforeAll(async () => {
    topology = await AuroraTopology.create([virginia, ireland]);
  });
  afterAll(() => topology.dispose());

  const writer = async () => {
    const { GlobalClusters = [] } = await topology.aws.rds(virginia).describeGlobalClusters();
    const members = GlobalClusters[0]!.GlobalClusterMembers ?? [];
    return members.filter(({ IsWriter }) => IsWriter).map(({ DBClusterArn }) => DBClusterArn!.split(":")[3]);
  };
  const identities = async () =>
    (await topology.stack.resources()).map(({ urn, id }) => `${urn} ${id ?? ""}`).sort();
  const isWell = async (primary: string) => {
    expect(await writer()).toEqual([primary]);
    expect(await topology.up()).toMatch(unchanged);
  };

  test("is created, its networks and all, and left as it is by a second update", async () => {
    await topology.up();
    await isWell(virginia);
    expect((await topology.outputs()).handover).toMatchObject({ kind: "founding", to: virginia });
  });

  test("tells nobody a secret", async () => {
    const { credentials } = await topology.outputs();
    const state = JSON.stringify(await topology.stack.resources());
    const preview = await topology.stack.preview({ db: { ...topology.args, primary: ireland } }, "--diff");
    for (const { password } of Object.values(credentials)) {
      expect([state, preview].map((text) => text.includes(password))).toEqual([false, false]);
    }
  });

  test("tells in the preview what a handover will do, in order", async () => {
    const preview = await topology.stack.preview({ db: { ...topology.args, primary: ireland } }, "--diff");
    const said = ["or nothing is done", `${virginia} becomes a reader`, `${ireland} becomes the writer`].map(
      (text) => preview.indexOf(text),
    );
    expect(said).not.toContain(-1);
    expect(said).toEqual([...said].sort((a, b) => a - b));
  });

  test.each([ireland, virginia])("moves its writer to %s, and changes no identity", async (primary) => {
    const before = await identities();
    await topology.up({ primary });
    expect((await topology.outputs()).handover).toMatchObject({ kind: "switchover", to: primary });
    await isWell(primary);
    expect(await identities()).toEqual(before);
  });

  test("has nothing to change after a refresh that has seen the roles", async () => {
    await topology.up({ primary: ireland });
    await topology.stack.refresh({ db: topology.args });
    await isWell(ireland);
    await topology.up({ primary: virginia });
    await isWell(virginia);
  });

  test("grows to five regions, and touches none that was there", async () => {
    const before = await identities();
    const { regions, networks } = auroraArgs(awsRegions);
    await topology.up({ regions, networks });
    await isWell(virginia);
    expect(await identities()).toEqual(expect.arrayContaining(before));
  });

  test("loses one of them, and touches no other", async () => {
    const four = awsRegions.filter((region) => region !== sydney);
    const { regions, networks } = auroraArgs(four);
    const before = await identities();
    await topology.up({ regions, networks });
    await isWell(virginia);
    expect(before).toEqual(expect.arrayContaining(await identities()));
    expect((await topology.contents()).filter((what) => what.startsWith(sydney))).toEqual([]);
  });

  test("promotes another region where the writer's is lost, and takes it back as a reader", async () => {
    await topology.up({ primary: paulo, lost: [virginia] });
    expect((await topology.outputs()).handover).toMatchObject({
      kind: "failover",
      from: virginia,
      to: paulo,
    });
    await isWell(paulo);
    await topology.up({ lost: [] });
    await isWell(paulo);
    await topology.up({ primary: virginia });
    await isWell(virginia);
  });

  test("finishes a handover that was killed", async () => {
    for (const step of ["AuroraHandover db-handover updating", "AuroraHandover db-handover updated"]) {
      const primary = topology.args.primary === virginia ? ireland : virginia;
      const { output } = await topology.stack.killUp({ db: { ...topology.args, primary } }, step);
      expect(output).toContain(step);
      await topology.up({ primary });
      await isWell(primary);
    }
  });

  test("is destroyed, and leaves nothing in AWS", async () => {
    await topology.stack.destroy();
    expect(await topology.contents()).toEqual([]);
  });
});
