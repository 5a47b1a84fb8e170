// @ts-check
import { AwsError } from "../errors.mjs";
import { requireKey } from "../references.mjs";
import { isZoneOf } from "../regions.mjs";
import { tagList, tagsFrom } from "../tags.mjs";
import { identifierProblem } from "./cluster.mjs";
import { endpointOf } from "./endpoint.mjs";
import { engineVersions } from "./engine-version.mjs";
import { findCluster, findInstance, findSubnetGroup, globalClusterOf } from "./lookup.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

const MODIFIABLE = {
  autoMinorVersionUpgrade: "AutoMinorVersionUpgrade",
  caCertIdentifier: "CACertificateIdentifier",
  copyTagsToSnapshot: "CopyTagsToSnapshot",
  dbParameterGroupName: "DBParameterGroupName",
  instanceClass: "DBInstanceClass",
  monitoringInterval: "MonitoringInterval",
  monitoringRoleArn: "MonitoringRoleArn",
  performanceInsightsEnabled: "EnablePerformanceInsights",
  performanceInsightsKmsKeyId: "PerformanceInsightsKMSKeyId",
  performanceInsightsRetentionPeriod: "PerformanceInsightsRetentionPeriod",
  preferredBackupWindow: "PreferredBackupWindow",
  preferredMaintenanceWindow: "PreferredMaintenanceWindow",
  promotionTier: "PromotionTier",
  publiclyAccessible: "PubliclyAccessible",
};

const FIXED = {
  availabilityZone: "AvailabilityZone",
  clusterIdentifier: "DBClusterIdentifier",
  dbSubnetGroupName: "DBSubnetGroupName",
  engine: "Engine",
  engineVersion: "EngineVersion",
  identifier: "DBInstanceIdentifier",
};

/** What MiniStack tells, where it keeps what it was given, also by a change. */
const READ = {
  arn: "DBInstanceArn",
  availabilityZone: "AvailabilityZone",
  caCertIdentifier: "CACertificateIdentifier",
  clusterIdentifier: "DBClusterIdentifier",
  copyTagsToSnapshot: "CopyTagsToSnapshot",
  dbiResourceId: "DbiResourceId",
  engine: "Engine",
  identifier: "DBInstanceIdentifier",
  instanceClass: "DBInstanceClass",
  monitoringInterval: "MonitoringInterval",
  monitoringRoleArn: "MonitoringRoleArn",
  networkType: "NetworkType",
  preferredMaintenanceWindow: "PreferredMaintenanceWindow",
  publiclyAccessible: "PubliclyAccessible",
};

/** @type {import("../definition.mjs").Definition} */
export const clusterInstance = {
  title: "RDS Cluster Instance",
  replaces: [
    "availabilityZone",
    "clusterIdentifier",
    "customIamInstanceProfile",
    "dbSubnetGroupName",
    "engine",
    "identifier",
    "identifierPrefix",
  ],
  computed: [
    "applyImmediately",
    "availabilityZone",
    "caCertIdentifier",
    "dbParameterGroupName",
    "dbSubnetGroupName",
    "engineVersion",
    "identifier",
    "identifierPrefix",
    "monitoringRoleArn",
    "performanceInsightsEnabled",
    "performanceInsightsKmsKeyId",
    "performanceInsightsRetentionPeriod",
    "preferredBackupWindow",
    "preferredMaintenanceWindow",
    "publiclyAccessible",
  ],
  defaults: {
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: false,
    forceDestroy: false,
    monitoringInterval: 0,
    promotionTier: 0,
  },
  naming: { property: "identifier", or: "identifierPrefix", lowercase: true },
  tagging: "rds",
  validate: (inputs, region) => [
    identifierProblem(inputs["identifier"]),
    inputs["availabilityZone"] !== undefined && !isZoneOf(region, inputs["availabilityZone"])
      ? `"${inputs["availabilityZone"]}" is not a zone of ${region}`
      : undefined,
    inputs["monitoringInterval"] > 0 && inputs["monitoringRoleArn"] === undefined
      ? "a MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0"
      : undefined,
  ],

  async create(call, inputs) {
    const cluster = await findCluster(call, inputs["clusterIdentifier"]);
    if (cluster === undefined) {
      throw new AwsError(
        "DBClusterNotFoundFault",
        `Source cluster could not be found: ${inputs["clusterIdentifier"]}`,
      );
    }
    if (inputs["engine"] !== cluster["Engine"]) {
      throw new AwsError(
        "InvalidParameterCombination",
        "The engine name requested for your DB instance doesn't match the engine name of your DB cluster.",
      );
    }
    if (inputs["instanceClass"] === "db.serverless" && !cluster["ServerlessV2ScalingConfiguration"]) {
      throw new AwsError(
        "InvalidParameterCombination",
        "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.",
      );
    }
    await checkZone(call, inputs, cluster);
    await requireKey(call, inputs["performanceInsightsKmsKeyId"]);
    const given = { ...FIXED, ...MODIFIABLE };
    await call.rds("CreateDBInstance", {
      ...Object.fromEntries(Object.entries(given).map(([name, api]) => [api, inputs[name]])),
      DBSubnetGroupName: inputs["dbSubnetGroupName"] ?? cluster["DBSubnetGroup"],
      Tags: tagList(call.tags),
    });
    return inputs["identifier"];
  },
  settle: (call, id) =>
    call.until(
      `RDS Cluster Instance (${id}) create`,
      async () => (await findInstance(call, id))?.["DBInstanceStatus"] === "available",
    ),

  async read(call, id, known) {
    const found = await findInstance(call, id);
    const cluster = found && (await findCluster(call, found["DBClusterIdentifier"]));
    return found && cluster && propertiesOf(call, found, cluster, known);
  },

  async update(call, id, { news, changes }) {
    const changed = Object.entries(MODIFIABLE).filter(([name]) => changes(name));
    if (changed.length > 0) {
      await call.rds("ModifyDBInstance", {
        ...Object.fromEntries(changed.map(([name, api]) => [api, news[name]])),
        DBInstanceIdentifier: id,
        ApplyImmediately: news["applyImmediately"] ?? false,
      });
      await clusterInstance.settle?.(call, id, news);
    }
  },

  async delete(call, id, state) {
    await requireNotLastOfWriter(call, id, state["clusterIdentifier"]);
    await call.rds("DeleteDBInstance", { DBInstanceIdentifier: id, SkipFinalSnapshot: true });
    await call.until(
      `RDS Cluster Instance (${id}) delete`,
      async () => (await findInstance(call, id)) === undefined,
    );
  },
};

