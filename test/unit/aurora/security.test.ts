import { hasFeature } from "../../../src/aurora/engine-version";
import { auroraFailures } from "../../../src/aurora/rules";
import { args, make, named, ofType, plain, type Made } from "./component";

let standard: Promise<Made> | undefined;
const topology = () => (standard ??= make());
const inputsOf = async (type: string) => ofType(await topology(), type).map(({ inputs }) => inputs);

/** Checks of checkov (CKV) and of AWS Security Hub (RDS): what each asks of every resource of a type. */
const checks: [
  check: string,
  what: string,
  type: string,
  holds: (inputs: Record<string, unknown>) => boolean,
][] = [
  ["CKV_AWS_140", "global clusters are encrypted", "GlobalCluster", (of) => of["storageEncrypted"] === true],
  ["CKV_AWS_96", "clusters are encrypted", "Cluster", (of) => of["storageEncrypted"] === true],
  ["CKV_AWS_327", "clusters are encrypted by a key of ours", "Cluster", (of) => isKeyOf(of["kmsKeyId"], of)],
  [
    "CKV_AWS_139",
    "clusters are protected from deletion",
    "Cluster",
    (of) => of["deletionProtection"] === true,
  ],
  ["CKV_AWS_133", "clusters are backed up", "Cluster", (of) => Number(of["backupRetentionPeriod"]) >= 7],
  ["CKV_AWS_313", "snapshots get the tags", "Cluster", (of) => of["copyTagsToSnapshot"] === true],
  ["CKV_AWS_162", "IAM authenticates", "Cluster", (of) => of["iamDatabaseAuthenticationEnabled"] === true],
  [
    "CKV_AWS_324",
    "logs are captured",
    "Cluster",
    (of) => (of["enabledCloudwatchLogsExports"] as string[]).includes("postgresql"),
  ],
  ["RDS.24", "the first role is not called postgres", "Cluster", (of) => of["masterUsername"] !== "postgres"],
  [
    "CKV_AWS_17",
    "nobody reaches an instance from outside",
    "ClusterInstance",
    (of) => of["publiclyAccessible"] === false,
  ],
  [
    "CKV_AWS_118",
    "enhanced monitoring is on",
    "ClusterInstance",
    (of) => of["monitoringInterval"] === 60 && /:iam:.*:db-monitoring$/.test(String(of["monitoringRoleArn"])),
  ],
  [
    "CKV_AWS_353",
    "Performance Insights are on",
    "ClusterInstance",
    (of) => of["performanceInsightsEnabled"] === true,
  ],
  [
    "CKV_AWS_354",
    "Performance Insights are encrypted by a key of ours",
    "ClusterInstance",
    (of) => isKeyOf(of["performanceInsightsKmsKeyId"], of),
  ],
  ["CKV_AWS_7", "keys are rotated", "Key", (of) => of["enableKeyRotation"] === true],
  [
    "CKV_AWS_33",
    "no key is anybody's",
    "Key",
    (of) => statementsOf(of).every(({ Principal }) => !JSON.stringify(Principal).includes('"*"')),
  ],
  [
    "CKV2_AWS_64",
    "keys have a policy, which lets the account decide by IAM",
    "Key",
    (of) => JSON.stringify(statementsOf(of)[0]!.Principal) === '{"AWS":"arn:aws:iam::123456789012:root"}',
  ],
  ["CKV_AWS_149", "secrets are encrypted by a key of ours", "Secret", (of) => isKeyOf(of["kmsKeyId"], of)],
  [
    "CKV_AWS_23",
    "security groups and their rules are described",
    "SecurityGroup",
    (of) =>
      [of, ...rulesOf(of)].every(({ description }) => typeof description === "string" && description !== ""),
  ],
  [
    "CKV_AWS_277",
    "nobody gets in by every port from everywhere",
    "SecurityGroup",
    (of) =>
      rulesOf(of).every(
        ({ protocol, fromPort, toPort, cidrBlocks }) =>
          protocol === "tcp" &&
          fromPort === 5432 &&
          toPort === 5432 &&
          !(cidrBlocks as string[]).some((block) => block.endsWith("/0")),
      ),
  ],
  ["CKV_AWS_382", "nothing goes out", "SecurityGroup", (of) => (of["egress"] as unknown[]).length === 0],
  [
    "CKV2_AWS_27",
    "statements are logged",
    "ClusterParameterGroup",
    (of) => ["log_statement", "log_min_duration_statement"].every((name) => name in parametersOf(of)),
  ],
  [
    "CKV2_AWS_69",
    "connections are encrypted: in Aurora a parameter of the cluster",
    "ClusterParameterGroup",
    (of) => parametersOf(of)["rds.force_ssl"] === "1",
  ],
  ["CKV_AWS_158", "logs are encrypted by a key of ours", "LogGroup", (of) => isKeyOf(of["kmsKeyId"], of)],
  ["CKV_AWS_338", "logs are kept for a year", "LogGroup", (of) => Number(of["retentionInDays"]) >= 365],
  ["CKV_AWS_166", "vaults are encrypted by a key of ours", "Vault", (of) => isKeyOf(of["kmsKeyArn"], of)],
];

