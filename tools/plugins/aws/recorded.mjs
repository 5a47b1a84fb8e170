// @ts-check
import { createHash, randomUUID } from "node:crypto";
import { requireReferences } from "./recorded-references.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./definition.mjs").Call} Call
 * @typedef {import("./definition.mjs").Definition} Definition
 *
 * A type that exists in the state alone.
 * @typedef {object} Recorded
 * @property {string} title
 * @property {(inputs: Properties, unique: string) => string} id from the inputs, or what is random of it
 * @property {(id: string, inputs: Properties) => { service: string, resource: string, global?: boolean }} [arn]
 * @property {(id: string, inputs: Properties, unique: string) => Properties} [outputs]
 * @property {readonly string[]} [replaces]
 * @property {readonly string[]} [computed]
 * @property {Record<string, any>} [defaults]
 * @property {import("./naming.mjs").Naming} [naming]
 */

/** @type {Record<string, Recorded>} by token: what is to be recorded is added here */
const RECORDED = {
  "aws:backup/plan:Plan": {
    title: "Backup Plan",
    id: (_, unique) => uuidOf(unique),
    arn: (id) => ({ service: "backup", resource: `backup-plan:${id}` }),
    replaces: ["name"],
    outputs: (_, __, unique) => ({ version: unique.slice(0, 48) }),
    naming: { property: "name" },
  },
  "aws:backup/selection:Selection": {
    title: "Backup Selection",
    id: (_, unique) => uuidOf(unique),
    replaces: ["name", "planId", "iamRoleArn", "resources", "notResources", "selectionTags", "conditions"],
    computed: ["conditions", "notResources"],
    naming: { property: "name" },
  },
  "aws:backup/vault:Vault": {
    title: "Backup Vault",
    id: ({ name }) => name,
    arn: (id) => ({ service: "backup", resource: `backup-vault:${id}` }),
    replaces: ["name", "kmsKeyArn"],
    computed: ["kmsKeyArn"],
    defaults: { forceDestroy: false },
    outputs: () => ({ recoveryPoints: 0 }),
    naming: { property: "name" },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    title: "CloudWatch Logs Log Group",
    id: ({ name }) => name,
    arn: (id) => ({ service: "logs", resource: `log-group:${id}` }),
    replaces: ["name", "namePrefix", "logGroupClass"],
    computed: ["logGroupClass", "namePrefix"],
    defaults: { skipDestroy: false },
    outputs: (_, { logGroupClass = "STANDARD" }) => ({ logGroupClass }),
    naming: { property: "name", or: "namePrefix" },
  },
  "aws:iam/role:Role": {
    title: "IAM Role",
    id: ({ name }) => name,
    arn: (id, { path = "/" }) => ({ service: "iam", resource: `role${path}${id}`, global: true }),
    replaces: ["name", "namePrefix", "path"],
    computed: ["inlinePolicies", "managedPolicyArns", "namePrefix"],
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
    outputs: (_, __, unique) => ({
      createDate: new Date().toISOString(),
      uniqueId: `AROA${unique.slice(0, 17).toUpperCase()}`,
    }),
    naming: { property: "name", or: "namePrefix" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    title: "IAM Role Policy",
    id: ({ role, name }) => `${role}:${name}`,
    replaces: ["name", "namePrefix", "role"],
    computed: ["namePrefix"],
    naming: { property: "name", or: "namePrefix" },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    title: "IAM Role Policy Attachment",
    id: ({ role, policyArn }) => `${role}/${policyArn}`,
    replaces: ["policyArn", "role"],
  },
};

/** @param {string} unique */
function uuidOf(unique) {
  return unique.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

/**
 * @param {Recorded} type
 * @returns {Definition}
 */
function definitionOf(type) {
  const { title, replaces = [], computed = [], defaults = {}, naming } = type;
  const given = { title, replaces, computed, defaults, ...(naming ? { naming } : {}) };
  /** @param {string} id */
  const uniqueOf = (id) => createHash("sha256").update(id).digest("hex");
  return {
    ...given,
    async create(call, inputs) {
      await requireReferences(call, inputs);
      return type.id(inputs, randomUUID().replaceAll("-", ""));
    },
    async read(call, id, known) {
      if (Object.keys(known).every((key) => key === "region")) {
        throw new Error("what is only recorded cannot be imported by the stand-in for the aws plugin");
      }
      // What was once made stays as it was: the state is all there is.
      if (known["id"] !== undefined) {
        return {};
      }
      const arn = type.arn?.(id, known);
      return {
        ...type.outputs?.(id, known, uniqueOf(id)),
        ...(arn && {
          arn: await call.provider.arn(arn.service, arn.global ? "" : call.region, arn.resource),
        }),
      };
    },
    async update(call, _, { news }) {
      await requireReferences(call, news);
    },
  };
}

/** @type {Record<string, Definition>} */
export const recordedTypes = Object.fromEntries(
  Object.entries(RECORDED).map(([token, type]) => [token, definitionOf(type)]),
);
