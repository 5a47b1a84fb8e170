import { UNKNOWN, isSecret, type Properties } from "../plugin";
import { KEY, RDS, World, without, type Made } from "./world";

const ROME = "eu-south-1";
const LISBON = "eu-west-1";
const ENGINE = { engine: "aurora-postgresql", engineVersion: "16.8" };
const CREDENTIALS = { masterUsername: "owner", masterPassword: "long-enough" };

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
afterEach(() => world.ministack.reset());

const clusterIn = (region: string, more: Properties = {}) =>
  world.make(RDS.cluster, {
    region,
    clusterIdentifier: `db-${region}`,
    ...ENGINE,
    skipFinalSnapshot: true,
    applyImmediately: true,
    ...more,
  });

const instanceIn = (region: string, number = 1, more: Properties = {}) =>
  world.make(RDS.clusterInstance, {
    region,
    identifier: `db-${region}-${number}`,
    clusterIdentifier: `db-${region}`,
    engine: ENGINE.engine,
    instanceClass: "db.r6g.large",
    ...more,
  });

const globalIn = (region: string, more: Properties = {}) =>
  world.make(RDS.globalCluster, { region, globalClusterIdentifier: "db", ...ENGINE, ...more });

async function globalDatabase(): Promise<Record<"global" | "rome" | "lisbon", Made>> {
  const global = await globalIn(ROME);
  const rome = await clusterIn(ROME, { globalClusterIdentifier: "db", ...CREDENTIALS });
  const lisbon = await clusterIn(LISBON, { globalClusterIdentifier: "db" });
  return { global, rome, lisbon };
}

const switchOver = (to: Made) =>
  world.ministack.rds(ROME).switchoverGlobalCluster({
    GlobalClusterIdentifier: "db",
    TargetDbClusterIdentifier: to.state["arn"] as string,
  });

