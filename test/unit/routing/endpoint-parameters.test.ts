import * as pulumi from "@pulumi/pulumi";
import { EndpointParameters } from "../../../src/routing/endpoint-parameters";
import type { EndpointParametersArgs } from "../../../src/routing/endpoint-parameters-args";
import { endpointParametersFailures } from "../../../src/routing/endpoint-parameters-rules";
import { known, topology } from "./routing";

type Inputs = Record<string, unknown>;

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
  readonly options: pulumi.CustomResourceOptions;
}

function database(primary: string) {
  const uri = (text: string) => pulumi.secret(`postgresql://app:word@${text}/app?`);
  const { regions, writerEndpoint } = topology(primary);
  return {
    regions,
    writerEndpoint,
    connectionUri: uri(primary),
    readOnlyUris: Object.fromEntries(Object.keys(regions).map((region) => [region, uri(`${region}-first`)])),
  };
}

const awsRegions = { rome: "eu-south-1", lisbon: "eu-west-1" };

async function make(
  changes: Partial<EndpointParametersArgs> = {},
  primary = "rome",
): Promise<{ parameters: EndpointParameters; registered: Registered[] }> {
  const seen: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        seen.push(resource);
        const { name, inputs } = resource;
        return {
          id: `${name}-id`,
          state: { ...(inputs as Inputs), arn: `arn of ${name}`, keyId: `${name}-id` },
        };
      },
      call: () => ({ accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/pulumi" }),
    },
    "shop",
    "test",
  );
  const options = new Map<string, pulumi.CustomResourceOptions>();
  const parameters = new EndpointParameters(
    "db",
    { topology: database(primary), awsRegions, path: "/shop/db", ...changes },
    {
      transformations: [
        ({ type, name, opts }) => {
          options.set(`${type} ${name}`, opts as pulumi.CustomResourceOptions);
          return undefined;
        },
      ],
    },
  );
  await pulumi.runtime.disconnect();
  const registered = seen
    .filter(({ type }) => type.startsWith("aws:"))
    .map(({ type, name, inputs }) => ({
      type,
      name,
      inputs: inputs as Inputs,
      options: options.get(`${type} ${name}`) ?? {},
    }));
  return { parameters, registered };
}

function parametersIn(registered: readonly Registered[], awsRegion: string): Record<string, Inputs> {
  return Object.fromEntries(
    registered
      .filter(({ type, inputs }) => type.endsWith(":Parameter") && inputs["region"] === awsRegion)
      .map(({ inputs }) => [inputs["name"], inputs]),
  );
}

