import { accessFor, accessOf, configure, stackConfigurationOf } from "../../../../src/aurora/provider/access";

const stack = {
  profile: "staging",
  accessKey: "AKIA",
  secretKey: "hush",
  token: "token",
  assumeRoles: '[{"roleArn":"arn:aws:iam::111122223333:role/deploy","externalId":"x"}]',
};
const ofStack = {
  profile: "staging",
  keys: { accessKeyId: "AKIA", secretAccessKey: "hush", sessionToken: "token" },
  assumeRoles: [{ roleArn: "arn:aws:iam::111122223333:role/deploy", externalId: "x" }],
};

describe("the credentials of handovers", () => {
  it("are those of the stack's configuration, as for the default AWS provider", () => {
    expect(accessOf({ profile: "" }, stack)).toEqual(ofStack);
    expect(accessOf({ profile: "" }, {})).toEqual({});
    expect(accessOf({ profile: "" }, { accessKey: "AKIA" })).toEqual({});
  });

  it("are not those of the stack's configuration where the component has a provider of its own", () => {
    expect(accessOf({ profile: "", hasProvider: true }, stack)).toEqual({});
  });

  it("are the arguments' alone where there are any", () => {
    expect(accessOf({ profile: "production" }, stack)).toEqual({ profile: "production" });
    const assumeRoles = [{ roleArn: "arn:aws:iam::444455556666:role/deploy" }];
    expect(accessOf({ profile: "", assumeRoles, hasProvider: true }, stack)).toEqual({ assumeRoles });
    expect(accessOf({ profile: "production", assumeRoles }, stack)).toEqual({
      profile: "production",
      assumeRoles,
    });
  });

  it("come from the configuration that Pulumi hands to the provider, and are in no input", async () => {
    const get = (key: string) => stack[key.replace("aws:", "") as keyof typeof stack];
    await configure({ config: { get, require: get } });
    expect(accessFor({ profile: "" })).toEqual(ofStack);
    await configure({ config: { get: () => undefined, require: get } });
    expect(accessFor({ profile: "" })).toEqual({});
  });

  it("take what is empty for nothing", () => {
    expect(stackConfigurationOf((key) => (key === "profile" ? "" : undefined))).toEqual({});
  });
});
