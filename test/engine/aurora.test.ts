import { AuroraTopology, awsRegions } from "../support/aurora";

const [virginia, ireland] = awsRegions;

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

  test("promotes the other region where the writer's is lost, of which it asks nothing", async () => {
    const before = await topology.identities();
    topology.front.reset();
    await topology.up({ primary: virginia, lost: [ireland] });
    const { seen } = topology.front;
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
