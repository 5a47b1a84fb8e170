// @ts-check
import { AwsError, orNothing } from "./errors.mjs";
import { parseArn } from "./regions.mjs";

/**
 * MiniStack takes nearly any id for granted. AWS does not.
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./definition.mjs").Call} Call
 */

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties>}
 */
export async function requireVpc(call, id) {
  return (await call.ec2("DescribeVpcs", { VpcIds: [id] })).Vpcs[0];
}

/**
 * @param {Call} call
 * @param {string[]} ids
 * @returns {Promise<Properties[]>}
 */
export async function requireSubnets(call, ids) {
  return ids.length === 0 ? [] : (await call.ec2("DescribeSubnets", { SubnetIds: ids })).Subnets;
}

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties>}
 */
export async function requireRouteTable(call, id) {
  const { RouteTables = [] } = await call.ec2("DescribeRouteTables", { RouteTableIds: [id] });
  if (RouteTables[0] === undefined) {
    throw new AwsError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`);
  }
  return RouteTables[0];
}

/**
 * @param {Call} call
 * @param {string[] | undefined} ids
 * @param {string} [vpcId] that they all have to belong to
 */
export async function requireSecurityGroups(call, ids, vpcId) {
  if (ids === undefined || ids.length === 0) {
    return;
  }
  const { SecurityGroups } = await call.ec2("DescribeSecurityGroups", { GroupIds: ids });
  const other = SecurityGroups.find(
    (/** @type {Properties} */ { VpcId }) => vpcId !== undefined && VpcId !== vpcId,
  );
  if (other !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      `The security group ${other.GroupId} belongs to ${other.VpcId}, but ${vpcId} is needed.`,
    );
  }
}

/**
 * @param {Call} call
 * @param {string | undefined} id of a key, its ARN or an alias
 */
export async function requireKey(call, id) {
  // A key that AWS manages is there in every region, though MiniStack has none.
  if (!id || id.startsWith("alias/aws/")) {
    return;
  }
  const arn = parseArn(id);
  if (arn !== undefined && arn.region !== call.region) {
    throw new AwsError("KMSKeyNotAccessibleFault", `The key ${id} is not in ${call.region}.`);
  }
  const found = await orNothing(call.kms("DescribeKey", { KeyId: id }));
  if (found === undefined || !found.KeyMetadata.Enabled) {
    const state = found === undefined ? "does not exist" : `is ${found.KeyMetadata.KeyState}`;
    throw new AwsError("KMSKeyNotAccessibleFault", `The specified KMS key [${id}] ${state}.`);
  }
}
