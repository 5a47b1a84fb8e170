import { output } from "@pulumi/pulumi";
import type { AuroraPostgresArgs } from "../../../src/aurora/args";
import { planTopology } from "../../../src/aurora/plan";
import { auroraFailures } from "../../../src/aurora/rules";

// Bad input is what the types do not let pass.
type Loose = Record<string, unknown> & { regions: Record<string, Record<string, unknown>> };

const network = {
  vpcId: output("vpc-1"),
  databaseSubnetIds: output(["subnet-1", "subnet-2"]),
  clientCidrBlocks: output(["10.0.0.0/16"]),
};

function validArgs(): Loose {
  return {
    primary: "us-east-1",
    regions: {
      "us-east-1": { network: { ...network, awsRegion: "us-east-1", privateSubnetIds: [] }, instances: 2 },
      lisbon: { awsRegion: "eu-west-1", network, instanceClass: "db.r7g.2xlarge", instances: 0 },
      west: { awsRegion: "us-west-2", network, serverless: { minCapacity: 0, maxCapacity: 16.5 } },
    },
    engineVersion: "16.13",
    instanceClass: "db.r5.large",
    identifier: "shop-prod",
    deletionProtection: false,
    backupRetentionDays: 35,
    backupPlan: false,
    recoveryPointSeconds: 20,
    writeForwarding: true,
    databaseInsights: "advanced",
    backupWindow: "01:00-02:00",
    maintenanceWindow: "sun:23:30-mon:00:30",
    finalSnapshot: true,
    storageType: "aurora-iopt1",
    profile: "shop",
    tags: { team: output("shop") },
    durability: "local",
    database: { name: "shop", owner: "keeper" },
    secrets: { passwords: { keeper: "correct-horse" }, passwordRotation: "1" },
    parameters: { work_mem: "8MB", "rds.logical_replication": true },
  };
}

function linesOf(args: unknown, identifier = "db-test"): string[] {
  return auroraFailures(identifier, args as AuroraPostgresArgs).map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}

const lisbon = (change: Record<string, unknown>) => (args: Loose) =>
  Object.assign(args.regions["lisbon"]!, change);
const inNetwork = (change: Record<string, unknown>) => lisbon({ network: { ...network, ...change } });
const top = (change: Record<string, unknown>) => (args: Loose) => Object.assign(args, change);
const classes =
  "must be a memory-optimised class that a global database takes, db.r5.large or larger, such as db.r6g.large, not";
const versions =
  "must be a version of Aurora PostgreSQL that a global database takes, 14.3, 15.2, 16.1 or newer, not";

describe("the AWS regions of a global database", () => {
  const places =
    (...awsRegions: string[]) =>
    (args: Loose) => {
      args.regions = Object.fromEntries(awsRegions.map((awsRegion) => [awsRegion, { awsRegion, network }]));
      args["primary"] = awsRegions[0]!;
    };
  const linesAt = (awsRegions: string[], change: Record<string, unknown> = {}) => {
    const args = { ...validArgs(), ...change };
    places(...awsRegions)(args);
    return linesOf(args);
  };
  const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

  it.each([
    ["cn-north-1", "aws-cn", "us-east-1", "aws"],
    ["us-east-1", "aws", "us-gov-west-1", "aws-us-gov"],
    ["eu-west-1", "aws", "eusc-de-east-1", "aws-eusc"],
  ])("%s, which is in %s, has no region of another partition beside it", (first, partition, other, its) => {
    expect(linesAt([first, other], { caCertificate: pem })).toEqual([
      `regions["${other}"].awsRegion: must be in the partition ${partition}, as ${first} is, not ${other}, which is in ${its}`,
    ]);
  });

  it.each(["il-central-1", "ca-west-1", "mx-central-1", "ap-southeast-7", "us-gov-east-1", "cn-north-1"])(
    "%s needs caCertificate, since the package knows no authorities there",
    (awsRegion) => {
      expect(linesAt([awsRegion])).toEqual([
        expect.stringMatching(
          `^regions\\["${awsRegion}"\\]\\.awsRegion: needs caCertificate, .*${awsRegion}`,
        ),
      ]);
      expect(linesAt([awsRegion], { caCertificate: pem })).toEqual([]);
      expect(linesAt([awsRegion], { caCertificate: output(pem) })).toEqual([]);
    },
  );

  it("take certificates alone for caCertificate", () => {
    expect(linesAt(["us-east-1"], { caCertificate: "ca.pem" })).toEqual([
      'caCertificate: must be certificates in PEM, not "ca.pem"',
    ]);
  });
});

