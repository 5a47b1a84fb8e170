// @ts-check
import { AwsError, isNotFound } from "../errors.mjs";
import { requireKey, requireSecurityGroups } from "../references.mjs";
import { tagList, tagsFrom } from "../tags.mjs";
import { engineVersions } from "./engine-version.mjs";
import { endpointOf } from "./endpoint.mjs";
import { findCluster, findGlobalCluster, findSubnetGroup, globalClusterOf } from "./lookup.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

/** Inputs, and what the API calls them, that can be given at creation and changed later. */
const MODIFIABLE = {
  allocatedStorage: "AllocatedStorage",
  autoMinorVersionUpgrade: "AutoMinorVersionUpgrade",
  backtrackWindow: "BacktrackWindow",
  backupRetentionPeriod: "BackupRetentionPeriod",
  caCertificateIdentifier: "CACertificateIdentifier",
  copyTagsToSnapshot: "CopyTagsToSnapshot",
  databaseInsightsMode: "DatabaseInsightsMode",
  dbClusterInstanceClass: "DBClusterInstanceClass",
  dbClusterParameterGroupName: "DBClusterParameterGroupName",
  deletionProtection: "DeletionProtection",
  enableGlobalWriteForwarding: "EnableGlobalWriteForwarding",
  enableLocalWriteForwarding: "EnableLocalWriteForwarding",
  iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
  iops: "Iops",
  manageMasterUserPassword: "ManageMasterUserPassword",
  masterPassword: "MasterUserPassword",
  masterUserSecretKmsKeyId: "MasterUserSecretKmsKeyId",
  monitoringInterval: "MonitoringInterval",
  monitoringRoleArn: "MonitoringRoleArn",
  networkType: "NetworkType",
  performanceInsightsEnabled: "EnablePerformanceInsights",
  performanceInsightsKmsKeyId: "PerformanceInsightsKMSKeyId",
  performanceInsightsRetentionPeriod: "PerformanceInsightsRetentionPeriod",
  port: "Port",
  preferredBackupWindow: "PreferredBackupWindow",
  preferredMaintenanceWindow: "PreferredMaintenanceWindow",
  storageType: "StorageType",
  vpcSecurityGroupIds: "VpcSecurityGroupIds",
};

/** Only at creation. */
const FIXED = {
  availabilityZones: "AvailabilityZones",
  databaseName: "DatabaseName",
  dbSubnetGroupName: "DBSubnetGroupName",
  enableHttpEndpoint: "EnableHttpEndpoint",
  engine: "Engine",
  engineLifecycleSupport: "EngineLifecycleSupport",
  engineMode: "EngineMode",
  globalClusterIdentifier: "GlobalClusterIdentifier",
  kmsKeyId: "KmsKeyId",
  masterUsername: "MasterUsername",
  replicationSourceIdentifier: "ReplicationSourceIdentifier",
  storageEncrypted: "StorageEncrypted",
};

/** What MiniStack tells of a cluster, where it keeps what it was given. */
const READ = {
  allocatedStorage: "AllocatedStorage",
  arn: "DBClusterArn",
  availabilityZones: "AvailabilityZones",
  backupRetentionPeriod: "BackupRetentionPeriod",
  clusterIdentifier: "DBClusterIdentifier",
  clusterResourceId: "DbClusterResourceId",
  copyTagsToSnapshot: "CopyTagsToSnapshot",
  dbClusterParameterGroupName: "DBClusterParameterGroup",
  dbSubnetGroupName: "DBSubnetGroup",
  deletionProtection: "DeletionProtection",
  engine: "Engine",
  engineLifecycleSupport: "EngineLifecycleSupport",
  engineMode: "EngineMode",
  hostedZoneId: "HostedZoneId",
  iamDatabaseAuthenticationEnabled: "IAMDatabaseAuthenticationEnabled",
  masterUsername: "MasterUsername",
  networkType: "NetworkType",
  port: "Port",
  preferredBackupWindow: "PreferredBackupWindow",
  preferredMaintenanceWindow: "PreferredMaintenanceWindow",
  storageEncrypted: "StorageEncrypted",
};

