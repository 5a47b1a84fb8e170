// @ts-check
import { isNotFound, orNothing } from "../errors.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
export async function findCluster(call, id) {
  return (await orNothing(call.rds("DescribeDBClusters", { DBClusterIdentifier: id })))?.DBClusters?.[0];
}

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
export async function findInstance(call, id) {
  return (await orNothing(call.rds("DescribeDBInstances", { DBInstanceIdentifier: id })))?.DBInstances?.[0];
}

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
export async function findGlobalCluster(call, id) {
  const found = await orNothing(call.rds("DescribeGlobalClusters", { GlobalClusterIdentifier: id }));
  return found?.GlobalClusters?.[0];
}

/**
 * @param {Call} call
 * @param {string} clusterArn
 * @returns {Promise<Properties | undefined>} the global cluster that a cluster is a member of
 */
export async function globalClusterOf(call, clusterArn) {
  const { GlobalClusters = [] } = await call.rds("DescribeGlobalClusters");
  return GlobalClusters.find((/** @type {Properties} */ { GlobalClusterMembers = [] }) =>
    GlobalClusterMembers.some((/** @type {Properties} */ member) => member["DBClusterArn"] === clusterArn),
  );
}

/**
 * @param {Call} call
 * @param {string} name
 * @returns {Promise<Properties | undefined>}
 */
export async function findSubnetGroup(call, name) {
  return (await orNothing(call.rds("DescribeDBSubnetGroups", { DBSubnetGroupName: name })))
    ?.DBSubnetGroups?.[0];
}

/**
 * @param {Call} call
 * @param {string} arn
 */
export async function tagsOf(call, arn) {
  try {
    return (await call.rds("ListTagsForResource", { ResourceName: arn })).TagList;
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}