describe("windows", () => {
  const weekly = "must be a window of 30 minutes to 24 hours such as sun:03:00-sun:04:00, in UTC, not";
  const daily = "must be a window of 30 minutes or more such as 01:00-02:00, in UTC, not";
  const overlapping = (maintenance: string, backup: string) =>
    `maintenanceWindow: must not overlap with backupWindow, "${backup}", as "${maintenance}" does`;

  it.each([
    ["Sun:03:00-Sun:04:00", "01:00-02:00", `maintenanceWindow: ${weekly} "Sun:03:00-Sun:04:00"`],
    ["sun:03:00-sun:03:29", "01:00-02:00", `maintenanceWindow: ${weekly} "sun:03:00-sun:03:29"`],
    ["sun:03:00-tue:03:00", "01:00-02:00", `maintenanceWindow: ${weekly} "sun:03:00-tue:03:00"`],
    ["sun:24:00-mon:01:00", "03:00-04:00", `maintenanceWindow: ${weekly} "sun:24:00-mon:01:00"`],
    ["sun:03:00-sun:04:00", "1:00-2:00", `backupWindow: ${daily} "1:00-2:00"`],
    ["sun:03:00-sun:04:00", "01:00-01:20", `backupWindow: ${daily} "01:00-01:20"`],
    ["sun:03:00-sun:04:00", "03:30-04:30", overlapping("sun:03:00-sun:04:00", "03:30-04:30")],
    ["sun:23:30-mon:00:30", "00:00-01:00", overlapping("sun:23:30-mon:00:30", "00:00-01:00")],
    ["mon:00:00-mon:00:30", "23:45-00:15", overlapping("mon:00:00-mon:00:30", "23:45-00:15")],
  ])("%s and %s are refused", (maintenanceWindow, backupWindow, line) => {
    expect(linesOf({ ...validArgs(), maintenanceWindow, backupWindow })).toEqual([line]);
  });

  it.each([
    ["sun:03:00-sun:04:00", "04:00-05:00"],
    ["sun:23:30-mon:00:30", "00:30-01:00"],
    ["wed:00:30-wed:01:00", "23:30-00:30"],
  ])("%s and %s are taken", (maintenanceWindow, backupWindow) => {
    expect(linesOf({ ...validArgs(), maintenanceWindow, backupWindow })).toEqual([]);
  });
});

describe("AuroraPostgres refuses nothing", () => {
  it("of what is right", () => {
    expect(linesOf(validArgs())).toEqual([]);
  });

  it("of a region whose network alone tells the AWS region", () => {
    const args = validArgs();
    lisbon({ awsRegion: undefined, network: { ...network, awsRegion: "eu-west-3" } })(args);
    expect(linesOf(args)).toEqual([]);
    expect(planTopology("db", "db-test", args as unknown as AuroraPostgresArgs).regions).toContainEqual(
      expect.objectContaining({ region: "lisbon", awsRegion: "eu-west-3" }),
    );
  });

  it.each(["db.r6g.large", "db.r8g.48xlarge", "db.x2g.16xlarge", "db.r6gd.xlarge", "db.r5.24xlarge"])(
    "of the class %s",
    (instanceClass) => {
      expect(linesOf({ ...validArgs(), instanceClass })).toEqual([]);
    },
  );
});