const NOT_HERE = [
  "restoreToPointInTime",
  "s3Import",
  "snapshotIdentifier",
  "scalingConfiguration",
  "iamRoles",
];

/** @type {import("../definition.mjs").Definition} */
export const cluster = {
  title: "RDS Cluster",
  replaces: [
    "availabilityZones",
    "clusterIdentifier",
    "clusterIdentifierPrefix",
    "clusterScalabilityType",
    "databaseName",
    "dbSubnetGroupName",
    "dbSystemId",
    "engine",
    "engineMode",
    "kmsKeyId",
    "masterUsername",
    "restoreToPointInTime",
    "snapshotIdentifier",
    "sourceRegion",
    "storageEncrypted",
  ],
  computed: [
    "allocatedStorage",
    "applyImmediately",
    "autoMinorVersionUpgrade",
    "availabilityZones",
    "backupRetentionPeriod",
    "caCertificateIdentifier",
    "clusterIdentifier",
    "clusterIdentifierPrefix",
    "clusterMembers",
    "clusterScalabilityType",
    "databaseInsightsMode",
    "databaseName",
    "dbClusterParameterGroupName",
    "dbSubnetGroupName",
    "dbSystemId",
    "engineLifecycleSupport",
    "engineVersion",
    "iamRoles",
    "kmsKeyId",
    "masterUserSecretKmsKeyId",
    "masterUsername",
    "monitoringInterval",
    "monitoringRoleArn",
    "networkType",
    "performanceInsightsKmsKeyId",
    "performanceInsightsRetentionPeriod",
    "port",
    "preferredBackupWindow",
    "preferredMaintenanceWindow",
    "serverlessv2ScalingConfiguration",
    "storageEncrypted",
    "storageType",
    "vpcSecurityGroupIds",
  ],
  defaults: { deleteAutomatedBackups: true, engineMode: "provisioned", skipFinalSnapshot: false },
  unwatched: ["masterPasswordWo"],
  naming: { property: "clusterIdentifier", or: "clusterIdentifierPrefix", lowercase: true },
  tagging: "rds",
  validate: (inputs) => [
    ...NOT_HERE.filter((name) => inputs[name] !== undefined).map(
      (name) => `the stand-in for the aws plugin does not have "${name}" of a cluster`,
    ),
    inputs["manageMasterUserPassword"] && inputs["masterPassword"]
      ? '"manageMasterUserPassword" conflicts with "masterPassword"'
      : undefined,
    identifierProblem(inputs["clusterIdentifier"]),
    inputs["backupRetentionPeriod"] > 35 ? "expected backupRetentionPeriod to be at most (35)" : undefined,
  ],

  async create(call, inputs) {
    await checkReferences(call, inputs);
    await checkCredentials(call, inputs);
    const id = inputs["clusterIdentifier"];
    await call.rds("CreateDBCluster", {
      ...renamed(inputs, { ...FIXED, ...MODIFIABLE }),
      DBClusterIdentifier: id,
      EngineVersion: inputs["engineVersion"],
      MasterUserPassword: inputs["masterPassword"] ?? inputs["masterPasswordWo"],
      EnableCloudwatchLogsExports: inputs["enabledCloudwatchLogsExports"],
      ServerlessV2ScalingConfiguration: serverless(inputs),
      Tags: tagList(call.tags),
    });
    return id;
  },
  settle: (call, id) =>
    call.until(
      `RDS Cluster (${id}) create`,
      async () => (await findCluster(call, id))?.["Status"] === "available",
    ),

  async read(call, id, known) {
    const found = await findCluster(call, id);
    return found && propertiesOf(call, found, known);
  },

  async update(call, id, { olds, news, changes }) {
    if (changes("replicationSourceIdentifier")) {
      await changeSource(call, id, olds, news);
    }
    if (changes("enableHttpEndpoint")) {
      const operation = news["enableHttpEndpoint"] ? "EnableHttpEndpoint" : "DisableHttpEndpoint";
      await call.rds(operation, { ResourceArn: olds["arn"] });
    }
    await modify(call, id, { olds, news, changes });
    if (changes("globalClusterIdentifier")) {
      await leaveGlobalCluster(call, id, olds, news);
    }
  },

  // In the real provider's order: a cluster that AWS does not let go has left its global database by then.
  async delete(call, id, state) {
    const found = await findCluster(call, id);
    const globalCluster = state["globalClusterIdentifier"];
    if (globalCluster) {
      await removeFrom(call, globalCluster, found?.["DBClusterArn"] ?? state["arn"]);
    }
    if (!state["skipFinalSnapshot"] && !state["finalSnapshotIdentifier"]) {
      throw new Error("RDS Cluster finalSnapshotIdentifier is required when skipFinalSnapshot is false");
    }
    if (found?.["DeletionProtection"]) {
      throw new AwsError(
        "InvalidParameterCombination",
        "Cannot delete protected Cluster, please disable deletion protection and try again.",
      );
    }
    await call.rds("DeleteDBCluster", {
      DBClusterIdentifier: id,
      DeleteAutomatedBackups: state["deleteAutomatedBackups"],
      SkipFinalSnapshot: state["skipFinalSnapshot"],
      FinalDBSnapshotIdentifier: state["skipFinalSnapshot"] ? undefined : state["finalSnapshotIdentifier"],
    });
    await call.until(`RDS Cluster (${id}) delete`, async () => (await findCluster(call, id)) === undefined);
  },
};