/**
 * @param {Call} call
 * @param {string} id
 * @param {string} clusterId
 */
async function requireNotLastOfWriter(call, id, clusterId) {
  const cluster = await findCluster(call, clusterId);
  const instances = cluster?.["DBClusterMembers"] ?? [];
  if (cluster === undefined || instances.length !== 1 || instances[0].DBInstanceIdentifier !== id) {
    return;
  }
  const members = (await globalClusterOf(call, cluster["DBClusterArn"]))?.["GlobalClusterMembers"] ?? [];
  const own = members.find((/** @type {any} */ { DBClusterArn }) => DBClusterArn === cluster["DBClusterArn"]);
  if (own?.IsWriter && members.length > 1) {
    throw new AwsError(
      "InvalidDBClusterStateFault",
      "Cannot delete the last instance of the master cluster. Delete the replica cluster before deleting the last " +
        "master cluster instance.",
    );
  }
}

/**
 * @param {Call} call
 * @param {Properties} inputs
 * @param {Properties} cluster
 */
async function checkZone(call, inputs, cluster) {
  const zone = inputs["availabilityZone"];
  const group = zone === undefined ? undefined : await findSubnetGroup(call, cluster["DBSubnetGroup"]);
  const zones = (group?.["Subnets"] ?? []).map(
    (/** @type {any} */ subnet) => subnet.SubnetAvailabilityZone?.Name,
  );
  if (group !== undefined && !zones.includes(zone)) {
    throw new AwsError(
      "InvalidVPCNetworkStateFault",
      `DB subnet group ${cluster["DBSubnetGroup"]} has no subnet in ${zone}, only in ${zones.join(", ")}.`,
    );
  }
}

/**
 * @param {Call} call
 * @param {Properties} found
 * @param {Properties} cluster
 * @param {Properties} known
 */
async function propertiesOf(call, found, cluster, known) {
  const member = (cluster["DBClusterMembers"] ?? []).find(
    (/** @type {Properties} */ { DBInstanceIdentifier }) =>
      DBInstanceIdentifier === found["DBInstanceIdentifier"],
  );
  const read = Object.entries(READ).map(([name, from]) => [
    name,
    found[from] === "" ? undefined : found[from],
  ]);
  return {
    ...Object.fromEntries(read.filter(([, value]) => value !== undefined)),
    // On AWS an instance has the version of its cluster, and takes the key and the subnets from it.
    ...engineVersions(known["engineVersion"], cluster["EngineVersion"]),
    dbParameterGroupName: found["DBParameterGroups"]?.[0]?.DBParameterGroupName,
    dbSubnetGroupName: cluster["DBSubnetGroup"],
    endpoint: await endpointOf(call, found["DBInstanceIdentifier"]),
    kmsKeyId: cluster["StorageEncrypted"] ? cluster["KmsKeyId"] || undefined : undefined,
    port: cluster["Port"],
    storageEncrypted: cluster["StorageEncrypted"],
    writer: member?.IsClusterWriter ?? false,
    tagsAll: tagsFrom(found["TagList"]),
  };
}
