// @ts-check
import { policyDocument } from "./policy-document.mjs";
import { dnsSuffixOf, partitionOf } from "./regions.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./provider.mjs").Provider} Provider
 */

/**
 * @param {() => Provider} configured
 * @returns {Record<string, (args: Properties) => Properties | Promise<Properties>>} by token
 */
export const functionsOf = (configured) => ({
  async "aws:index/getCallerIdentity:getCallerIdentity"() {
    const identity = await configured().identity();
    const { Account: accountId, Arn: arn, UserId: userId } = identity;
    return { id: accountId, accountId, arn, userId };
  },
  "aws:index/getRegion:getRegion"(args) {
    const region = args["region"] ?? args["name"] ?? configured().region;
    return { id: region, name: region, region, endpoint: `ec2.${region}.amazonaws.com`, description: region };
  },
  "aws:index/getPartition:getPartition"() {
    const partition = partitionOf(configured().region);
    const dnsSuffix = dnsSuffixOf(partition);
    return {
      id: partition,
      partition,
      dnsSuffix,
      reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
    };
  },
  async "aws:index/getAvailabilityZones:getAvailabilityZones"(args) {
    const provider = configured();
    const region = args["region"] ?? provider.region;
    const { AvailabilityZones = [] } = await provider.send("ec2", region, "DescribeAvailabilityZones", {});
    const zones = AvailabilityZones.filter(
      (/** @type {any} */ { ZoneName, ZoneId, State }) =>
        (args["state"] === undefined || State === args["state"]) &&
        !args["excludeNames"]?.includes(ZoneName) &&
        !args["excludeZoneIds"]?.includes(ZoneId),
    ).sort((/** @type {any} */ one, /** @type {any} */ other) => (one.ZoneName < other.ZoneName ? -1 : 1));
    return {
      ...args,
      id: region,
      region,
      names: zones.map((/** @type {any} */ { ZoneName }) => ZoneName),
      zoneIds: zones.map((/** @type {any} */ { ZoneId }) => ZoneId),
      groupNames: [...new Set(zones.map((/** @type {any} */ { GroupName }) => GroupName))],
    };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
});

/** @param {string} token */
export const isKnownFunction = (token) =>
  Object.hasOwn(
    functionsOf(() => /** @type {any} */ (undefined)),
    token,
  );