describe("every resource of its type passes", () => {
  it.each(checks)("%s: %s", async (_check, _what, type, holds) => {
    const all = await inputsOf(type);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter((inputs) => !holds(inputs))).toEqual([]);
  });

  it("CKV2_AWS_8: AWS Backup has a plan for every cluster", async () => {
    const made = await topology();
    for (const { name } of ofType(made, "Cluster")) {
      const { inputs } = named(made, "Selection", `${name}-backup`);
      expect(inputs["resources"]).toEqual([expect.stringMatching(new RegExp(`:${name}$`))]);
      expect(inputs["planId"]).toBe(`${name}-backup-id`);
    }
  });

  it("CKV_AWS_388: no version is taken that lets local files be read, which 10.11 to 10.13 and 11.6 to 11.8 do", () => {
    for (const [major, minor] of [
      [10, 11],
      [10, 13],
      [11, 6],
      [11, 8],
      [13, 99],
    ] as const) {
      expect(hasFeature({ major, minor }, "globalDatabase")).toBe(false);
      expect(
        auroraFailures("db", { ...args, engineVersion: `${major}.${minor}` }).map(
          (each) => each.propertyPath,
        ),
      ).toContain("engineVersion");
    }
  });

  it("RDS.15: a region of two instances or more is in several zones, whose subnets the rules ask for", async () => {
    const made = await topology();
    expect(ofType(made, "ClusterInstance").filter(({ name }) => name.startsWith("db-rome-")).length).toBe(2);
    for (const { inputs } of ofType(made, "ClusterInstance")) {
      expect(inputs).not.toHaveProperty("availabilityZone");
    }
    for (const { inputs } of ofType(made, "SubnetGroup")) {
      expect((inputs["subnetIds"] as string[]).length).toBeGreaterThanOrEqual(2);
    }
  });

  it("RDS.24: a role called postgres or admin is refused as the first one", () => {
    for (const owner of ["postgres", "admin"]) {
      const refused = auroraFailures("db", { ...args, database: { owner } }).map((each) => each.propertyPath);
      expect(refused).toContain("database.owner");
    }
  });
});

describe("what does not pass, and why", () => {
  it("CKV_AWS_226: minor versions are not automatic, since readers must be upgraded before the writer", async () => {
    // AWS ignores the setting for members of a global database: engineVersion alone decides, for all of them.
    for (const inputs of await inputsOf("ClusterInstance")) {
      expect(inputs["autoMinorVersionUpgrade"]).toBe(false);
    }
  });

  it("CKV2_AWS_57: no Lambda function rotates the secret, since connection strings would go stale behind Pulumi's back: passwordRotation does", async () => {
    expect(ofType(await topology(), "SecretRotation")).toEqual([]);
    const rotated = await make({ secrets: { passwordRotation: "2" } });
    expect(named(rotated, "RandomPassword", "db-password").inputs["keepers"]).toEqual({ rotation: "2" });
  });
});

/** Whether a key is the one of the resource's own AWS region. */
function isKeyOf(key: unknown, { region }: Record<string, unknown>): boolean {
  return typeof key === "string" && key.startsWith(`arn:aws:kms:${String(region)}:`) && key.endsWith("-key");
}

function statementsOf({ policy }: Record<string, unknown>): { Principal: unknown }[] {
  return (JSON.parse(plain(policy) as string) as { Statement: { Principal: unknown }[] }).Statement;
}

function rulesOf({ ingress }: Record<string, unknown>): Record<string, unknown>[] {
  return ingress as Record<string, unknown>[];
}

function parametersOf({ parameters }: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    (parameters as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  );
}
