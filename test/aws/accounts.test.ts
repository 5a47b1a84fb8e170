import { AuroraTopology, awsRegions } from "../support/aurora";

const [virginia] = awsRegions;

/** The account of the environment, where nothing may be made. */
const environments = "111122223333";

/** In MiniStack an access key of twelve digits is the account. */
const keysOf = (account: string) => ({ accessKey: account, secretKey: "hush-hush-hush" });

describe("the account that handovers ask", () => {
  let topology: AuroraTopology;

  beforeEach(async () => {
    topology = await AuroraTopology.create([virginia]);
  });
  afterEach(() => topology.dispose());

  const contents = async () => (await topology.contents()).filter((what) => !what.startsWith("global"));

  test("is that of the keys in the stack's configuration, which are in no state as plain text", async () => {
    const { accessKey, secretKey } = keysOf("444455556666");
    await topology.stack.configure("aws:accessKey", accessKey);
    await topology.stack.configure("aws:secretKey", secretKey, "--secret");
    await topology.up();
    expect((await topology.outputs()).handover).toMatchObject({ kind: "founding", to: virginia });
    expect(await contents()).toEqual([]);
    expect(JSON.stringify(await topology.stack.resources())).not.toContain(secretKey);
    await topology.up({ secrets: { passwords: { app: "another-password-of-32-characters" } } });
    await topology.stack.destroy();
  });

  test("is compared with that of an explicit provider, before anything is created", async () => {
    const { code, output } = await topology.tryUp({ awsProvider: keysOf("777788889999") });
    expect(code).not.toBe(0);
    expect(output).toContain(
      `profile: the AWS provider is of account 777788889999, and handovers would ask account ${environments}: give ` +
        "assumeRoles or profile",
    );
    const made = (await topology.stack.resources()).filter(({ urn }) => urn.includes("AuroraPostgres"));
    expect(made).toEqual([]);
  });

  test("is that of a role where the component is given one", async () => {
    await topology.up({
      awsProvider: keysOf("777788889999"),
      assumeRoles: [{ roleArn: "arn:aws:iam::777788889999:role/handovers", externalId: "shop" }],
    });
    expect((await topology.outputs()).handover).toMatchObject({ kind: "founding", to: virginia });
    await topology.stack.destroy();
  });
});