/** @param {any} id */
export function identifierProblem(id) {
  return id === undefined || (/^[a-z](-?[a-z0-9])*$/.test(id) && id.length <= 63)
    ? undefined
    : `"${id}" has to be lowercase letters, digits and single hyphens, begin with a letter, and have 63 at most`;
}

/**
 * @param {Properties} inputs
 * @param {Record<string, string>} names
 */
function renamed(inputs, names) {
  return Object.fromEntries(Object.entries(names).map(([from, to]) => [to, inputs[from]]));
}

/** @param {Properties} inputs */
function serverless({ serverlessv2ScalingConfiguration: scaling }) {
  return (
    scaling && {
      MinCapacity: scaling.minCapacity,
      MaxCapacity: scaling.maxCapacity,
      SecondsUntilAutoPause: scaling.secondsUntilAutoPause,
    }
  );
}

/**
 * @param {Call} call
 * @param {Properties} inputs
 */
async function checkReferences(call, inputs) {
  const subnetGroup = inputs["dbSubnetGroupName"];
  const found = subnetGroup === undefined ? undefined : await findSubnetGroup(call, subnetGroup);
  if (subnetGroup !== undefined && found === undefined) {
    throw new AwsError("DBSubnetGroupNotFoundFault", `DB subnet group '${subnetGroup}' does not exist.`);
  }
  await requireSecurityGroups(call, inputs["vpcSecurityGroupIds"], found?.["VpcId"]);
  await requireKey(call, inputs["kmsKeyId"]);
  await requireKey(call, inputs["performanceInsightsKmsKeyId"]);
  if (inputs["kmsKeyId"] !== undefined && inputs["storageEncrypted"] === false) {
    throw new AwsError(
      "InvalidParameterCombination",
      "You can't specify a KMS key for an unencrypted cluster.",
    );
  }
}

/**
 * The first member makes the credentials, and any further one takes them over.
 * @param {Call} call
 * @param {Properties} inputs
 */
