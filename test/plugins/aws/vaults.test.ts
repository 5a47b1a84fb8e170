import { isSecret } from "../plugin";
import { ALIAS, KEY, SECRET, SECRET_VERSION, World } from "./world";

const ROME = "eu-south-1";
const LISBON = "eu-west-1";
const DUBLIN = "eu-west-2";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
afterEach(() => world.ministack.reset());

const policy = (account: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
    ],
  });

describe("a key", () => {
  test("rotates, has a policy, and is changed in place", async () => {
    const inputs = {
      region: ROME,
      description: "db",
      enableKeyRotation: true,
      policy: policy("111122223333"),
    };
    const key = await world.make(KEY, { ...inputs, tags: { a: "b" } });
    expect(key.state).toMatchObject({
      arn: `arn:aws:kms:eu-south-1:111122223333:key/${key.id}`,
      keyId: key.id,
      enableKeyRotation: true,
      tagsAll: { a: "b" },
    });
    const changed = await world.change(key, { ...inputs, description: "other", enableKeyRotation: false });
    expect(changed.state).toMatchObject({ description: "other", enableKeyRotation: false, tagsAll: {} });
    expect((await world.refresh(changed))!.state).toEqual(changed.state);
    expect(await world.replacedBy(changed, { multiRegion: true })).toEqual(["multiRegion"]);
  });

  test("keeps a policy that is only written in another way", async () => {
    const key = await world.make(KEY, { region: ROME, policy: policy("111122223333") });
    const spaced = JSON.stringify(JSON.parse(policy("111122223333")), undefined, 2);
    expect(await world.replacedBy(key, { policy: spaced })).toEqual([]);
    expect(await world.plugin.diff(KEY, key.state, { ...key.inputs, policy: spaced })).toMatchObject({
      changed: false,
    });
  });

  test("is refused with a policy that locks its writer out", async () => {
    await expect(world.make(KEY, { region: ROME, policy: policy("999999999999") })).rejects.toThrow(
      "will not allow you to update the key policy",
    );
  });

  test("waits for its deletion, and counts as gone", async () => {
    const key = await world.make(KEY, { region: ROME, deletionWindowInDays: 7 });
    await world.remove(key);
    const { KeyMetadata } = await world.ministack.kms(ROME).describeKey({ KeyId: key.id });
    expect(KeyMetadata).toMatchObject({ KeyState: "PendingDeletion" });
    expect(await world.refresh(key)).toBeUndefined();
    expect(await world.ministack.contents(ROME)).toEqual([]);
    await expect(world.make(ALIAS, { region: ROME, name: "alias/db", targetKeyId: key.id })).rejects.toThrow(
      "is pending deletion",
    );
    await world.remove(key);
  });

  test("has an alias, which can point to another one", async () => {
    const keys = [await world.make(KEY, { region: ROME }), await world.make(KEY, { region: ROME })];
    const inputs = { region: ROME, name: "alias/db", targetKeyId: keys[0]!.state["arn"] };
    const alias = await world.make(ALIAS, inputs);
    expect(alias).toMatchObject({ id: "alias/db", state: { targetKeyArn: keys[0]!.state["arn"] } });
    const changed = await world.change(alias, { ...inputs, targetKeyId: keys[1]!.id });
    expect(changed.state).toMatchObject({ targetKeyArn: keys[1]!.state["arn"], targetKeyId: keys[1]!.id });
    expect(await world.replacedBy(changed, { name: "alias/other" })).toEqual(["name"]);
    await world.remove(changed, ...keys);
    expect(await world.ministack.contents(ROME)).toEqual([]);
  });
});

describe("a secret", () => {
  test("has replicas, which come and go in place", async () => {
    const keys = {
      [LISBON]: await world.make(KEY, { region: LISBON }),
      [DUBLIN]: await world.make(KEY, { region: DUBLIN }),
    };
    const replica = (region: typeof LISBON | typeof DUBLIN) => ({
      region,
      kmsKeyId: keys[region]!.state["arn"],
    });
    const inputs = { region: ROME, name: "db", recoveryWindowInDays: 0 };
    const secret = await world.make(SECRET, { ...inputs, replicas: [replica(LISBON)] });
    expect(secret.id).toMatch(/^arn:aws:secretsmanager:eu-south-1:111122223333:secret:db-/);
    expect(secret.state).toMatchObject({ replicas: [{ ...replica(LISBON), status: "InSync" }] });
    await world.replacedBy(secret, {});
    const more = await world.change(secret, { ...inputs, replicas: [replica(DUBLIN), replica(LISBON)] });
    const less = await world.change(more, { ...inputs, replicas: [replica(DUBLIN)] });
    expect(less.state["replicas"]).toMatchObject([replica(DUBLIN)]);
    expect(await world.ministack.contents(ROME, LISBON, DUBLIN)).toEqual(
      expect.not.arrayContaining([`${LISBON} secret db`]),
    );
    await world.remove(less, ...Object.values(keys));
    expect(await world.ministack.contents(ROME, LISBON, DUBLIN)).toEqual([]);
  });

  test("has versions, which stay secret and are read in every region", async () => {
    const secret = await world.make(SECRET, { region: ROME, name: "db", replicas: [{ region: LISBON }] });
    const inputs = { region: ROME, secretId: secret.id, secretString: "hidden-text" };
    const { state } = await world.plugin.create(SECRET_VERSION, inputs);
    expect(isSecret(state["secretString"])).toBe(true);
    const version = await world.make(SECRET_VERSION, inputs);
    expect(version.id).toBe(`${secret.id}|${version.state["versionId"]}`);
    expect(version.state).toMatchObject({ versionStages: ["AWSCURRENT"] });
    expect(await world.replacedBy(version, { secretString: "other" })).toEqual(["secretString"]);
    const { SecretString } = await world.ministack.secretsManager(LISBON).getSecretValue({ SecretId: "db" });
    expect(SecretString).toBe("hidden-text");
    const next = await world.make(SECRET_VERSION, { ...inputs, secretString: "next" });
    expect(await world.refresh(version)).toMatchObject({ state: { versionStages: ["AWSPREVIOUS"] } });
    await world.remove(version, next);
  });

  test("that was deleted keeps its name for the time of its recovery", async () => {
    const inputs = { region: ROME, name: "db", recoveryWindowInDays: 7 };
    const secret = await world.change(await world.make(SECRET, { region: ROME, name: "db" }), inputs);
    await world.remove(secret);
    expect(await world.refresh(secret)).toBeUndefined();
    await expect(world.make(SECRET, inputs)).rejects.toThrow("already scheduled for deletion");
  });

  test.each([
    ["without its key", { kmsKeyId: "none" }, "KMSKeyNotAccessibleFault"],
    ["with a replica where it is itself", { replicas: [{ region: ROME }] }, "Invalid replica region"],
    [
      "with a replica without its key",
      { replicas: [{ region: LISBON, kmsKeyId: "none" }] },
      "KMSKeyNotAccessible",
    ],
  ])("is refused %s", async (_, more, reason) => {
    await expect(world.make(SECRET, { region: ROME, name: "db", ...more })).rejects.toThrow(reason);
  });
});