const refusals: [title: string, change: (args: Loose) => unknown, ...lines: string[]][] = [
  [
    "a region that is no AWS region and names none",
    lisbon({ awsRegion: undefined }),
    "regions.lisbon.awsRegion: is missing: must be an AWS region such as eu-west-1, where neither the network names one nor the region's own name is one",
  ],
  [
    "an AWS region that is none",
    lisbon({ awsRegion: "Ireland" }),
    'regions.lisbon.awsRegion: must be an AWS region such as eu-west-1, not "Ireland"',
  ],
  [
    "two regions in one AWS region",
    lisbon({ awsRegion: "us-east-1" }),
    "regions.lisbon.awsRegion: must be another AWS region than that of us-east-1: a global database has one cluster in us-east-1",
  ],
  [
    "a network that is none",
    lisbon({ network: "vpc-1" }),
    'regions.lisbon.network: must be a network of RegionNetworks, or an object of vpcId, databaseSubnetIds and clientCidrBlocks, not "vpc-1"',
  ],
  [
    "a network of another AWS region",
    inNetwork({ awsRegion: "eu-west-2" }),
    'regions.lisbon.network.awsRegion: must be eu-west-1, the AWS region of the database, not "eu-west-2"',
  ],
  [
    "a network without a VPC",
    inNetwork({ vpcId: undefined }),
    "regions.lisbon.network.vpcId: is missing: must be the id of a VPC",
  ],
  [
    "a single subnet",
    inNetwork({ databaseSubnetIds: ["subnet-1"] }),
    "regions.lisbon.network.databaseSubnetIds: must be a list of two subnets or more, in two availability zones, not a list",
  ],
  [
    "clients from everywhere",
    inNetwork({ clientCidrBlocks: ["0.0.0.0/0"] }),
    'regions.lisbon.network.clientCidrBlocks[0]: must be a CIDR block such as 10.0.0.0/16, which does not let everybody in, not "0.0.0.0/0"',
  ],
  [
    "more instances than Aurora has",
    lisbon({ instances: 17 }),
    "regions.lisbon.instances: must be a whole number from 0 to 16, not 17",
  ],
  [
    "a headless primary",
    (args) => Object.assign(args.regions["us-east-1"]!, { instances: 0 }),
    'regions["us-east-1"].instances: must be 1 or more in the primary: a region without instances cannot write',
  ],
  [
    "a move to a headless region",
    top({ primary: "lisbon" }),
    "regions.lisbon.instances: must be 1 or more in the primary: a region without instances cannot write",
  ],
  ["a burstable class", top({ instanceClass: "db.t4g.large" }), `instanceClass: ${classes} "db.t4g.large"`],
  [
    "a general class",
    lisbon({ instanceClass: "db.m6g.large" }),
    `regions.lisbon.instanceClass: ${classes} "db.m6g.large"`,
  ],
  [
    "a class that is too old",
    lisbon({ instanceClass: "db.r4.large" }),
    `regions.lisbon.instanceClass: ${classes} "db.r4.large"`,
  ],
  [
    "a class that is too small",
    lisbon({ instanceClass: "db.r6g.medium" }),
    `regions.lisbon.instanceClass: ${classes} "db.r6g.medium"`,
  ],
  [
    "the serverless class without a capacity",
    lisbon({ instanceClass: "db.serverless" }),
    'regions.lisbon.instanceClass: must not be "db.serverless": give a region\'s serverless: { minCapacity, maxCapacity }',
  ],
  [
    "a class beside a capacity",
    lisbon({ serverless: { minCapacity: 1, maxCapacity: 2 } }),
    "regions.lisbon.instanceClass: must not be given beside serverless, which is a class of its own",
  ],
  [
    "a capacity that is upside down",
    (args) => (args.regions["west"]!["serverless"] = { minCapacity: 8, maxCapacity: 4 }),
    "regions.west.serverless.minCapacity: must be at most maxCapacity, 4, not 8",
  ],
  [
    "a capacity that is no half",
    (args) => (args.regions["west"]!["serverless"] = { minCapacity: 1.2 }),
    "regions.west.serverless.minCapacity: must be a multiple of 0.5 from 0 to 256, not 1.2",
    "regions.west.serverless.maxCapacity: is missing: must be a multiple of 0.5 from 1 to 256",
  ],
  [
    "a hibernated region",
    lisbon({ hibernated: true }),
    "regions.lisbon.hibernated: unknown property, must be one of awsRegion, network, instances, instanceClass, serverless, proxy, deletionProtection",
  ],
  [
    "durability by region",
    top({ durability: "region" }),
    'durability: "region" is refused: Aurora replicates between regions asynchronously. Give recoveryPointSeconds, so that a failover loses no more than that',
  ],
  ["a version that is none", top({ engineVersion: "16" }), `engineVersion: ${versions} "16"`],
  ["a version that is too old", top({ engineVersion: "14.2" }), `engineVersion: ${versions} "14.2"`],
  [
    "a version without write forwarding, and without pausing",
    top({ engineVersion: "15.3" }),
    'writeForwarding: needs engineVersion 14.9, 15.4, 16.0 or newer, not "15.3"',
    'regions.west.serverless.minCapacity: needs engineVersion 14.12, 15.7, 16.3 or newer, not "15.3"',
  ],
  [
    "roles",
    top({ roles: { clerk: {} } }),
    "roles.clerk: must not be given: make it by SQL as keeper, from where the database is reached; it arrives in every region",
  ],
  [
    "certificates",
    (args) => Object.assign(args["secrets"] as object, { certificateRotation: "1", renewalDays: 10 }),
    "secrets.certificateRotation: must not be given: servers' certificates are AWS's own, and rotated by it",
    "secrets.renewalDays: must not be given: servers' certificates are AWS's own, and rotated by it",
  ],
  [
    "another role's password",
    (args) => Object.assign(args["secrets"] as object, { passwords: { postgres: "correct-horse" } }),
    "secrets.passwords.postgres: must not be given: keeper, the owner, is the only role that has one here",
  ],
  [
    "a password that RDS refuses, without showing it",
    (args) => Object.assign(args["secrets"] as object, { passwords: { keeper: "p@ss/word" } }),
    'secrets.passwords.keeper: must have 8 to 128 characters, none of them a space, ", @ or /',
  ],
  [
    "an owner that RDS keeps for itself",
    (args) => Object.assign(args, { database: { owner: "rdsadmin" }, secrets: {} }),
    'database.owner: must not be "rdsadmin", a name that Aurora keeps for itself',
  ],
  [
    "parameters that are decided elsewhere",
    top({ parameters: { "rds.force_ssl": 0, "rds.global_db_rpo": 20, wal_level: "logical" } }),
    'parameters["rds.force_ssl"]: must not be given: every connection is encrypted',
    'parameters["rds.global_db_rpo"]: must not be given: recoveryPointSeconds decides it',
    'parameters.wal_level: must not be given: Aurora decides it: set "rds.logical_replication"',
  ],
  [
    "backups for less than a week",
    top({ backupRetentionDays: 6 }),
    "backupRetentionDays: must be a whole number from 7 to 35, not 6",
  ],
  [
    "a recovery point that AWS does not take",
    top({ recoveryPointSeconds: 19 }),
    "recoveryPointSeconds: must be a whole number from 20 to 2147483647, not 19",
  ],
  [
    "a time of insights that AWS does not take",
    top({ databaseInsights: "extended" as never }),
    'databaseInsights: must be "standard" or "advanced", not "extended"',
  ],
  [
    "a global database to join without what is its own",
    top({ globalDatabaseId: "shop", engineVersion: undefined, secrets: {} }),
    "globalDatabaseAwsRegion: is missing: must be the AWS region of the writer that is joined",
    "engineVersion: is missing: must be the version of the global database that is joined",
    "secrets.passwords.keeper: is missing: must be the password of the owner in the global database that is joined",
  ],
  [
    "where to join without what",
    top({ globalDatabaseAwsRegion: "us-east-1" }),
    'globalDatabaseAwsRegion: must not be given without globalDatabaseId, not "us-east-1"',
  ],
  [
    "an ARN to join",
    top({ globalDatabaseId: "arn:aws:rds::1:global-cluster:x", globalDatabaseAwsRegion: "us-east-1" }),
    'globalDatabaseId: must be the id of a global database, which is no ARN, not "arn:aws:rds::1:global-cluster:x"',
  ],
  [
    "what it does not know",
    top({ multiAz: true }),
    "multiAz: unknown property, must be one of primary, regions, lost, durability, database, roles, secrets, parameters, identifier, engineVersion, instanceClass, globalDatabaseId, globalDatabaseAwsRegion, deletionProtection, backupRetentionDays, backupPlan, recoveryPointSeconds, writeForwarding, backupWindow, maintenanceWindow, finalSnapshot, storageType, databaseInsights, caCertificate, profile, assumeRoles, tags",
  ],
];