describe("a cluster", () => {
  test("has the outputs of the real one", async () => {
    const { id, state } = await clusterIn(ROME, CREDENTIALS);
    expect(id).toBe("db-eu-south-1");
    expect(state).toMatchObject({
      arn: "arn:aws:rds:eu-south-1:111122223333:cluster:db-eu-south-1",
      clusterIdentifier: id,
      clusterMembers: [],
      clusterResourceId: expect.stringMatching(/^cluster-[0-9A-Z]+$/),
      endpoint: expect.stringMatching(
        /^db-eu-south-1\.cluster-[0-9a-f]{12}\.eu-south-1\.rds\.amazonaws\.com$/,
      ),
      readerEndpoint: expect.stringMatching(/^db-eu-south-1\.cluster-ro-/),
      engineVersion: "16.8",
      engineVersionActual: "16.8",
      port: 5432,
      region: ROME,
    });
  });

  test("keeps its password secret, from the preview on", async () => {
    const { inputs } = await clusterIn(ROME, CREDENTIALS);
    for (const preview of [true, false]) {
      const given = { ...inputs, clusterIdentifier: `other-${preview}` };
      const { state } = await world.plugin.create(RDS.cluster, given, preview);
      expect(isSecret(state["masterPassword"])).toBe(true);
      expect(JSON.stringify(without(state, "masterPassword"))).not.toContain(CREDENTIALS.masterPassword);
    }
  });

  test("has outputs that a preview does not know", async () => {
    const { state } = await world.plugin.create(RDS.cluster, { ...ENGINE, dbSubnetGroupName: UNKNOWN }, true);
    expect(state).toMatchObject({
      arn: UNKNOWN,
      endpoint: UNKNOWN,
      port: UNKNOWN,
      dbSubnetGroupName: UNKNOWN,
    });
    expect(state).toMatchObject({ engine: ENGINE.engine, region: "us-east-1" });
  });

  test("is changed in place", async () => {
    const cluster = await clusterIn(ROME, { ...CREDENTIALS, backupRetentionPeriod: 7, tags: { a: "1" } });
    const changed = await world.change(cluster, {
      ...without(cluster.inputs, "tags"),
      backupRetentionPeriod: 14,
      deletionProtection: true,
      enabledCloudwatchLogsExports: ["postgresql"],
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 4 },
      masterPassword: "another-one",
    });
    expect(changed.state).toMatchObject({
      backupRetentionPeriod: 14,
      deletionProtection: true,
      enabledCloudwatchLogsExports: ["postgresql"],
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 4 },
      tagsAll: {},
    });
    const { DBClusters } = await world.ministack.rds(ROME).describeDBClusters();
    expect(DBClusters![0]).toMatchObject({ BackupRetentionPeriod: 14, DeletionProtection: true });
    expect((await world.refresh(changed))!.state).toEqual(changed.state);
  });

  test.each([
    ["clusterIdentifier", "other"],
    ["masterUsername", "other"],
    ["databaseName", "other"],
    ["storageEncrypted", true],
    ["engine", "aurora-mysql"],
    ["availabilityZones", [`${ROME}a`]],
    ["region", LISBON],
  ])("is replaced when its %s changes", async (property, value) => {
    const cluster = await clusterIn(ROME, CREDENTIALS);
    expect(await world.replacedBy(cluster, { [property]: value })).toEqual([property]);
  });

  test("has to go before one of the same name can come", async () => {
    const cluster = await clusterIn(ROME, CREDENTIALS);
    const diff = (change: Properties) =>
      world.plugin.diff(RDS.cluster, cluster.state, { ...cluster.inputs, ...change });
    expect(await diff({ databaseName: "x" })).toMatchObject({ deleteBeforeReplace: true });
    expect(await diff({ clusterIdentifier: "x" })).not.toHaveProperty("deleteBeforeReplace");
  });

  test("keeps a version of which the program names a part", async () => {
    const cluster = await clusterIn(ROME, { ...CREDENTIALS, engineVersion: "16" });
    expect(cluster.state).toMatchObject({ engineVersion: "16" });
    await world.replacedBy(cluster, {});
  });

  test.each<[string, Properties, string]>([
    ["without a password", { masterUsername: "owner" }, "MasterUserPassword must be provided"],
    ["without a user", {}, "MasterUsername must be provided"],
    ["with too short a password", { ...CREDENTIALS, masterPassword: "short" }, "must have 8 to 99 printable"],
    [
      "of a version that does not exist",
      { ...CREDENTIALS, engineVersion: "16.1" },
      "Cannot find version 16.1",
    ],
    ["in no subnet group", { ...CREDENTIALS, dbSubnetGroupName: "none" }, "DBSubnetGroupNotFoundFault"],
    [
      "with no parameter group",
      { ...CREDENTIALS, dbClusterParameterGroupName: "none" },
      "ParameterGroupNotFound",
    ],
    [
      "with no security group",
      { ...CREDENTIALS, vpcSecurityGroupIds: ["sg-0000000000000000a"] },
      "InvalidGroup",
    ],
    ["with no key", { ...CREDENTIALS, storageEncrypted: true, kmsKeyId: "none" }, "KMSKeyNotAccessibleFault"],
    [
      "in no global cluster",
      { ...CREDENTIALS, globalClusterIdentifier: "none" },
      "GlobalClusterNotFoundFault",
    ],
    ["with a name that AWS does not take", { ...CREDENTIALS, clusterIdentifier: "a--b" }, "single hyphens"],
  ])("is refused %s", async (_, more, reason) => {
    await expect(clusterIn(ROME, more)).rejects.toThrow(reason);
    expect(await world.ministack.contents(ROME)).toEqual([]);
  });

  test("is refused with another region's key", async () => {
    const key = await world.make(KEY, { region: LISBON });
    const inputs = { ...CREDENTIALS, storageEncrypted: true, kmsKeyId: key.state["arn"] };
    await expect(clusterIn(ROME, inputs)).rejects.toThrow("is not in eu-south-1");
  });

  test("stays while it is protected, has instances, or nobody said that it needs no snapshot", async () => {
    const cluster = await clusterIn(ROME, { ...CREDENTIALS, deletionProtection: true });
    const instance = await instanceIn(ROME);
    await expect(world.remove(cluster)).rejects.toThrow("disable deletion protection");
    const { state } = await world.change(cluster, { ...cluster.inputs, deletionProtection: false });
    const free = { ...cluster, state };
    await expect(world.remove(free)).rejects.toThrow("InvalidDBClusterStateFault");
    await world.remove(instance);
    await expect(world.remove({ ...free, state: { ...state, skipFinalSnapshot: false } })).rejects.toThrow(
      "finalSnapshotIdentifier is required",
    );
    await world.remove(free);
    expect(await world.ministack.contents(ROME)).toEqual([]);
    expect(await world.refresh(free)).toBeUndefined();
  });

  test("leaves its global cluster before AWS refuses to delete it, as with the real plugin", async () => {
    await globalIn(ROME);
    await clusterIn(ROME, { globalClusterIdentifier: "db", ...CREDENTIALS });
    const reader = await clusterIn(LISBON, { globalClusterIdentifier: "db", deletionProtection: true });
    await expect(world.remove(reader)).rejects.toThrow("disable deletion protection");
    const { GlobalClusters = [] } = await world.ministack.rds(ROME).describeGlobalClusters();
    expect(GlobalClusters[0]!.GlobalClusterMembers).toHaveLength(1);
  });

  test("can be imported", async () => {
    const { id, state } = await clusterIn(ROME, CREDENTIALS);
    const imported = await world.plugin.read(RDS.cluster, `${id}@${ROME}`);
    expect(imported.state).toMatchObject({ arn: state["arn"], region: ROME });
    expect(imported.inputs).toMatchObject({
      engine: "aurora-postgresql",
      clusterIdentifier: id,
      region: ROME,
    });
  });
});

