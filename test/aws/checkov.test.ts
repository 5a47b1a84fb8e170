import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AuroraTopology, auroraArgs, awsRegions } from "../support/aurora";
import { checkov, type Checked } from "../support/checkov";
import { exampleStack } from "../support/example";
import { testFolder } from "../support/folder";
import { MiniStack } from "../support/ministack";
import { terraformPlan, type DeclaredResource } from "../support/terraform-plan";

const [virginia, ireland] = awsRegions;

/** What checkov finds, and why it stays. */
const explained: [check: string, resource: RegExp, why: string][] = [
  [
    "CKV_AWS_226",
    /^aws_rds_cluster_instance\./,
    "automatic minor versions would upgrade the writer before its readers: `engineVersion` alone decides",
  ],
  [
    "CKV2_AWS_57",
    /^aws_secretsmanager_secret\./,
    "a function that rotates the password would leave connection strings behind: `passwordRotation` does it",
  ],
];

type Inputs = NonNullable<DeclaredResource["inputs"]>;
const changed = (changes: Inputs) => (inputs: Inputs) => ({ ...inputs, ...changes });
const without = (property: string) => (inputs: Inputs) => omit(inputs, property);
const gone = () => undefined;
const everybody = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}';
const anyPort = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };

/** How each check that holds is broken: by this change of all resources of a type. */
const broken: [check: string, type: string, change: (inputs: Inputs) => Inputs | undefined][] = [
  ["CKV_AWS_7", "aws:kms/key:Key", changed({ enableKeyRotation: false })],
  ["CKV_AWS_33", "aws:kms/key:Key", changed({ policy: everybody })],
  ["CKV2_AWS_64", "aws:kms/key:Key", (inputs) => (isOfLogs(inputs) ? omit(inputs, "policy") : inputs)],
  ["CKV_AWS_17", "aws:rds/clusterInstance:ClusterInstance", changed({ publiclyAccessible: true })],
  ["CKV_AWS_118", "aws:rds/clusterInstance:ClusterInstance", changed({ monitoringInterval: 0 })],
  [
    "CKV_AWS_353",
    "aws:rds/clusterInstance:ClusterInstance",
    // The next check asks nothing of those.
    (inputs) => (inputs["region"] === ireland ? { ...inputs, performanceInsightsEnabled: false } : inputs),
  ],
  ["CKV_AWS_354", "aws:rds/clusterInstance:ClusterInstance", without("performanceInsightsKmsKeyId")],
  ["CKV_AWS_96", "aws:rds/cluster:Cluster", changed({ storageEncrypted: false })],
  ["CKV_AWS_133", "aws:rds/cluster:Cluster", changed({ backupRetentionPeriod: 0 })],
  ["CKV_AWS_139", "aws:rds/cluster:Cluster", changed({ deletionProtection: false })],
  ["CKV_AWS_162", "aws:rds/cluster:Cluster", changed({ iamDatabaseAuthenticationEnabled: false })],
  ["CKV_AWS_313", "aws:rds/cluster:Cluster", changed({ copyTagsToSnapshot: false })],
  ["CKV_AWS_324", "aws:rds/cluster:Cluster", changed({ enabledCloudwatchLogsExports: [] })],
  ["CKV_AWS_327", "aws:rds/cluster:Cluster", without("kmsKeyId")],
  ["CKV_AWS_140", "aws:rds/globalCluster:GlobalCluster", changed({ storageEncrypted: false })],
  ["CKV2_AWS_8", "aws:backup/selection:Selection", gone],
  ["CKV_AWS_166", "aws:backup/vault:Vault", without("kmsKeyArn")],
  ["CKV2_AWS_27", "aws:rds/clusterParameterGroup:ClusterParameterGroup", changed({ parameters: [] })],
  ["CKV_AWS_149", "aws:secretsmanager/secret:Secret", without("kmsKeyId")],
  ["CKV_AWS_158", "aws:cloudwatch/logGroup:LogGroup", without("kmsKeyId")],
  ["CKV_AWS_338", "aws:cloudwatch/logGroup:LogGroup", changed({ retentionInDays: 7 })],
  ["CKV_AWS_23", "aws:ec2/securityGroup:SecurityGroup", without("description")],
  ["CKV_AWS_277", "aws:ec2/securityGroup:SecurityGroup", changed({ ingress: [anyPort] })],
  ["CKV_AWS_382", "aws:ec2/securityGroup:SecurityGroup", changed({ egress: [anyPort] })],
  ["CKV_AWS_130", "aws:ec2/subnet:Subnet", changed({ mapPublicIpOnLaunch: true })],
  ["CKV2_AWS_11", "aws:ec2/flowLog:FlowLog", gone],
  ["CKV2_AWS_12", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", gone],
  ["CKV2_AWS_19", "aws:ec2/natGateway:NatGateway", without("allocationId")],
  [
    "CKV2_AWS_44",
    "aws:ec2/route:Route",
    (inputs) =>
      "vpcPeeringConnectionId" in inputs ? { ...inputs, destinationCidrBlock: "0.0.0.0/0" } : inputs,
  ],
];

/** What is found beside in the example of everything on AWS. */
const explainedOfAll: typeof explained = [
  ...explained,
  [
    "CKV2_AWS_34",
    /^aws_ssm_parameter\..*-(host|port)$/,
    "hosts and ports are no secrets: what holds the password is encrypted",
  ],
  [
    "CKV2_AWS_5",
    /^aws_security_group\..*-proxy$/,
    "that of a proxy is attached to it, which checkov does not know to have any",
  ],
];

/** What is broken beside, in the same way. */
const brokenOfAll: typeof broken = [
  ["CKV_AWS_37", "aws:eks/cluster:Cluster", changed({ enabledClusterLogTypes: ["api"] })],
  ["CKV_AWS_38", "aws:eks/cluster:Cluster", inVpc({ publicAccessCidrs: ["0.0.0.0/0"] })],
  ["CKV_AWS_39", "aws:eks/cluster:Cluster", inVpc({ endpointPublicAccess: true })],
  ["CKV_AWS_58", "aws:eks/cluster:Cluster", without("encryptionConfig")],
  ["CKV_AWS_339", "aws:eks/cluster:Cluster", changed({ version: "1.22" })],
  ["CKV_AWS_79", "aws:ec2/launchTemplate:LaunchTemplate", metadata({ httpTokens: "optional" })],
  ["CKV_AWS_341", "aws:ec2/launchTemplate:LaunchTemplate", metadata({ httpPutResponseHopLimit: 2 })],
  ["CKV_AWS_337", "aws:ssm/parameter:Parameter", without("keyId")],
];

describe("checkov, of what the example of everything on AWS has declared", () => {
  let resources: readonly DeclaredResource[];
  let checked: Checked;

  beforeAll(async () => {
    const aws = await MiniStack.start();
    const config = { zoneId: "Z0123456789", domain: "shop.example.com" };
    const stack = await exampleStack("full-stack-aws", config, {}, aws.env);
    try {
      await stack.pulumi("config", "set", "--path", "hosts.us", "us.example.net");
      await stack.pulumi("config", "set", "--path", "hosts.eu", "eu.example.net");
      await stack.up();
      const file = join(testFolder(), "full-stack-aws.json");
      await stack.pulumi("stack", "export", "--file", file);
      ({ resources } = (
        JSON.parse(await readFile(file, "utf8")) as { deployment: { resources: DeclaredResource[] } }
      ).deployment);
      await stack.pulumi("config", "set", "deletionProtection", "false");
      await stack.up();
    } finally {
      await stack.dispose().finally(() => aws.stop());
    }
    checked = await checkov(terraformPlan(resources));
  });

  test("finds nothing that is not explained, and everything that is", () => {
    const isExplained = (finding: string) => explainedOfAll.some((each) => explains(each, finding));
    expect(checked.failed.filter((finding) => !isExplained(finding))).toEqual([]);
    expect(
      explainedOfAll.filter((each) => !checked.failed.some((finding) => explains(each, finding))),
    ).toEqual([]);
  });

  test("passes every check of clusters and parameters, and finds each of them broken where it is", async () => {
    const checks = brokenOfAll.map(([check]) => check).sort();
    const passed = checksOf(checked.passed);
    expect(checks.filter((check) => passed.has(check))).toEqual(checks);
    const after = resources.flatMap((resource) => breakIt(resource, brokenOfAll));
    const found = checksOf((await checkov(terraformPlan(after))).failed);
    expect(checks.filter((check) => found.has(check))).toEqual(checks);
  });
});

describe("checkov, of what a deployment has declared", () => {
  let resources: readonly DeclaredResource[];
  let checked: Checked;

  beforeAll(async () => {
    const { networks } = auroraArgs([virginia, ireland]);
    const topology = await AuroraTopology.create([virginia, ireland], {
      deletionProtection: true,
      networks: { ...networks, defaults: { nat: "one", endpoints: ["secretsmanager"] } },
    });
    try {
      await topology.up();
      resources = await topology.stack.resources();
      await topology.up({ deletionProtection: false });
    } finally {
      // What is still protected cannot be destroyed, and goes with the fake.
      await topology.dispose().finally(() => topology.aws.stop());
    }
    checked = await checkov(terraformPlan(resources));
  });

  test("finds nothing that is not explained", () => {
    const isExplained = (finding: string) => explained.some((each) => explains(each, finding));
    expect(checked.failed.filter((finding) => !isExplained(finding))).toEqual([]);
  });

  test("finds everything that is explained", () => {
    expect(explained.filter((each) => !checked.failed.some((finding) => explains(each, finding)))).toEqual(
      [],
    );
  });

  test("passes every check that is listed here, and finds each of them broken where it is", async () => {
    const checks = broken.map(([check]) => check).sort();
    const passed = checksOf(checked.passed);
    expect(checks.filter((check) => passed.has(check))).toEqual(checks);
    const found = checksOf(
      (await checkov(terraformPlan(resources.flatMap((each) => breakIt(each, broken))))).failed,
    );
    expect(checks.filter((check) => found.has(check))).toEqual(checks);
  });
});

function explains([check, resource]: (typeof explained)[number], finding: string): boolean {
  const [found, where] = finding.split(" ") as [string, string];
  return found === check && resource.test(where);
}

function checksOf(findings: readonly string[]): ReadonlySet<string> {
  return new Set(findings.map((finding) => finding.split(" ")[0]!));
}

function breakIt(resource: DeclaredResource, changes: typeof broken): DeclaredResource[] {
  let inputs: Inputs | undefined = resource.inputs ?? {};
  for (const [, type, change] of changes) {
    inputs = inputs && (type === resource.type ? change(inputs) : inputs);
  }
  return inputs ? [{ ...resource, inputs }] : [];
}

/** Changes what is in an input. */
function within(property: string, changes: Inputs) {
  return (inputs: Inputs) => ({ ...inputs, [property]: { ...(inputs[property] as Inputs), ...changes } });
}

function inVpc(changes: Inputs) {
  return within("vpcConfig", changes);
}

function metadata(changes: Inputs) {
  return within("metadataOptions", changes);
}

function isOfLogs({ description }: Inputs): boolean {
  return String(description).startsWith("Logs of ");
}

function omit(inputs: Inputs, property: string): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== property));
}