describe("EndpointParameters", () => {
  it("has the same names in each AWS region, with the region's own reader", async () => {
    const { registered, parameters } = await make();
    const lisbon = parametersIn(registered, "eu-west-1");
    expect(Object.keys(lisbon).sort()).toEqual(
      ["connection-uri", "read-only-uri", "reader/host", "reader/port", "writer/host", "writer/port"].map(
        (suffix) => `/shop/db/${suffix}`,
      ),
    );
    expect(Object.keys(parametersIn(registered, "eu-south-1")).sort()).toEqual(Object.keys(lisbon).sort());
    expect(lisbon["/shop/db/writer/host"]).toMatchObject({
      type: "String",
      insecureValue: "rome.internal.example",
    });
    expect(lisbon["/shop/db/reader/host"]).toMatchObject({
      type: "String",
      insecureValue: "lisbon.internal.example",
    });
    expect(lisbon["/shop/db/reader/port"]).toMatchObject({ insecureValue: "5432" });
    expect(parameters.path).toBe("/shop/db");
    expect(await known(parameters.keyArns["lisbon"]!)).toBe("arn of db-lisbon-key");
  });

  it("CKV_AWS_337, CKV2_AWS_34: encrypts what holds the password, by a key of the region's own, and keeps it a secret", async () => {
    const { registered } = await make();
    const rome = parametersIn(registered, "eu-south-1");
    for (const [name, uri] of [
      ["connection-uri", "rome"],
      ["read-only-uri", "rome-first"],
    ] as const) {
      expect(rome[`/shop/db/${name}`]).toMatchObject({
        type: "SecureString",
        keyId: "arn of db-rome-key",
        value: { value: `postgresql://app:word@${uri}/app?` },
      });
    }
    const plain = Object.values(rome).filter(({ type }) => type === "String");
    expect(JSON.stringify(plain)).not.toContain("word");
  });

  it("CKV_AWS_7, CKV_AWS_33, CKV2_AWS_64: has keys that are rotated and the account's", async () => {
    const { registered } = await make();
    const keys = registered.filter(({ type }) => type.endsWith(":Key"));
    expect(keys.map(({ inputs }) => inputs["enableKeyRotation"])).toEqual([true, true]);
    for (const { inputs } of keys) {
      const { Statement } = JSON.parse(inputs["policy"] as string) as { Statement: { Principal: object }[] };
      expect(Statement.map(({ Principal }) => Principal)).toEqual([
        { AWS: "arn:aws:iam::123456789012:root" },
      ]);
    }
  });

  it("changes values and no name in a handover", async () => {
    const [before, after] = [(await make()).registered, (await make({}, "lisbon")).registered];
    const names = (registered: readonly Registered[]) =>
      registered.map(({ type, name }) => `${type} ${name}`).sort();
    expect(names(after)).toEqual(names(before));
    expect(parametersIn(after, "eu-south-1")["/shop/db/writer/host"]).toMatchObject({
      insecureValue: "lisbon.internal.example",
    });
  });

  it("leaves a lost region as it is", async () => {
    const { registered } = await make({ lost: ["lisbon"] });
    const untouched = registered.filter(
      ({ options }) => options.ignoreChanges?.[0] === "*" && options.retainOnDelete,
    );
    expect(untouched.map(({ inputs }) => inputs["region"])).toEqual(Array(8).fill("eu-west-1"));
  });

  it("knows where the regions of Aurora are", async () => {
    const known = database("rome");
    const regions = { ...known.regions, rome: { ...known.regions["rome"]!, awsRegion: "eu-south-1" } };
    const { registered } = await make({ topology: { ...known, regions }, awsRegions: undefined as never });
    expect([...new Set(registered.map(({ inputs }) => inputs["region"]))]).toEqual(["eu-south-1"]);
  });

  it.each<[string, Inputs, string, RegExp]>([
    ["no topology", { topology: undefined }, "topology", /must be a topology/],
    ["no AWS regions of others", { awsRegions: undefined }, "awsRegions", /not Aurora's/],
    [
      "a region that is none",
      { awsRegions: { paris: "eu-west-3" } },
      "awsRegions.paris",
      /rome, lisbon, dublin/,
    ],
    ["an AWS region that is none", { awsRegions: { rome: "rome" } }, "awsRegions.rome", /an AWS region/],
    [
      "two in one",
      { awsRegions: { rome: "eu-west-1", lisbon: "eu-west-1" } },
      "awsRegions.lisbon",
      /another one than that of rome/,
    ],
    ["a lost region that is none", { lost: ["paris"] }, "lost[0]", /one of rome/],
    ["a mistyped property", { pth: "/a" }, "pth", /did you mean "path"/],
  ])("refuses %s", (_title, changes, path, reason) => {
    const args = { topology: database("rome"), awsRegions, ...changes };
    const found = Object.fromEntries(
      endpointParametersFailures("/shop", args).map(({ propertyPath, reason: why }) => [propertyPath, why]),
    );
    expect(found).toHaveProperty([path], expect.stringMatching(reason));
  });

  it.each(["shop", "/aws/shop", "/shop/", "/a b"])("refuses the path %s", (path) => {
    const failures = endpointParametersFailures(path, { topology: database("rome"), awsRegions });
    expect(failures.map(({ propertyPath }) => propertyPath)).toEqual(["path"]);
  });
});