async function checkCredentials(call, inputs) {
  const id = inputs["globalClusterIdentifier"];
  const global = id === undefined ? undefined : await findGlobalCluster(call, id);
  if (id !== undefined && global === undefined) {
    throw new AwsError("GlobalClusterNotFoundFault", `Global cluster ${id} not found`);
  }
  const isReader = (global?.["GlobalClusterMembers"] ?? []).length > 0;
  if (isReader || inputs["replicationSourceIdentifier"] !== undefined) {
    const given = ["masterUsername", "masterPassword", "databaseName"].filter(
      (name) => inputs[name] !== undefined,
    );
    if (given.length > 0) {
      throw new AwsError(
        "InvalidParameterCombination",
        `Cannot specify ${given.join(", ")} for a cluster that is a reader of a global database.`,
      );
    }
    if (global?.["StorageEncrypted"] && inputs["kmsKeyId"] === undefined) {
      throw new AwsError(
        "InvalidParameterCombination",
        "Source cluster is encrypted; a KMS key has to be given for its reader in another region.",
      );
    }
    return;
  }
  if (inputs["masterUsername"] === undefined) {
    throw new AwsError("InvalidParameterValue", "The parameter MasterUsername must be provided.");
  }
  const password = inputs["masterPassword"] ?? inputs["masterPasswordWo"];
  if (password === undefined && !inputs["manageMasterUserPassword"]) {
    throw new AwsError("InvalidParameterValue", "The parameter MasterUserPassword must be provided.");
  }
  if (password !== undefined && (!/^[!-~]{8,128}$/.test(password) || /[/@"]/.test(password))) {
    throw new AwsError(
      "InvalidParameterValue",
      "The parameter MasterUserPassword is not a valid password. It has to be 8 to 128 printable ASCII characters " +
        "besides '/', '@', '\"' and ' '.",
    );
  }
}

/**
 * @param {Call} call
 * @param {Properties} found
 * @param {Properties} known
 */
async function propertiesOf(call, found, known) {
  const arn = found["DBClusterArn"];
  const global = await globalClusterOf(call, arn);
  const writer = (global?.["GlobalClusterMembers"] ?? []).find(
    (/** @type {Properties} */ { IsWriter }) => IsWriter,
  );
  const encrypted = found["StorageEncrypted"];
  const scaling = found["ServerlessV2ScalingConfiguration"];
  const secret = found["MasterUserSecret"];
  const read = Object.entries(renamedBack(found)).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(read),
    ...engineVersions(known["engineVersion"], found["EngineVersion"]),
    caCertificateIdentifier: known["caCertificateIdentifier"] ?? "rds-ca-rsa2048-g1",
    caCertificateValidTill: known["caCertificateValidTill"] ?? "2061-05-24T21:12:13Z",
    clusterMembers: (found["DBClusterMembers"] ?? []).map(
      (/** @type {Properties} */ { DBInstanceIdentifier }) => DBInstanceIdentifier,
    ),
    databaseName: found["DatabaseName"] || undefined,
    endpoint: await endpointOf(call, `${found["DBClusterIdentifier"]}.cluster`),
    readerEndpoint: await endpointOf(call, `${found["DBClusterIdentifier"]}.cluster-ro`),
    globalClusterIdentifier: global?.["GlobalClusterIdentifier"],
    kmsKeyId: encrypted ? found["KmsKeyId"] || undefined : undefined,
    masterUserSecrets: secret
      ? [{ kmsKeyId: secret.KmsKeyId, secretArn: secret.SecretArn, secretStatus: secret.SecretStatus }]
      : [],
    // AWS tells every reader of a global database as a replica, though nobody asked for it by that name.
    replicationSourceIdentifier:
      writer === undefined || writer.DBClusterArn === arn
        ? found["ReplicationSourceIdentifier"]
        : writer.DBClusterArn,
    serverlessv2ScalingConfiguration: scaling && {
      ...known["serverlessv2ScalingConfiguration"],
      minCapacity: scaling.MinCapacity,
      maxCapacity: scaling.MaxCapacity,
    },
    vpcSecurityGroupIds: (found["VpcSecurityGroups"] ?? []).map(
      (/** @type {Properties} */ { VpcSecurityGroupId }) => VpcSecurityGroupId,
    ),
    tagsAll: tagsFrom(found["TagList"]),
  };
}

/** @param {Properties} found */
const renamedBack = (found) =>
  Object.fromEntries(
    Object.entries(READ).map(([name, from]) => [name, found[from] === "" ? undefined : found[from]]),
  );

/**
 * @param {Call} call
 * @param {string} id
 * @param {import("../definition.mjs").Update} update
 */
async function modify(call, id, { olds, news, changes }) {
  const changed = Object.entries(MODIFIABLE).filter(([name]) => changes(name));
  const input = Object.fromEntries(changed.map(([name, api]) => [api, news[name] ?? emptied(olds[name])]));
  if (changes("engineVersion")) {
    input["EngineVersion"] = news["engineVersion"];
    input["AllowMajorVersionUpgrade"] = news["allowMajorVersionUpgrade"];
  }
  if (changes("serverlessv2ScalingConfiguration")) {
    input["ServerlessV2ScalingConfiguration"] = serverless(news);
  }
  if (changes("enabledCloudwatchLogsExports")) {
    const [before, after] = [olds, news].map((inputs) => inputs["enabledCloudwatchLogsExports"] ?? []);
    input["CloudwatchLogsExportConfiguration"] = {
      EnableLogTypes: after.filter((/** @type {string} */ type) => !before.includes(type)),
      DisableLogTypes: before.filter((/** @type {string} */ type) => !after.includes(type)),
    };
  }
  if (changes("masterPasswordWoVersion")) {
    input["MasterUserPassword"] = news["masterPasswordWo"];
  }
  if (Object.keys(input).length === 0) {
    return;
  }
  await requireSecurityGroups(call, input["VpcSecurityGroupIds"]);
  await call.rds("ModifyDBCluster", {
    ...input,
    DBClusterIdentifier: id,
    ApplyImmediately: news["applyImmediately"] ?? false,
  });
  await call.until(
    `RDS Cluster (${id}) update`,
    async () => (await findCluster(call, id))?.["Status"] === "available",
  );
}

/** @param {any} before */
const emptied = (before) =>
  typeof before === "boolean" ? false : typeof before === "number" ? 0 : undefined;

/**
 * @param {Call} call
 * @param {string} id
 * @param {Properties} olds
 * @param {Properties} news
 */
async function changeSource(call, id, olds, news) {
  if (news["replicationSourceIdentifier"]) {
    throw new Error(`promoting to standalone is not supported for RDS Cluster (${id})`);
  }
  const global = await globalClusterOf(call, olds["arn"]);
  if (global !== undefined) {
    throw new AwsError(
      "InvalidDBClusterStateFault",
      `Cannot promote DB cluster ${id}: it is a member of the global cluster ${global["GlobalClusterIdentifier"]}.`,
    );
  }
  await call.rds("PromoteReadReplicaDBCluster", { DBClusterIdentifier: id });
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {Properties} olds
 * @param {Properties} news
 */
async function leaveGlobalCluster(call, id, olds, news) {
  const { globalClusterIdentifier: before, arn } = olds;
  if (!before) {
    throw new Error(`existing RDS Clusters cannot be added to an existing RDS Global Cluster: ${id}`);
  }
  if (news["globalClusterIdentifier"]) {
    throw new Error(`existing RDS Clusters cannot be migrated between existing RDS Global Clusters: ${id}`);
  }
  await removeFrom(call, before, arn);
}

/**
 * @param {Call} call
 * @param {string} globalCluster
 * @param {string} arn
 */
async function removeFrom(call, globalCluster, arn) {
  try {
    await call.rds("RemoveFromGlobalCluster", {
      GlobalClusterIdentifier: globalCluster,
      DbClusterIdentifier: arn,
    });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
}