describe("an instance", () => {
  test("is the writer if it is the first, and has what its cluster has", async () => {
    await clusterIn(ROME, CREDENTIALS);
    const instances = [await instanceIn(ROME), await instanceIn(ROME, 2)];
    expect(instances.map(({ state }) => state["writer"])).toEqual([true, false]);
    expect(instances[0]!.state).toMatchObject({
      arn: "arn:aws:rds:eu-south-1:111122223333:db:db-eu-south-1-1",
      endpoint: expect.stringMatching(/^db-eu-south-1-1\.[0-9a-f]{12}\.eu-south-1\.rds\.amazonaws\.com$/),
      engineVersion: "16.8",
      port: 5432,
      dbiResourceId: expect.stringMatching(/^db-/),
    });
  });

  test("changes its class and its monitoring in place", async () => {
    await clusterIn(ROME, CREDENTIALS);
    const instance = await instanceIn(ROME, 1, { applyImmediately: true });
    const inputs = {
      ...instance.inputs,
      instanceClass: "db.r6g.xlarge",
      monitoringInterval: 60,
      monitoringRoleArn: "arn:aws:iam::111122223333:role/monitoring",
      performanceInsightsEnabled: true,
      promotionTier: 3,
    };
    const changed = await world.change(instance, inputs);
    expect(changed.state).toMatchObject({
      instanceClass: "db.r6g.xlarge",
      monitoringInterval: 60,
      promotionTier: 3,
    });
    expect(await world.replacedBy(changed, { availabilityZone: `${ROME}b` })).toEqual(["availabilityZone"]);
  });

  test.each<[string, Properties, string]>([
    ["without its cluster", { clusterIdentifier: "none" }, "DBClusterNotFoundFault"],
    ["of another engine", { engine: "aurora-mysql" }, "doesn't match the engine name"],
    ["with no parameter group", { dbParameterGroupName: "none" }, "ParameterGroupNotFound"],
    ["without servers where the cluster has no scaling", { instanceClass: "db.serverless" }, "Serverless v2"],
    ["monitored by nobody", { monitoringInterval: 60 }, "MonitoringRoleARN value is required"],
    ["in another region's zone", { availabilityZone: "us-east-1a" }, "is not a zone of"],
  ])("is refused %s", async (_, more, reason) => {
    await clusterIn(ROME, CREDENTIALS);
    await expect(instanceIn(ROME, 1, more)).rejects.toThrow(reason);
  });
});

