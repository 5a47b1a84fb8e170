import * as pulumi from "@pulumi/pulumi";
import { eksFailures } from "../../../src/eks/rules";
import { args } from "./eks";

function reasons(changes: Record<string, unknown>, identifier = "rome-test"): Record<string, string> {
  return Object.fromEntries(
    eksFailures(identifier, { ...args, ...changes }).map(({ propertyPath, reason }) => [
      propertyPath,
      reason,
    ]),
  );
}

describe("the rules of EksRegion", () => {
  it("find nothing in what is right, known or not", () => {
    expect(reasons({})).toEqual({});
    const later = pulumi.output("later");
    const network = { vpcId: later, privateSubnetIds: pulumi.output([]), clientCidrBlocks: [later] };
    expect(reasons({ network, awsRegion: "eu-south-1", access: { us: { principalArn: later } } })).toEqual(
      {},
    );
  });

  const nowhere = { ...args.network, awsRegion: undefined };

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ["no network", { network: undefined }, "network", /a network of RegionNetworks/],
    ["no AWS region", { network: nowhere }, "awsRegion", /is missing/],
    ["another AWS region", { awsRegion: "eu-west-1" }, "network.awsRegion", /must be eu-west-1/],
    [
      "one subnet",
      { network: { ...args.network, privateSubnetIds: ["a"] } },
      "network.privateSubnetIds",
      /two subnets/,
    ],
    [
      "everybody at the API",
      { network: { ...args.network, clientCidrBlocks: ["0.0.0.0/0"] } },
      "network.clientCidrBlocks[0]",
      /does not let everybody in/,
    ],
    [
      "few addresses for services",
      { network: { ...args.network, serviceCidrBlock: "172.20.0.0/28" } },
      "network.serviceCidrBlock",
      /from 12 to 24/,
    ],
    [
      "everybody on the Internet",
      { publicAccessCidrBlocks: ["0.0.0.0/0"] },
      "publicAccessCidrBlocks[0]",
      /everybody/,
    ],
    ["no node", { nodes: { count: 0 } }, "nodes.count", /from 1 to 450/],
    [
      "no instance type",
      { nodes: { instanceTypes: [] } },
      "nodes.instanceTypes",
      /one instance type or more/,
    ],
    [
      "two architectures",
      { nodes: { instanceTypes: ["m6i.large", "m6g.large"] } },
      "nodes.instanceTypes",
      /one processor architecture, not m6i.large and m6g.large/,
    ],
    [
      "a principal that is none",
      { access: { us: { principalArn: "us" } } },
      "access.us.principalArn",
      /ARN of a role/,
    ],
    [
      "namespaces of an administrator",
      { access: { us: { ...args.access!["deployers"], namespaces: ["shop"] } } },
      "access.us.namespaces",
      /clusterAdmin knows no namespaces/,
    ],
    ["a mistyped property", { vresion: "1.34" }, "vresion", /did you mean "version"/],
  ])("refuse %s", (_title, changes, path, reason) => {
    expect(reasons(changes)).toHaveProperty([path], expect.stringMatching(reason));
  });

  it("refuse a name that is too long for IAM", () => {
    expect(reasons({}, "a".repeat(51))["identifier"]).toMatch(/1 to 50 lower-case/);
  });

  it("tell all at once", () => {
    expect(Object.keys(reasons({ version: 1.34, deletionProtection: "no", tags: [] })).sort()).toEqual([
      "deletionProtection",
      "tags",
      "version",
    ]);
    expect(eksFailures("rome", undefined)).toHaveLength(1);
  });
});
