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

  const writers = async () => {
    const { GlobalClusters = [] } = await topology.aws.rds(virginia).describeGlobalClusters();
    const members = GlobalClusters[0]!.GlobalClusterMembers ?? [];
    return members.filter(({ IsWriter }) => IsWriter).map(({ DBClusterArn }) => DBClusterArn!.split(":")[3]);
  };
  const identities = async () =>
    (await topology.stack.resources()).map(({ urn, id }) => `${urn} ${id ?? ""}`).sort();
  const isWell = async (primary: string) => {
    expect(await writers()).toEqual([primary]);
    expect(await topology.up()).toMatch(unchanged);
  };

  test("is created, its networks and all, and left as it is by a second update", async () => {
    await topology.up();
    await isWell(virginia);
    expect((await topology.outputs()).handover).toMatchObject({ kind: "founding", to: virginia });
  });

  test("tells in the preview what a handover will do, in order, and nobody a secret", async () => {
    const preview = await topology.stack.preview({ db: { ...topology.args, primary: ireland } }, "--diff");
    const said = ["or nothing is done", `${virginia} becomes a reader`, `${ireland} becomes the writer`].map(
      (text) => preview.indexOf(text),
    );
    expect(said).not.toContain(-1);
    expect(said).toEqual([...said].sort((a, b) => a - b));
    const { credentials } = await topology.outputs();
    const state = JSON.stringify(await topology.stack.resources());
    const passwords = Object.values(credentials).map(({ password }) => password);
    expect(passwords).toEqual([expect.stringMatching(/.{16}/)]);
    expect(passwords.filter((password) => state.includes(password) || preview.includes(password))).toEqual(
      [],
    );
  });

  test("moves its writer, and changes no identity, nor anything after a refresh that has seen the roles", async () => {
    const before = await identities();
    await topology.up({ primary: ireland });
    expect((await topology.outputs()).handover).toMatchObject({ kind: "switchover", to: ireland });
    await isWell(ireland);
    await topology.stack.refresh({ db: topology.args });
    await isWell(ireland);
    expect(await identities()).toEqual(before);
  });

  test("moves its writer back while AWS throttles and fails", async () => {
    const before = await identities();
    topology.front.failEvery(3);
    await topology.up({ primary: virginia });
    const failed = new Set(topology.front.failed);
    topology.front.reset();
    expect([...failed].sort()).toEqual(["InternalFailure", "ServiceUnavailable", "Throttling"]);
    expect((await topology.outputs()).handover).toMatchObject({ kind: "switchover", to: virginia });
    await isWell(virginia);
    expect(await identities()).toEqual(before);
  });

  test.each([
    ["began", ireland, "AuroraHandover db-handover updating"],
    ["asked AWS", virginia, "writes wait until"],
  ])("finishes a handover that was killed as it %s", async (_title, primary, moment) => {
    const { output, finished } = await topology.stack.killUp({ db: { ...topology.args, primary } }, moment);
    expect(output).toContain(moment);
    expect(finished).toBe(false);
    await topology.up({ primary });
    expect((await topology.outputs()).handover).toMatchObject({ kind: "switchover", to: primary });
    await isWell(primary);
  });

  test("grows to five regions, and touches none that was there", async () => {
    const before = await identities();
    const { regions, networks } = auroraArgs(awsRegions);
    await topology.up({ regions, networks });
    await isWell(virginia);
    expect(await identities()).toEqual(expect.arrayContaining(before));
  });

  test("promotes another region where the writer's is lost, of which it asks nothing, and takes it back as a reader", async () => {
    const before = await identities();
    topology.front.reset();
    await topology.up({ primary: paulo, lost: [virginia] });
    const { seen } = topology.front;
    expect(seen.filter(({ action }) => action === "FailoverGlobalCluster")).toMatchObject([
      { region: paulo },
    ]);
    expect(
      seen.filter(({ region, action }) => region === virginia && action !== "GetCallerIdentity"),
    ).toEqual([]);
    expect((await topology.outputs()).handover).toMatchObject({
      kind: "failover",
      from: virginia,
      to: paulo,
    });
    await isWell(paulo);
    await topology.up({ lost: [] });
    await isWell(paulo);
    expect(await identities()).toEqual(before);
  });

  test("goes on without one of them, and touches no other", async () => {
    const { regions, networks } = auroraArgs(awsRegions.filter((region) => region !== sydney));
    const before = await identities();
    await topology.up({ regions, networks });
    await isWell(paulo);
    expect(before).toEqual(expect.arrayContaining(await identities()));
    expect((await topology.contents()).filter((what) => what.startsWith(sydney))).toEqual([]);
  });

  test("is destroyed, and leaves nothing in AWS", async () => {
    await topology.stack.destroy();
    expect(await topology.contents()).toEqual([]);
  });
});