describe("a global database", () => {
  test("has the outputs of the real one, and tells its members", async () => {
    const { global, rome, lisbon } = await globalDatabase();
    expect(global.state).toMatchObject({
      id: "db",
      arn: "arn:aws:rds::111122223333:global-cluster:db",
      endpoint: expect.stringMatching(/^db\.global-[0-9a-f]{12}\.global\.rds\.amazonaws\.com$/),
      globalClusterMembers: [],
    });
    const { state } = (await world.refresh(global))!;
    expect(state["globalClusterMembers"]).toEqual([
      { dbClusterArn: lisbon.state["arn"], isWriter: false },
      { dbClusterArn: rome.state["arn"], isWriter: true },
    ]);
    expect(state["endpoint"]).toBe(global.state["endpoint"]);
  });

  test("tells its reader's source though nobody asked, which only `ignoreChanges` can keep as it is", async () => {
    const { rome, lisbon } = await globalDatabase();
    expect(rome.state).not.toHaveProperty("replicationSourceIdentifier");
    expect(lisbon.state).toMatchObject({
      replicationSourceIdentifier: rome.state["arn"],
      masterUsername: "owner",
    });
    const diff = (ignored: string[]) => world.plugin.diff(RDS.cluster, lisbon.state, lisbon.inputs, ignored);
    expect(await diff([])).toMatchObject({ changed: true, detail: { replicationSourceIdentifier: 1 + 1 } });
    expect(await diff(["replicationSourceIdentifier"])).toMatchObject({ changed: false });
    await expect(
      world.plugin.update(RDS.cluster, lisbon.state, lisbon.inputs, { id: lisbon.id }),
    ).rejects.toThrow("Cannot promote DB cluster");
  });

  test("shows the new roles to a refresh after a switchover, and the other one's source", async () => {
    const { global, rome, lisbon } = await globalDatabase();
    await switchOver(lisbon);
    const [after, writer, reader] = [
      (await world.refresh(global))!,
      (await world.refresh(lisbon))!,
      (await world.refresh(rome))!,
    ];
    expect(after.state["globalClusterMembers"]).toEqual([
      { dbClusterArn: rome.state["arn"], isWriter: false },
      { dbClusterArn: lisbon.state["arn"], isWriter: true },
    ]);
    expect(after.state["endpoint"]).toBe(global.state["endpoint"]);
    expect(writer.state).not.toHaveProperty("replicationSourceIdentifier");
    expect(reader.state).toMatchObject({ replicationSourceIdentifier: lisbon.state["arn"] });
    const ignored = ["replicationSourceIdentifier"];
    for (const { type, state, inputs } of [after, writer, reader]) {
      expect(await world.plugin.diff(type, state, inputs, ignored)).toMatchObject({ changed: false });
    }
  });

  test("is left by a cluster whose program does not name it, unless that is ignored", async () => {
    const { lisbon } = await globalDatabase();
    const inputs = without(lisbon.inputs, "globalClusterIdentifier");
    const ignored = ["replicationSourceIdentifier"];
    expect(await world.plugin.diff(RDS.cluster, lisbon.state, inputs, ignored)).toMatchObject({
      changed: true,
      replaces: [],
    });
    const both = [...ignored, "globalClusterIdentifier"];
    expect(await world.plugin.diff(RDS.cluster, lisbon.state, inputs, both)).toMatchObject({
      changed: false,
    });
    const { state } = await world.change(lisbon, inputs, ignored);
    expect(state).not.toHaveProperty("globalClusterIdentifier");
  });

  test("cannot be joined later, nor changed for another", async () => {
    const global = await globalIn(ROME);
    const cluster = await clusterIn(ROME, CREDENTIALS);
    const inputs = { ...cluster.inputs, globalClusterIdentifier: "db" };
    await expect(world.change(cluster, inputs)).rejects.toThrow(
      "cannot be added to an existing RDS Global Cluster",
    );
    await world.remove(global);
  });

  test.each<[string, Properties]>([
    ["a user", { masterUsername: "owner" }],
    ["a password", { masterPassword: "long-enough" }],
    ["a database", { databaseName: "app" }],
  ])("takes no reader with %s of its own", async (_, more) => {
    await globalIn(ROME);
    await clusterIn(ROME, { globalClusterIdentifier: "db", ...CREDENTIALS });
    await expect(clusterIn(LISBON, { globalClusterIdentifier: "db", ...more })).rejects.toThrow(
      "Cannot specify",
    );
  });

  test("takes no encrypted reader without a key of its region", async () => {
    await globalIn(ROME, { storageEncrypted: true });
    const key = await world.make(KEY, { region: ROME });
    const encrypted = { globalClusterIdentifier: "db", storageEncrypted: true };
    await clusterIn(ROME, { ...encrypted, ...CREDENTIALS, kmsKeyId: key.state["arn"] });
    await expect(clusterIn(LISBON, encrypted)).rejects.toThrow("a KMS key has to be given");
  });

  test("goes only in the order readers, writer, global cluster", async () => {
    const { global, rome, lisbon } = await globalDatabase();
    const instance = await instanceIn(ROME);
    await expect(world.remove(global)).rejects.toThrow("InvalidGlobalClusterStateFault");
    await expect(world.remove(rome)).rejects.toThrow("Cannot remove the writer");
    await expect(world.remove(instance)).rejects.toThrow(
      "Cannot delete the last instance of the master cluster",
    );
    await world.remove(lisbon, instance, rome, global);
    expect(await world.ministack.contents(ROME, LISBON)).toEqual([]);
  });

  test("takes the order from the roles as they are, not as they were", async () => {
    const { global, rome, lisbon } = await globalDatabase();
    await switchOver(lisbon);
    await expect(world.remove(lisbon)).rejects.toThrow("Cannot remove the writer");
    await world.remove(rome, lisbon, global);
  });

  test("is upgraded with all its members", async () => {
    const { global, rome, lisbon } = await globalDatabase();
    const minor = await world.change(global, { ...global.inputs, engineVersion: "16.9" });
    expect(minor.state).toMatchObject({ engineVersion: "16.9" });
    const major = await world.change(minor, { ...minor.inputs, engineVersion: "17.4" });
    for (const member of [rome, lisbon]) {
      const { state, inputs } = (await world.refresh(member))!;
      expect(state).toMatchObject({ engineVersion: "17.4" });
      const ignored = ["replicationSourceIdentifier"];
      expect(
        await world.plugin.diff(RDS.cluster, state, { ...inputs, engineVersion: "16.8" }, ignored),
      ).toMatchObject({
        changed: true,
      });
    }
    await expect(
      world.change((await world.refresh(rome))!, { ...rome.inputs, engineVersion: "18.3" }),
    ).rejects.toThrow("Major Version Upgrade isn't supported in a single member");
    expect(major.state).toMatchObject({ engineVersionActual: "17.4" });
  });
});

