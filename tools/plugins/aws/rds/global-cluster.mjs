// @ts-check
import { createHash } from "node:crypto";
import { parseArn } from "../regions.mjs";
import { tagList, tagsFrom } from "../tags.mjs";
import { engineVersions, majorOf } from "./engine-version.mjs";
import { findGlobalCluster } from "./lookup.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

/** @type {import("../definition.mjs").Definition} */
export const globalCluster = {
  title: "RDS Global Cluster",
  replaces: [
    "databaseName",
    "engine",
    "globalClusterIdentifier",
    "sourceDbClusterIdentifier",
    "storageEncrypted",
  ],
  computed: [
    "databaseName",
    "engine",
    "engineLifecycleSupport",
    "engineVersion",
    "sourceDbClusterIdentifier",
    "storageEncrypted",
  ],
  defaults: { deletionProtection: false },
  naming: { property: "globalClusterIdentifier" },
  tagging: "rds",
  validate: (inputs) => [
    inputs["sourceDbClusterIdentifier"] && inputs["forceDestroy"] === undefined
      ? '"sourceDbClusterIdentifier" needs "forceDestroy"'
      : undefined,
  ],
  async create(call, inputs) {
    const id = inputs["globalClusterIdentifier"];
    const source = inputs["sourceDbClusterIdentifier"];
    await call.rds("CreateGlobalCluster", {
      GlobalClusterIdentifier: id,
      DatabaseName: inputs["databaseName"],
      DeletionProtection: inputs["deletionProtection"],
      Engine: source ? undefined : (inputs["engine"] ?? "aurora"),
      EngineVersion: inputs["engineVersion"],
      SourceDBClusterIdentifier: source,
      StorageEncrypted: inputs["storageEncrypted"],
      Tags: tagList(call.tags),
    });
    return id;
  },
  async read(call, id, known) {
    const found = await findGlobalCluster(call, id);
    return found && propertiesOf(found, known);
  },
  async update(call, id, { olds, news, changes }) {
    if (changes("engineVersion")) {
      await upgrade(call, id, olds, news["engineVersion"]);
    }
    if (changes("deletionProtection")) {
      await call.rds("ModifyGlobalCluster", {
        GlobalClusterIdentifier: id,
        DeletionProtection: news["deletionProtection"] ?? false,
      });
    }
  },
  async delete(call, id, state) {
    const found = await findGlobalCluster(call, id);
    if (found && state["forceDestroy"]) {
      for (const { arn } of membersOf(found)) {
        await call.rds("RemoveFromGlobalCluster", { GlobalClusterIdentifier: id, DbClusterIdentifier: arn });
      }
    }
    await call.rds("DeleteGlobalCluster", { GlobalClusterIdentifier: id });
  },
};

/**
 * @param {Properties} found
 * @returns {{ arn: string, isWriter: boolean }[]} the readers first
 */
function membersOf({ GlobalClusterMembers = [] }) {
  return GlobalClusterMembers.map((/** @type {Properties} */ { DBClusterArn, IsWriter = false }) => ({
    arn: DBClusterArn,
    isWriter: IsWriter,
  })).sort(
    (/** @type {any} */ one, /** @type {any} */ other) => Number(one.isWriter) - Number(other.isWriter),
  );
}

/**
 * @param {Properties} found
 * @param {Properties} known
 */
function propertiesOf(found, known) {
  const id = found["GlobalClusterIdentifier"];
  const unique = createHash("sha256").update(found["GlobalClusterResourceId"]).digest("hex").slice(0, 12);
  return {
    arn: found["GlobalClusterArn"],
    databaseName: found["DatabaseName"] || undefined,
    deletionProtection: found["DeletionProtection"],
    endpoint: found["Endpoint"] ?? `${id}.global-${unique}.global.rds.amazonaws.com`,
    engine: found["Engine"],
    engineLifecycleSupport:
      found["EngineLifecycleSupport"] ??
      known["engineLifecycleSupport"] ??
      "open-source-rds-extended-support",
    ...engineVersions(known["engineVersion"], found["EngineVersion"]),
    globalClusterIdentifier: id,
    globalClusterMembers: membersOf(found).map(({ arn, isWriter }) => ({ dbClusterArn: arn, isWriter })),
    globalClusterResourceId: found["GlobalClusterResourceId"],
    storageEncrypted: found["StorageEncrypted"],
    tagsAll: tagsFrom(found["TagList"]),
  };
}

/**
 * A major version goes through the global cluster, a minor one through its members, the readers first.
 * @param {Call} call
 * @param {string} id
 * @param {Properties} olds
 * @param {string} version
 */
async function upgrade(call, id, olds, version) {
  const found = await findGlobalCluster(call, id);
  if (found && majorOf(found["EngineVersion"]) === majorOf(version)) {
    for (const { arn } of membersOf(found)) {
      const parsed = parseArn(arn);
      await call.in(parsed?.region ?? call.region).rds("ModifyDBCluster", {
        DBClusterIdentifier: parsed?.resource.replace(/^cluster:/, ""),
        EngineVersion: version,
        ApplyImmediately: true,
      });
    }
  }
  // On AWS the global cluster follows its members by itself.
  await call.rds("ModifyGlobalCluster", {
    GlobalClusterIdentifier: id,
    EngineVersion: version,
    AllowMajorVersionUpgrade: majorOf(olds["engineVersion"] ?? version) !== majorOf(version) || undefined,
  });
}
