import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Check from "../../../tools/plugins/aws/service-models/check.mjs" with {
  "resolution-mode": "import",
};
import type * as Types from "../../../tools/plugins/aws/types.mjs" with { "resolution-mode": "import" };
import { importedIn, sourcesBelow } from "./imports";
import { declaredBy, programs, type Declared } from "./programs";

const { typeIn } = jest.requireActual<typeof Types>("../../../tools/plugins/aws/types.mjs");
const { hasCalls } = jest.requireActual<typeof Check>("../../../tools/plugins/aws/service-models/check.mjs");

const root = join(__dirname, "../../..");

beforeAll(async () => {
  const install = pathToFileURL(join(root, "tools/ministack/install.mjs")).href;
  const { serviceModels } = (await import(install)) as { serviceModels(): Promise<string> };
  process.env["AWS_SERVICE_MODELS"] = await serviceModels();
});

/** The stand-in's refusals of a resource, as in the preview. */
function failuresOf({ type, name, inputs }: Declared): string[] {
  const provider = { region: "us-east-1", config: { defaultTags: {} } };
  const { check } = typeIn(type, { provider } as never);
  const urn = `urn:pulumi:test::shop::${type}::${name}`;
  const { failures = [] } = check({ urn, news: inputs, olds: {}, randomSeed: new Uint8Array() } as never) as {
    failures?: { property: string; reason: string }[];
  };
  return failures.map(({ property, reason }) => `${type} ${name} ${property}: ${reason}`);
}

describe("AWS's service models", () => {
  test("every resource type that the package declares is mapped to calls", () => {
    const { resources } = importedIn(sourcesBelow(join(root, "src")));
    expect(resources.filter((token) => !hasCalls(token))).toEqual([]);
  });

  test.each(programs)("$title: AWS takes every input", async (program) => {
    const declared = await declaredBy(program);
    expect(declared.length).toBeGreaterThan(0);
    expect(declared.flatMap(failuresOf)).toEqual([]);
  });

  test.each<[string, string, Declared["inputs"], string | RegExp]>([
    [
      "a character that EC2 takes in no description",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      {
        securityGroupId: "sg-1",
        ipProtocol: "tcp",
        cidrIpv4: "10.0.0.0/8",
        description: "the region's proxy",
      },
      /description: ec2 AuthorizeSecurityGroupIngress: must have up to 255 characters of .*the region's proxy/,
    ],
    [
      "a pattern",
      "aws:rds/proxy:Proxy",
      { name: "1st", engineFamily: "POSTGRESQL", roleArn: "a".repeat(20), vpcSubnetIds: [], auths: [] },
      /name: rds CreateDBProxy: must match .*"1st"/,
    ],
    [
      "a length",
      "aws:iam/role:Role",
      { name: "r".repeat(65), assumeRolePolicy: "{}" },
      /name: iam CreateRole: must have from 1 to 64 characters/,
    ],
    [
      "an enumeration",
      "aws:rds/proxyEndpoint:ProxyEndpoint",
      { dbProxyName: "p", dbProxyEndpointName: "e", vpcSubnetIds: [], targetRole: "BOTH" },
      /targetRole: rds CreateDBProxyEndpoint: must be one of READ_WRITE, READ_ONLY, which "BOTH" does not/,
    ],
    [
      "a number in a block",
      "aws:eks/nodeGroup:NodeGroup",
      {
        clusterName: "c",
        nodeRoleArn: "arn",
        subnetIds: [],
        scalingConfig: { minSize: -1, desiredSize: 1, maxSize: 1 },
      },
      /scalingConfig\.minSize: eks CreateNodegroup: must have from 0/,
    ],
    [
      "a tag",
      "aws:rds/subnetGroup:SubnetGroup",
      { name: "s", description: "d", subnetIds: [], tags: { team: "a & b" } },
      /tags\.team\.Value: rds CreateDBSubnetGroup: must have letters, digits/,
    ],
    [
      "what is required within a block",
      "aws:backup/plan:Plan",
      { name: "plan", rules: [{ ruleName: "daily" }] },
      /BackupRuleInput\.TargetBackupVaultName is missing/,
    ],
    [
      "an input that goes nowhere",
      "aws:kms/key:Key",
      { enableKeyRotation: true, rotationPeriodInDays: 90 },
      /rotationPeriodInDays: kms CreateKey: no member of CreateKeyRequest is known for "rotationPeriodInDays"/,
    ],
  ])("refuse %s", (_, type, inputs, expected) => {
    expect(failuresOf({ type, name: "it", inputs })).toEqual([expect.stringMatching(expected)]);
  });

  test("tell no secret", () => {
    const inputs = { engine: "aurora-postgresql", clusterIdentifier: "c", masterPassword: "sec/ret" };
    const failures = failuresOf({ type: "aws:rds/cluster:Cluster", name: "it", inputs });
    expect(failures).toEqual([expect.stringMatching(/masterPassword: .* which its value does not/)]);
  });

  test("are not needed for what is not known yet", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const inputs = { name: unknown, assumeRolePolicy: unknown, tags: { team: unknown } };
    expect(failuresOf({ type: "aws:iam/role:Role", name: "it", inputs })).toEqual([]);
  });
});