describe("AuroraPostgres refuses", () => {
  it.each(refusals)("%s", (_title, change, ...lines) => {
    const args = validArgs();
    change(args);
    expect(linesOf(args)).toEqual(lines);
  });

  it("more than ten readers", () => {
    const regions = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`eu-west-${index + 1}`, { network }]),
    );
    const caCertificate = output("certificates");
    expect(linesOf({ primary: "eu-west-1", regions, caCertificate })).toEqual([
      "regions: must have at most 11 regions, not 12",
    ]);
  });

  it("names that AWS does not take", () => {
    const { identifier, ...args } = validArgs();
    expect(identifier).toBe("shop-prod");
    expect(linesOf(args, "Shop_1")).toEqual([
      'identifier: must be of lower-case letters, digits and single hyphens between them, a letter first, not "Shop_1"',
    ]);
    expect(linesOf(args, "a".repeat(44))).toEqual([
      `regions["us-east-1"]: must make a name of at most 50 characters with the identifier, not "${"a".repeat(44)}-us-east-1"`,
      `regions.lisbon: must make a name of at most 50 characters with the identifier, not "${"a".repeat(44)}-lisbon"`,
    ]);
    expect(linesOf(args, "a".repeat(54))[0]).toBe(
      `identifier: must have at most 53 characters, not 54 as "${"a".repeat(54)}" has`,
    );
  });

  it("all of it at once", () => {
    expect(
      linesOf({
        primary: "rome",
        regions: { lisbon: { network, instances: -1 } },
        engineVersion: 16,
        durability: "region",
      }),
    ).toEqual([
      'primary: must be one of lisbon, not "rome"',
      "regions.lisbon.awsRegion: is missing: must be an AWS region such as eu-west-1, where neither the network names one nor the region's own name is one",
      "regions.lisbon.instances: must be a whole number from 0 to 16, not -1",
      expect.stringMatching(/^durability: "region" is refused: Aurora/),
      `engineVersion: ${versions} 16`,
    ]);
  });

  it.each([[undefined], ["rome"], [null]])("arguments that are no object: %p", (given) => {
    expect(linesOf(given)[0]).toMatch(/^args: must be an object of arguments/);
  });
});