describe("the groups", () => {
  test("of subnets need two zones, and stay while a cluster is in them", async () => {
    const vpc = await world.vpc(ROME);
    const subnets = await world.subnets(vpc, "a", "b", "c");
    const group = { region: ROME, name: "db", subnetIds: subnets.slice(0, 2).map(({ id }) => id) };
    await expect(world.make(RDS.subnetGroup, { ...group, subnetIds: [subnets[0]!.id] })).rejects.toThrow(
      "DBSubnetGroupDoesNotCoverEnoughAZs",
    );
    const made = await world.make(RDS.subnetGroup, group);
    expect(made.state).toMatchObject({ vpcId: vpc.id, arn: expect.stringContaining(":subgrp:db") });
    const changed = await world.change(made, { ...group, subnetIds: subnets.map(({ id }) => id) });
    const cluster = await clusterIn(ROME, { ...CREDENTIALS, dbSubnetGroupName: "db" });
    const instance = await instanceIn(ROME);
    await expect(world.remove(changed)).rejects.toThrow("InvalidDBSubnetGroupStateFault");
    await expect(world.remove(subnets[0]!)).rejects.toThrow("DependencyViolation");
    await world.remove(instance, cluster, changed, ...subnets, vpc);
    expect(await world.ministack.contents(ROME)).toEqual([]);
  });

  test.each([
    ["cluster parameters", RDS.clusterParameterGroup, "dbClusterParameterGroupName"],
    ["instance parameters", RDS.parameterGroup, "dbParameterGroupName"],
  ])("of %s change in place, and stay while somebody uses them", async (_, type, property) => {
    const inputs = { region: ROME, name: "db", family: "aurora-postgresql16" };
    const group = await world.make(type, {
      ...inputs,
      parameters: [
        { name: "rds.force_ssl", value: "1" },
        { name: "work_mem", value: "8192", applyMethod: "pending-reboot" },
      ],
    });
    await world.replacedBy(group, {});
    const changed = await world.change(group, {
      ...inputs,
      parameters: [{ name: "rds.force_ssl", value: "0" }],
    });
    expect(changed.state["parameters"]).toEqual([{ name: "rds.force_ssl", value: "0" }]);
    expect(await world.replacedBy(changed, { family: "aurora-postgresql17" })).toEqual(["family"]);
    const ofCluster = type === RDS.clusterParameterGroup;
    const cluster = await clusterIn(ROME, { ...CREDENTIALS, ...(ofCluster ? { [property]: "db" } : {}) });
    const instance = await instanceIn(ROME, 1, ofCluster ? {} : { [property]: "db" });
    await expect(world.remove(changed)).rejects.toThrow("InvalidDBParameterGroupState");
    await world.remove(instance, cluster, changed);
    expect(await world.ministack.contents(ROME)).toEqual([]);
  });
});
