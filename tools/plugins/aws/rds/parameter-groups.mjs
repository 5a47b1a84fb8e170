// @ts-check
import { AwsError, orNothing } from "../errors.mjs";
import { tagList, tagsFrom } from "../tags.mjs";
import { tagsOf } from "./lookup.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 * @typedef {{ name: string, value: string, applyMethod?: string }} Parameter
 *
 * @typedef {object} Kind
 * @property {string} title
 * @property {string} group as the API names the object and its operations
 * @property {string} parameters as the API names the operation that tells them
 * @property {(call: Call, name: string) => Promise<string | undefined>} user who uses a group
 */

/** As many as AWS takes in one request. */
const AT_ONCE = 20;

export const clusterParameterGroup = parameterGroups({
  title: "RDS Cluster Parameter Group",
  group: "DBClusterParameterGroup",
  parameters: "DBClusterParameters",
  async user(call, name) {
    const { DBClusters = [] } = await call.rds("DescribeDBClusters");
    return DBClusters.find((/** @type {any} */ cluster) => cluster.DBClusterParameterGroup === name)
      ?.DBClusterIdentifier;
  },
});

export const parameterGroup = parameterGroups({
  title: "RDS DB Parameter Group",
  group: "DBParameterGroup",
  parameters: "DBParameters",
  async user(call, name) {
    const { DBInstances = [] } = await call.rds("DescribeDBInstances");
    return DBInstances.find((/** @type {any} */ { DBParameterGroups = [] }) =>
      DBParameterGroups.some((/** @type {any} */ group) => group.DBParameterGroupName === name),
    )?.DBInstanceIdentifier;
  },
});

/**
 * @param {Kind} kind
 * @returns {import("../definition.mjs").Definition}
 */
function parameterGroups({ title, group, parameters, user }) {
  const nameField = `${group}Name`;

  /**
   * @param {Call} call
   * @param {string} operation
   * @param {string} name
   * @param {Parameter[]} list
   */
  const change = async (call, operation, name, list) => {
    for (let start = 0; start < list.length; start += AT_ONCE) {
      await call.rds(operation, {
        [nameField]: name,
        Parameters: list.slice(start, start + AT_ONCE).map((parameter) => ({
          ParameterName: parameter.name,
          ParameterValue: operation.startsWith("Modify") ? parameter.value : undefined,
          ApplyMethod: parameter.applyMethod ?? "immediate",
        })),
      });
    }
  };

  return {
    title,
    replaces: ["description", "family", "name", "namePrefix"],
    computed: ["name", "namePrefix"],
    defaults: { description: "Managed by Pulumi" },
    naming: { property: "name", or: "namePrefix", lowercase: true },
    tagging: "rds",
    async create(call, inputs) {
      await call.rds(`Create${group}`, {
        [nameField]: inputs["name"],
        DBParameterGroupFamily: inputs["family"],
        Description: inputs["description"],
        Tags: tagList(call.tags),
      });
      return inputs["name"];
    },
    settle: (call, id, inputs) => change(call, `Modify${group}`, id, inputs["parameters"] ?? []),
    async read(call, id, known) {
      const found = (await orNothing(call.rds(`Describe${group}s`, { [nameField]: id })))?.[`${group}s`]?.[0];
      if (found === undefined) {
        return undefined;
      }
      const { Parameters = [] } = await call.rds(`Describe${parameters}`, {
        [nameField]: id,
        Source: "user",
      });
      return {
        arn: found[`${group}Arn`],
        description: found["Description"],
        family: found["DBParameterGroupFamily"],
        name: found[nameField],
        parameters: Parameters.map((/** @type {Properties} */ parameter) =>
          fromApi(parameter, known["parameters"]),
        ),
        tagsAll: tagsFrom(await tagsOf(call, found[`${group}Arn`])),
      };
    },
    async update(call, id, { olds, news, changes }) {
      if (!changes("parameters")) {
        return;
      }
      /** @type {Parameter[][]} */
      const [before = [], after = []] = [olds["parameters"], news["parameters"]];
      const changed = after.filter((parameter) => !before.some((old) => isSame(old, parameter)));
      const removed = before.filter(({ name }) => !after.some((parameter) => parameter.name === name));
      await change(call, `Modify${group}`, id, changed);
      await change(call, `Reset${group}`, id, removed);
    },
    async delete(call, id, state) {
      if (state["skipDestroy"]) {
        return;
      }
      const used = await user(call, id);
      if (used !== undefined) {
        throw new AwsError(
          "InvalidDBParameterGroupState",
          `One or more database instances are still members of this parameter group ${id}, so the group cannot be deleted: ${used}`,
        );
      }
      await call.rds(`Delete${group}`, { [nameField]: id });
    },
  };
}

/**
 * @param {Parameter} one
 * @param {Parameter} other
 */
const isSame = (one, other) =>
  one.name === other.name &&
  one.value === other.value &&
  (one.applyMethod ?? "immediate") === (other.applyMethod ?? "immediate");

/**
 * As the program writes it, where it does: `immediate` need not be said.
 * @param {Properties} parameter
 * @param {Parameter[] | undefined} known
 * @returns {Parameter}
 */
function fromApi({ ParameterName: name, ParameterValue: value, ApplyMethod }, known = []) {
  const written = known.find((parameter) => parameter.name === name);
  const says = written === undefined || written.applyMethod !== undefined || ApplyMethod !== "immediate";
  return says ? { name, value, applyMethod: ApplyMethod } : { name, value };
}
