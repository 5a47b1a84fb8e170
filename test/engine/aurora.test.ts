import { auroraArgs, AuroraTopology, awsRegions } from "../support/aurora";

const [virginia, ireland, sydney] = awsRegions;

/** One topology on the real engine, in a fake of AWS: each test goes on where the one before stopped. */
describe("a PostgreSQL over AWS regions", () => {
  let topology: AuroraTopology;

  beforeAll(async () => {
    topology = await AuroraTopology.create([virginia, ireland]);
  });
  afterAll(() => topology.dispose());

  test("is created, its networks and all, and left as it is by a second update", async () => {
    await topology.up();
    await topology.expectWellWith(virginia);
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
    const before = await topology.identities();
    await topology.up({ primary: ireland });
    expect((await topology.outputs()).handover).toMatchObject({ kind: "switchover", to: ireland });
    await topology.expectWellWith(ireland);
    await topology.stack.refresh({ db: topology.args });
    await topology.expectWellWith(ireland);
    expect(await topology.identities()).toEqual(before);
  });

  test("refuses in the preview to take out what is protected, and the writer that moves, by name", async () => {
    await topology.up({ deletionProtection: true });
    const before = await topology.contents();
    const without = (region: string) => {
      const { regions, networks } = auroraArgs([virginia, ireland].filter((name) => name !== region));
      return { ...topology.args, regions, networks };
    };
    await expect(topology.stack.pulumi(["destroy", "--preview-only"])).rejects.toThrow(
      /because it is protected/,
    );
    await expect(topology.stack.preview({ db: without(virginia) })).rejects.toThrow(
      /regions\["us-east-1"\]: must stay, since its cluster is protected from deletion: set deletionProtection: false/,
    );
    await expect(topology.stack.preview({ db: { ...without(ireland), primary: virginia } })).rejects.toThrow(
      /regions\["eu-west-1"\]: must stay while the writer moves from it to us-east-1/,
    );
    expect(await topology.contents()).toEqual(before);
    await topology.up({ deletionProtection: false });
  });

  test("cannot begin while the AWS provider's own region is down, and can once it has another", async () => {
    await topology.stack.configure("aws:maxRetries", "2");
    await topology.stack.configure("aws:region", ireland);
    topology.front.cutOff(ireland);
    const { code, output } = await topology.tryUp({ primary: virginia, lost: [ireland] });
    expect([code === 0, output]).toEqual([false, expect.stringContaining("invalid credentials configured")]);
    await topology.stack.configure("aws:region", sydney);
    topology.front.reset();
  });

  test("promotes the other region where the writer's is lost, of which it asks nothing", async () => {
    const before = await topology.identities();
    topology.front.reset();
    topology.front.cutOff(ireland);
    await topology.up({ primary: virginia, lost: [ireland] });
    const seen = [...topology.front.seen];
    topology.front.reset();
    const of = (name: string) => seen.filter(({ action }) => action === name);
    expect(of("FailoverGlobalCluster")).toMatchObject([{ region: virginia }]);
    expect(seen.filter(({ region }) => region === ireland)).toEqual([]);
    expect((await topology.outputs()).handover).toMatchObject({
      kind: "failover",
      from: ireland,
      to: virginia,
    });
    await topology.up({ lost: [] });
    await topology.expectWellWith(virginia);
    expect(await topology.identities()).toEqual(before);
  });

  test("is destroyed, and leaves nothing in AWS", async () => {
    await topology.stack.destroy();
    expect(await topology.contents()).toEqual([]);
  });
});
