import { auroraArgs, AuroraTopology, awsRegions } from "../support/aurora";

const [virginia, ireland, sydney, paulo] = awsRegions;

/** One topology on the real engine, in a fake of AWS: each test goes on where the one before stopped. */
describe("a PostgreSQL over AWS regions, in the course of its life", () => {
  let topology: AuroraTopology;

  beforeAll(async () => {
    topology = await AuroraTopology.create([virginia, ireland]);
    await topology.up();
  });
  afterAll(() => topology.dispose());

  test("moves its writer while AWS throttles and fails", async () => {
    const before = await topology.identities();
    topology.front.failEvery(3);
    await topology.up({ primary: ireland });
    const failed = new Set(topology.front.failed);
    topology.front.reset();
    expect([...failed].sort()).toEqual(["InternalFailure", "ServiceUnavailable", "Throttling"]);
    expect((await topology.outputs()).handover).toMatchObject({ kind: "switchover", to: ireland });
    await topology.expectWellWith(ireland);
    expect(await topology.identities()).toEqual(before);
  });

  test.each([
    ["began", virginia, "AuroraHandover db-handover updating"],
    ["asked AWS", ireland, "writes wait until"],
  ])("finishes a handover that was killed as it %s", async (_title, primary, moment) => {
    const { output, finished } = await topology.stack.killUp({ db: { ...topology.args, primary } }, moment);
    expect(output).toContain(moment);
    expect(finished).toBe(false);
    await topology.up({ primary });
    expect((await topology.outputs()).handover).toMatchObject({ kind: "switchover", to: primary });
    await topology.expectWellWith(primary);
  });

  test("grows to five regions, and touches none that was there", async () => {
    const before = await topology.identities();
    const { regions, networks } = auroraArgs(awsRegions);
    await topology.up({ regions, networks });
    await topology.expectWellWith(ireland);
    expect(await topology.identities()).toEqual(expect.arrayContaining(before));
  });

  test("promotes another region where the writer's is lost, of which it asks nothing, and takes it back as a reader", async () => {
    const before = await topology.identities();
    topology.front.reset();
    await topology.up({ primary: paulo, lost: [ireland] });
    const { seen } = topology.front;
    expect(seen.filter(({ action }) => action === "FailoverGlobalCluster")).toMatchObject([
      { region: paulo },
    ]);
    expect(seen.filter(({ region }) => region === ireland)).toEqual([]);
    expect((await topology.outputs()).handover).toMatchObject({
      kind: "failover",
      from: ireland,
      to: paulo,
    });
    await topology.expectWellWith(paulo);
    await topology.up({ lost: [] });
    await topology.expectWellWith(paulo);
    expect(await topology.identities()).toEqual(before);
  });

  test("goes on without one of them, and touches no other", async () => {
    const { regions, networks } = auroraArgs(awsRegions.filter((region) => region !== sydney));
    const before = await topology.identities();
    await topology.up({ regions, networks });
    await topology.expectWellWith(paulo);
    expect(before).toEqual(expect.arrayContaining(await topology.identities()));
    expect((await topology.contents()).filter((what) => what.startsWith(sydney))).toEqual([]);
  });

  test("is destroyed, and leaves nothing in AWS", async () => {
    await topology.stack.destroy();
    expect(await topology.contents()).toEqual([]);
  });
});
