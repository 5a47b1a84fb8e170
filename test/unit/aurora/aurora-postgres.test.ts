import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { AuroraPostgresArgs } from "../../../src/aurora/args";
import { AuroraPostgres } from "../../../src/aurora/aurora-postgres";
import { ignoredOfMembers } from "../../../src/aurora/ignored";
import {
  args,
  isAws,
  isMarked,
  make,
  named,
  ofType,
  plain,
  report,
  valueOf,
  type Made,
  type Registered,
} from "./component";

const lines = ({ resources }: Made) => resources.map(({ type, name }) => `${type} ${name}`).sort();

/** What most tests look at is made once. */
let standard: Promise<Made> | undefined;
const topology = () => (standard ??= make());

describe("AuroraPostgres", () => {
  it("registers everything under names that are frozen", async () => {
    const ofRegion = (region: string, instances: number) => [
      `aws:backup/plan:Plan db-${region}-backup`,
      `aws:backup/selection:Selection db-${region}-backup`,
      `aws:backup/vault:Vault db-${region}-backup`,
      `aws:cloudwatch/logGroup:LogGroup db-${region}-log`,
      `aws:ec2/securityGroup:SecurityGroup db-${region}-access`,
      `aws:kms/alias:Alias db-${region}-key`,
      `aws:kms/key:Key db-${region}-key`,
      `aws:rds/cluster:Cluster db-${region}`,
      `aws:rds/clusterParameterGroup:ClusterParameterGroup db-${region}-parameters`,
      `aws:rds/parameterGroup:ParameterGroup db-${region}-parameters`,
      `aws:rds/subnetGroup:SubnetGroup db-${region}-subnets`,
      `aws:secretsmanager/secret:Secret db-${region}-secret`,
      `aws:secretsmanager/secretVersion:SecretVersion db-${region}-secret`,
      ...Array.from(
        { length: instances },
        (_, index) => `aws:rds/clusterInstance:ClusterInstance db-${region}-${index + 1}`,
      ),
    ];
    expect(lines(await topology())).toEqual(
      [
        ...ofRegion("bern", 0),
        ...ofRegion("dublin", 1),
        ...ofRegion("lisbon", 1),
        ...ofRegion("rome", 2),
        "aws:iam/role:Role db-backup",
        "aws:iam/role:Role db-monitoring",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment db-backup",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment db-monitoring",
        "aws:rds/globalCluster:GlobalCluster db-global",
        "multi-region-postgres:index:AuroraPostgres db",
        "pulumi-nodejs:dynamic/multi-region-postgres:AuroraHandover db-handover",
        "pulumi-nodejs:dynamic/multi-region-postgres:AuroraPassword db-password",
        "pulumi:index:Stash db-founding",
        "pulumi:index:Stash db-home",
        "random:index/randomPassword:RandomPassword db-password",
      ].sort(),
    );
  });

  it("makes the same resources whichever region writes", async () => {
    expect(lines(await make({ primary: "lisbon" }, { founding: "rome" }))).toEqual(lines(await topology()));
  });

  it("changes no input of any resource by a role change but the handover's, and what members are told at birth alone", async () => {
    const before = await topology();
    const after = await make({ primary: "lisbon" }, { founding: "rome" });
    const changed = before.resources.flatMap(({ type, name, inputs }) => {
      const now = after.resources.find((each) => each.type === type && each.name === name)!.inputs;
      const keys = [...new Set([...Object.keys(inputs), ...Object.keys(now)])];
      return keys
        .filter((key) => JSON.stringify(inputs[key]) !== JSON.stringify(now[key]))
        .map((key) => `${type.split(":").at(-1)} ${name}: ${key}`);
    });
    const told = ["databaseName", "masterPassword", "masterUsername", "sourceRegion"];
    expect(changed.sort()).toEqual(
      [
        "AuroraHandover db-handover: primary",
        "AuroraPassword db-password: primary",
        ...told.map((key) => `Cluster db-rome: ${key}`),
        "Cluster db-bern: sourceRegion",
        "Cluster db-dublin: sourceRegion",
        "Cluster db-lisbon: sourceRegion",
        // The type makes a secret of what is not there.
        "Cluster db-lisbon: masterPassword",
        // The engine keeps what a Stash was first given.
        "Stash db-founding: input",
        "Stash db-home: input",
        "GlobalCluster db-global: region",
      ].sort(),
    );
    expect(Object.keys(ignoredOfMembers)).toEqual(expect.arrayContaining(told));
  });

  it("gives every resource of AWS its region, but those that know none", async () => {
    const { resources } = await topology();
    const without = resources.filter(
      (resource) => isAws(resource) && resource.inputs["region"] === undefined,
    );
    expect([...new Set(without.map(({ type }) => type))].sort()).toEqual([
      "aws:iam/role:Role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ]);
  });

  it("gives what belongs to a region that region's AWS region", async () => {
    const { resources } = await topology();
    for (const [name, { awsRegion }] of Object.entries(args.regions)) {
      const own = resources.filter((each) => isAws(each) && new RegExp(`^db-${name}(-|$)`).test(each.name));
      expect(own.map(({ inputs }) => inputs["region"])).toEqual(own.map(() => awsRegion));
    }
  });

  it("is the parent of everything", async () => {
    const { db, resources } = await topology();
    const others = resources.filter(({ name, type }) => !(name === "db" && type.endsWith("AuroraPostgres")));
    expect(others.filter(({ options }) => options.parent !== db)).toEqual([]);
  });

  it("makes the global cluster, the primary and its instances, the others, then hands over, then applies the password", async () => {
    const made = await make({ primary: "lisbon" }, { founding: "rome" });
    const names = async ({ options }: Registered) =>
      ((await valueOf(pulumi.output(options.dependsOn ?? []))) as pulumi.Resource[]).map(nameOf);
    const first = named(made, "Cluster", "db-lisbon");
    expect(await names(first)).toEqual(["db-lisbon-log"]);
    expect(await names(named(made, "Cluster", "db-rome"))).toEqual([
      "db-rome-log",
      "db-lisbon",
      "db-lisbon-1",
    ]);
    expect((await names(named(made, "AuroraHandover", "db-handover"))).sort()).toEqual([
      "db-bern",
      "db-dublin",
      "db-dublin-1",
      "db-lisbon",
      "db-lisbon-1",
      "db-rome",
      "db-rome-1",
      "db-rome-2",
    ]);
    expect(await names(named(made, "AuroraPassword", "db-password"))).toEqual(["db-handover"]);
    expect(await names(named(made, "SecretVersion", "db-bern-secret"))).toEqual([
      "db-handover",
      "db-password",
    ]);
    expect(first.inputs["globalClusterIdentifier"]).toBe("db-global-id");
  });

  it("keeps the global database where it was made", async () => {
    const made = await topology();
    expect(named(made, "GlobalCluster", "db-global").inputs["region"]).toBe("eu-south-1");
    expect(named(made, "Stash", "db-home").inputs["input"]).toBe("eu-south-1");
  });

  it("tells the founding member alone who owns which database, and never a reader", async () => {
    const made = await topology();
    const { inputs } = named(made, "Cluster", "db-rome");
    expect(inputs).toMatchObject({ masterUsername: "app", databaseName: "app" });
    expect(isMarked(inputs["masterPassword"])).toBe(true);
    expect(plain(inputs["masterPassword"])).toBe("db-password's password");
    for (const reader of ["db-lisbon", "db-dublin", "db-bern"]) {
      const { masterUsername, masterPassword, databaseName } = named(made, "Cluster", reader).inputs;
      expect([masterUsername, masterPassword, databaseName]).toEqual([undefined, undefined, undefined]);
    }
  });

  it("founds no database in a founding region that comes back as a reader, or in a primary that did not found", async () => {
    const made = await make({ primary: "lisbon" }, { founding: "rome" });
    for (const { inputs } of ofType(made, "Cluster")) {
      expect(inputs).not.toHaveProperty("masterUsername");
      expect(plain(inputs["masterPassword"]) ?? undefined).toBeUndefined();
    }
  });

  it("tells every reader where it is copied from, which AWS asks of what is encrypted", async () => {
    const made = await topology();
    expect(named(made, "Cluster", "db-lisbon").inputs["sourceRegion"]).toBe("eu-south-1");
    expect(named(made, "Cluster", "db-rome").inputs).not.toHaveProperty("sourceRegion");
  });

  it("makes members alike", async () => {
    const made = await topology();
    const { inputs: rome } = named(made, "Cluster", "db-rome");
    const { inputs: bern } = named(made, "Cluster", "db-bern");
    for (const property of [
      "engine",
      "engineVersion",
      "port",
      "enableGlobalWriteForwarding",
      "backupRetentionPeriod",
      "enabledCloudwatchLogsExports",
    ]) {
      expect(bern[property]).toEqual(rome[property]);
    }
    const groups = ofType(made, "ClusterParameterGroup").map(({ inputs }) => inputs["parameters"]);
    expect(groups).toEqual(groups.map(() => groups[0]));
  });

  it("makes instances of a region's class, of its capacity, or none", async () => {
    const made = await make({ instanceClass: "db.r7g.xlarge" });
    expect(named(made, "ClusterInstance", "db-rome-2").inputs["instanceClass"]).toBe("db.r7g.xlarge");
    expect(named(made, "ClusterInstance", "db-dublin-1").inputs["instanceClass"]).toBe("db.serverless");
    expect(named(made, "Cluster", "db-dublin").inputs["serverlessv2ScalingConfiguration"]).toEqual({
      minCapacity: 8,
      maxCapacity: 64,
    });
    expect(ofType(made, "ClusterInstance").filter(({ name }) => name.startsWith("db-bern"))).toEqual([]);
  });

  it("passes on what is asked of Aurora in every region", async () => {
    const made = await make({
      writeForwarding: true,
      parameters: { max_connections: 500, work_mem: pulumi.output("8MB"), "rds.logical_replication": true },
      backupRetentionDays: 14,
      databaseInsights: "advanced",
      tags: { team: "shop" },
    });
    for (const { inputs } of ofType(made, "Cluster")) {
      expect(inputs).toMatchObject({
        enableGlobalWriteForwarding: true,
        backupRetentionPeriod: 14,
        tags: { team: "shop" },
      });
    }
    for (const { inputs } of ofType(made, "ClusterParameterGroup")) {
      expect(inputs["family"]).toBe("aurora-postgresql16");
      expect(inputs["parameters"]).toEqual([
        { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
        { name: "log_statement", value: "ddl", applyMethod: "immediate" },
        { name: "max_connections", value: "500", applyMethod: "pending-reboot" },
        { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
        { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
        { name: "work_mem", value: "8MB", applyMethod: "immediate" },
      ]);
    }
    expect(named(made, "ClusterInstance", "db-rome-1").inputs["performanceInsightsRetentionPeriod"]).toBe(
      465,
    );
  });

  it("bounds what a failover may lose in the writer's group alone, and while no region is lost", async () => {
    const { rome, lisbon, bern } = args.regions;
    const bounds = async (changes: Partial<AuroraPostgresArgs>) => {
      const made = await make({ recoveryPointSeconds: 30, ...changes });
      return ofType(made, "ClusterParameterGroup").flatMap(({ name, inputs }) =>
        (inputs["parameters"] as { name: string; value: string }[])
          .filter((parameter) => parameter.name === "rds.global_db_rpo")
          .map(({ value }) => `${name} ${value}`),
      );
    };
    expect(await bounds({})).toEqual(["db-rome-parameters 30"]);
    expect(await bounds({ primary: "lisbon" })).toEqual(["db-lisbon-parameters 30"]);
    expect(await bounds({ primary: "lisbon", lost: ["rome"] })).toEqual([]);
    expect(await bounds({ lost: ["dublin"] })).toEqual([]);
    expect(await bounds({ regions: { rome: rome!, bern: bern! } })).toEqual([]);
    expect(await bounds({ regions: { rome: rome!, lisbon: lisbon! } })).toEqual(["db-rome-parameters 30"]);
  });

  it("has Pulumi protect what AWS's protection protects too late, but no lost region, which is never deleted", async () => {
    const protectedOnes = async (changes: Partial<AuroraPostgresArgs>) =>
      (await make(changes)).resources
        .filter(({ options }) => options.protect === true)
        .map(({ name }) => name)
        .sort();
    const all = ["db-bern", "db-dublin", "db-global", "db-lisbon", "db-rome"];
    expect(await protectedOnes({})).toEqual(all);
    expect(await protectedOnes({ deletionProtection: false })).toEqual([]);
    expect(await protectedOnes({ lost: ["dublin"] })).toEqual(all.filter((name) => name !== "db-dublin"));
  });

  it("upgrades by the global cluster: it has the version, and members are only born with it", async () => {
    const made = await make({ engineVersion: "17.9" });
    expect(named(made, "GlobalCluster", "db-global").inputs["engineVersion"]).toBe("17.9");
    expect(named(made, "ParameterGroup", "db-rome-parameters").inputs).toMatchObject({
      name: "db-test-rome-pg17",
      family: "aurora-postgresql17",
    });
    expect(named(made, "Cluster", "db-rome").options.ignoreChanges).toContain("engineVersion");
    for (const { inputs } of ofType(made, "ClusterInstance")) {
      expect(inputs).not.toHaveProperty("engineVersion");
    }
  });

  it("keeps all of a lost region in the state as it was, contacts nothing of it, and does not upgrade meanwhile", async () => {
    const made = await make({ primary: "lisbon", lost: ["rome"] }, { founding: "rome" });
    const ofRome = made.resources.filter((each) => isAws(each) && /^db-rome(-|$)/.test(each.name));
    expect(ofRome.length).toBe(15);
    for (const { options } of ofRome) {
      expect(options).toMatchObject({ ignoreChanges: ["*"], retainOnDelete: true });
    }
    expect(named(made, "GlobalCluster", "db-global").options.ignoreChanges).toEqual(["*"]);
    expect(named(made, "Cluster", "db-lisbon").options.retainOnDelete).toBeUndefined();
    expect(named(made, "AuroraHandover", "db-handover").inputs["regions"]).toMatchObject({
      rome: { activity: "lost" },
      lisbon: { activity: "active" },
    });
  });

  it("tells the handover where every cluster is, in plain values that a preview knows too", async () => {
    expect(named(await topology(), "AuroraHandover", "db-handover").inputs).toMatchObject({
      primary: "rome",
      globalDatabaseId: "db-test",
      follows: false,
      engineVersion: "16.13",
      profile: "",
      regions: {
        rome: { awsRegion: "eu-south-1", cluster: "db-test-rome", activity: "active", instances: 2 },
        bern: { awsRegion: "eu-central-1", cluster: "db-test-bern", activity: "active", instances: 0 },
      },
    });
  });

  it("gives the regions with their roles, endpoints and secrets", async () => {
    const { db } = await topology();
    expect(await valueOf(db.regions)).toMatchObject({
      rome: {
        role: "writer",
        awsRegion: "eu-south-1",
        endpoint: { host: "db-rome.cluster.example", port: 5432 },
        readerEndpoint: { host: "db-rome.cluster-ro.example", port: 5432 },
        secretArn: "arn:aws:secretsmanager:eu-south-1:123456789012:db-rome-secret",
      },
      lisbon: { role: "reader", endpoint: { host: "db-lisbon.cluster-ro.example", port: 5432 } },
    });
    expect(await valueOf(db.writerEndpoint)).toEqual({ host: "db-rome.cluster.example", port: 5432 });
    expect(Object.keys(db.secretArns).sort()).toEqual(["bern", "dublin", "lisbon", "rome"]);
    expect(await valueOf(db.globalDatabaseId)).toBe("db-global-id");
    expect(await valueOf(db.handover)).toEqual(report);
  });

  it("gives as readers those that answer: neither lost nor headless", async () => {
    const { db } = await make({ lost: ["dublin"] });
    expect(Object.keys(db.readerEndpoints)).toEqual(["lisbon"]);
  });

  it("gives one connection string with every region's writing endpoint, the writer first", async () => {
    const { db } = await topology();
    const uri = (await valueOf(db.connectionUri)) as string;
    expect(uri.match(/@([^/]+)\//)![1]).toBe(
      ["rome", "bern", "dublin", "lisbon"].map((name) => `db-${name}.cluster.example:5432`).join(),
    );
    expect(uri).toContain("target_session_attrs=read-write");
    expect(uri).toContain("sslmode=verify-full");
  });

  it("gives connection strings for reads from every region, its own first, and none of the headless", async () => {
    const { db } = await topology();
    const hosts = (await valueOf(pulumi.all(db.readOnlyUris))) as Record<string, string>;
    const namesIn = (region: string) =>
      [...hosts[region]!.matchAll(/db-(\w+)\.cluster-ro/g)].map(([, name]) => name);
    expect(namesIn("lisbon")).toEqual(["lisbon", "rome", "dublin"]);
    expect(namesIn("rome")).toEqual(["rome", "dublin", "lisbon"]);
    expect(namesIn("bern")).toEqual(["rome", "dublin", "lisbon"]);
  });

  it("gives what holds a password as a secret, and nothing else", async () => {
    const { db, resources } = await topology();
    expect(await pulumi.isSecret(db.connectionUri)).toBe(true);
    expect(await pulumi.isSecret(db.readOnlyUris["lisbon"]!)).toBe(true);
    expect(await pulumi.isSecret(db.credentials)).toBe(true);
    expect(await pulumi.isSecret(db.writerEndpoint)).toBe(false);
    expect(await pulumi.isSecret(db.caCertificate)).toBe(false);
    expect(await pulumi.isSecret(db.globalWriterEndpoint)).toBe(false);
    const shown = resources.filter(({ inputs }) =>
      Object.values(inputs).some(
        (input) => !isMarked(input) && JSON.stringify(input).includes("'s password"),
      ),
    );
    expect(shown).toEqual([]);
    expect(await valueOf(db.credentials)).toEqual({
      app: { username: "app", password: "db-password's password" },
    });
  });

  it("gives the current authorities of Aurora's servers in the topology's AWS regions, and no others", async () => {
    const { db } = await topology();
    const pem = (await valueOf(db.caCertificate)) as string;
    const subjects = pem
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((certificate) => /CN=(.*)/.exec(new X509Certificate(certificate).subject)![1]);
    expect(subjects).toHaveLength(12);
    for (const awsRegion of ["eu-central-1", "eu-south-1", "eu-west-1", "eu-west-2"]) {
      for (const kind of ["RSA2048", "RSA4096", "ECC384"]) {
        expect(subjects).toContain(`Amazon RDS ${awsRegion} Root CA ${kind} G1`);
      }
    }
  });

  it("gives the certificates that it is given instead", async () => {
    const caCertificate = pulumi.output("-----BEGIN CERTIFICATE-----\nmine\n");
    expect(await valueOf((await make({ caCertificate })).db.caCertificate)).toContain("mine");
  });

  it("leads connectionUri with the name that follows the writer, which AWS takes away from a lost one", async () => {
    const { db } = await make({}, { globalWriterHost: "db.global.example" });
    expect(await valueOf(db.connectionUri)).toMatch(
      /^[^@]+@db\.global\.example:5432,db-rome\.cluster\.example:5432,/,
    );
    expect(await valueOf(db.writerEndpoint)).toEqual({ host: "db-rome.cluster.example", port: 5432 });
  });

  it("passes on windows, storage and the final snapshot, and says nothing of them unless asked", async () => {
    const own = ["preferredBackupWindow", "preferredMaintenanceWindow", "storageType"];
    const before = await make();
    for (const { inputs } of [...ofType(before, "Cluster"), ...ofType(before, "ClusterInstance")]) {
      expect(own.filter((name) => name in inputs)).toEqual([]);
    }
    const made = await make({
      backupWindow: "01:00-02:00",
      maintenanceWindow: "sun:03:00-sun:04:00",
      storageType: "aurora-iopt1",
      finalSnapshot: true,
      deletionProtection: false,
    });
    for (const { inputs } of ofType(made, "Cluster")) {
      expect(inputs).toMatchObject({
        preferredBackupWindow: "01:00-02:00",
        preferredMaintenanceWindow: "sun:03:00-sun:04:00",
        storageType: "aurora-iopt1",
        skipFinalSnapshot: false,
      });
    }
    for (const { inputs } of ofType(made, "ClusterInstance")) {
      expect(inputs).toMatchObject({ preferredMaintenanceWindow: "sun:03:00-sun:04:00" });
    }
  });

  it("says nothing of Database Insights to clusters unless a mode is asked for", async () => {
    const modeOf = async (databaseInsights?: "standard" | "advanced") => {
      const made = await make(databaseInsights === undefined ? {} : { databaseInsights });
      const cluster = named(made, "Cluster", "db-rome").inputs;
      const instance = named(made, "ClusterInstance", "db-rome-1").inputs;
      return [
        cluster["databaseInsightsMode"],
        cluster["performanceInsightsEnabled"],
        cluster["performanceInsightsRetentionPeriod"],
        instance["performanceInsightsRetentionPeriod"],
      ];
    };
    expect(await modeOf()).toEqual([undefined, undefined, undefined, 7]);
    expect(await modeOf("standard")).toEqual(["standard", true, 7, 7]);
    expect(await modeOf("advanced")).toEqual(["advanced", true, 465, 465]);
  });

  it("gives the name that follows the writer where AWS has one, in every secret too", async () => {
    const made = await make({}, { globalWriterHost: "db.global.example" });
    expect(await valueOf(made.db.globalWriterEndpoint)).toEqual({ host: "db.global.example", port: 5432 });
    const secret = plain(named(made, "SecretVersion", "db-lisbon-secret").inputs["secretString"]) as string;
    expect(JSON.parse(secret)).toEqual({
      engine: "postgres",
      username: "app",
      password: "db-password's password",
      dbname: "app",
      host: "db.global.example",
      port: 5432,
    });
    const { db } = await topology();
    expect(await valueOf(db.globalWriterEndpoint)).toBeUndefined();
  });

  it("generates a password once, and anew when asked to; it passes on one that is brought", async () => {
    expect(named(await topology(), "RandomPassword", "db-password").inputs).toMatchObject({
      length: 32,
      special: false,
      keepers: { rotation: "" },
    });
    const rotated = await make({ secrets: { passwordRotation: "2" } });
    expect(named(rotated, "RandomPassword", "db-password").inputs["keepers"]).toEqual({ rotation: "2" });
    const brought = await make({ secrets: { passwords: { app: "correct-horse" } } });
    expect(ofType(brought, "RandomPassword")).toEqual([]);
    expect(plain(named(brought, "AuroraPassword", "db-password").inputs["password"])).toBe("correct-horse");
  });

  it("lets what is deleted be deleted where deletion protection is off, without a final snapshot", async () => {
    const made = await make({ deletionProtection: false });
    expect(named(made, "Cluster", "db-rome").inputs).toMatchObject({
      deletionProtection: false,
      skipFinalSnapshot: true,
    });
    expect(named(made, "GlobalCluster", "db-global").inputs["deletionProtection"]).toBe(false);
    expect(named(made, "Secret", "db-rome-secret").inputs["recoveryWindowInDays"]).toBe(0);
    const kept = named(await topology(), "Cluster", "db-rome").inputs;
    expect(kept).toMatchObject({ skipFinalSnapshot: false, finalSnapshotIdentifier: "db-test-rome-final" });
  });

  it("lets a single region be deleted, before it is taken out", async () => {
    const { rome, ...others } = args.regions;
    const made = await make({ regions: { ...others, rome: { ...rome!, deletionProtection: false } } });
    const protection = ofType(made, "Cluster").map(({ name, inputs }) => [
      name,
      inputs["deletionProtection"],
    ]);
    expect(Object.fromEntries(protection)).toEqual({
      "db-rome": false,
      "db-lisbon": true,
      "db-dublin": true,
      "db-bern": true,
    });
    expect(named(made, "GlobalCluster", "db-global").inputs["deletionProtection"]).toBe(true);
  });

  it("makes neither vaults nor their role without a backup plan", async () => {
    const made = await make({ backupPlan: false });
    expect(made.resources.filter(({ type }) => type.startsWith("aws:backup/"))).toEqual([]);
    expect(ofType(made, "Role").map(({ name }) => name)).toEqual(["db-monitoring"]);
  });

  it("joins a global database that exists as readers of it, and takes over nothing", async () => {
    const made = await make(
      {
        globalDatabaseId: "shop-global",
        globalDatabaseAwsRegion: "us-east-1",
        engineVersion: "16.11",
        secrets: { passwords: { app: "correct-horse" } },
      },
      { globalWriterHost: "shop.global.example" },
    );
    const { db } = made;
    expect(ofType(made, "GlobalCluster")).toEqual([]);
    expect(ofType(made, "AuroraPassword")).toEqual([]);
    for (const { inputs } of ofType(made, "Cluster")) {
      expect(inputs).toMatchObject({ globalClusterIdentifier: "shop-global", sourceRegion: "us-east-1" });
      expect(inputs).not.toHaveProperty("masterUsername");
    }
    expect(Object.values(db.regions).map(({ role }) => role)).toEqual(Array(4).fill("reader"));
    expect(await valueOf(db.writerEndpoint)).toEqual({ host: "shop.global.example", port: 5432 });
    expect(await valueOf(db.connectionUri)).toMatch(
      /^postgresql:\/\/app:correct-horse@shop\.global\.example:5432,/,
    );
    expect(named(made, "AuroraHandover", "db-handover").inputs).toMatchObject({ follows: true });
  });

  it("refuses bad input with one error that lists every failure, before anything is registered", async () => {
    const registered: string[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ name }) => {
        registered.push(name);
        return { id: name, state: {} };
      },
      call: () => ({}),
    });
    const bad: AuroraPostgresArgs = {
      ...args,
      durability: "region",
      instanceClass: "db.t3.medium",
      regions: { ...args.regions, rome: { ...args.regions["rome"]!, instances: 0 } },
    };
    expect(() => new AuroraPostgres("db", bad)).toThrow(
      [
        'AuroraPostgres "db": 3 inputs are refused',
        "  regions.rome.instances: must be 1 or more in the primary: a region without instances cannot write",
        '  durability: "region" is refused: Aurora replicates between regions asynchronously. Give recoveryPointSeconds, so that a failover loses no more than that',
        '  instanceClass: must be a memory-optimised class that a global database takes, db.r5.large or larger, such as db.r6g.large, not "db.t3.medium"',
      ].join("\n"),
    );
    await pulumi.runtime.disconnect();
    expect(registered).toEqual([]);
  });
});

describe("what members ignore", () => {
  const issues = {
    replicationSourceIdentifier: "terraform-provider-aws 42919",
    globalClusterIdentifier: "cloudposse/terraform-aws-rds-cluster 281",
    snapshotIdentifier: "terraform-aws-rds-aurora 162",
    engineVersion: "terraform-provider-aws 36107",
    masterUsername: "the founding member alone",
    masterPassword: "from the writer alone",
    databaseName: "terraform-provider-aws 28187",
    sourceRegion: "terraform-provider-aws 13715, 16362",
  };

  it.each(Object.entries(issues))("includes %s, because of %s", async (property, why) => {
    expect(ignoredOfMembers[property as keyof typeof ignoredOfMembers]).toContain(why);
    for (const { options } of ofType(await topology(), "Cluster")) {
      expect(options.ignoreChanges).toContain(property);
    }
  });

  it("is that and no more", async () => {
    expect(Object.keys(ignoredOfMembers).sort()).toEqual(Object.keys(issues).sort());
  });

  it("is nothing that models the role on a member", async () => {
    for (const { inputs } of ofType(await topology(), "Cluster")) {
      expect(inputs).not.toHaveProperty("replicationSourceIdentifier");
      expect(inputs).not.toHaveProperty("snapshotIdentifier");
    }
  });
});

/** The name that a resource was made with. */
function nameOf(resource: pulumi.Resource): string {
  return (resource as unknown as { __name: string }).__name;
}
