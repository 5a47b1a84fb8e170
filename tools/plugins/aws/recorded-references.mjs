// @ts-check
import { AwsError } from "./errors.mjs";
import { findCluster, findGlobalCluster, findInstance } from "./rds/lookup.mjs";
import { requireRouteTable, requireSecurityGroups, requireSubnets, requireVpc } from "./references.mjs";
import { parseArn } from "./regions.mjs";

/**
 * @typedef {import("./definition.mjs").Call} Call
 * @typedef {(call: Call, id: string) => Promise<unknown>} Check
 */

/** @type {[RegExp, Check][]} ids that tell by themselves what they are of */
const IDS = [
  [/^vpc-[0-9a-f]{8,17}$/i, requireVpc],
  [/^subnet-[0-9a-f]{8,17}$/i, (call, id) => requireSubnets(call, [id])],
  [/^sg-[0-9a-f]{8,17}$/i, (call, id) => requireSecurityGroups(call, [id])],
  [/^rtb-[0-9a-f]{8,17}$/i, requireRouteTable],
];

/** @type {Record<string, [RegExp, Check][]>} by service: ARNs of what MiniStack has */
const ARNS = {
  kms: [[/^key\/(.+)$/, (call, id) => call.kms("DescribeKey", { KeyId: id })]],
  rds: [
    [/^cluster:(.+)$/, findCluster],
    [/^db:(.+)$/, findInstance],
    [/^global-cluster:(.+)$/, findGlobalCluster],
  ],
};

/**
 * Fails if the inputs name something that MiniStack ought to have, and does not.
 * @param {Call} call
 * @param {any} value
 */
export async function requireReferences(call, value) {
  for (const text of new Set(texts(value))) {
    await requireReference(call, text);
  }
}

/**
 * @param {Call} call
 * @param {string} text
 */
async function requireReference(call, text) {
  for (const [pattern, check] of IDS) {
    if (pattern.test(text)) {
      await check(call, text);
    }
  }
  const arn = parseArn(text);
  if (arn?.service === "secretsmanager" && /^secret:[^*]+$/.test(arn.resource)) {
    await call.in(arn.region).secretsmanager("DescribeSecret", { SecretId: text });
  }
  for (const [pattern, check] of arn === undefined ? [] : (ARNS[arn.service] ?? [])) {
    const id = pattern.exec(arn?.resource ?? "")?.[1];
    if (id !== undefined && !id.includes("*")) {
      const found = await check(call.in(arn?.region || call.region), id);
      if (found === undefined) {
        throw new AwsError("InvalidParameterValue", `${text} does not exist`);
      }
    }
  }
}

/**
 * @param {any} value
 * @returns {string[]} but not the policies, which may name what is to come
 */
function texts(value) {
  if (typeof value === "string") {
    return [value];
  }
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}
