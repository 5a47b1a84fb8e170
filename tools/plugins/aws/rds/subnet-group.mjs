// @ts-check
import { AwsError } from "../errors.mjs";
import { requireSubnets } from "../references.mjs";
import { tagList, tagsFrom } from "../tags.mjs";
import { findSubnetGroup, tagsOf } from "./lookup.mjs";

/** @typedef {import("../definition.mjs").Call} Call */

const FEWEST_ZONES = 2;

/** @type {import("../definition.mjs").Definition} */
export const subnetGroup = {
  title: "RDS DB Subnet Group",
  replaces: ["name", "namePrefix"],
  computed: ["name", "namePrefix"],
  defaults: { description: "Managed by Pulumi" },
  naming: { property: "name", or: "namePrefix", lowercase: true },
  tagging: "rds",
  async create(call, inputs) {
    await checkZones(call, inputs["subnetIds"]);
    const { DBSubnetGroup } = await call.rds("CreateDBSubnetGroup", {
      DBSubnetGroupName: await freeName(call, inputs["name"]),
      DBSubnetGroupDescription: inputs["description"],
      SubnetIds: inputs["subnetIds"],
      Tags: tagList(call.tags),
    });
    return DBSubnetGroup.DBSubnetGroupName;
  },
  async read(call, id) {
    const found = await findSubnetGroup(call, id);
    return (
      found && {
        arn: found["DBSubnetGroupArn"],
        description: found["DBSubnetGroupDescription"],
        name: found["DBSubnetGroupName"],
        subnetIds: found["Subnets"].map((/** @type {any} */ subnet) => subnet.SubnetIdentifier),
        supportedNetworkTypes: found["SupportedNetworkTypes"] ?? ["IPV4"],
        tagsAll: tagsFrom(await tagsOf(call, found["DBSubnetGroupArn"])),
        vpcId: found["VpcId"],
      }
    );
  },
  async update(call, id, { news, changes }) {
    if (changes("description", "subnetIds")) {
      await checkZones(call, news["subnetIds"]);
      await call.rds("ModifyDBSubnetGroup", {
        DBSubnetGroupName: id,
        DBSubnetGroupDescription: news["description"],
        SubnetIds: news["subnetIds"],
      });
    }
  },
  async delete(call, id) {
    const { DBClusters = [] } = await call.rds("DescribeDBClusters");
    const user = DBClusters.find((/** @type {any} */ cluster) => cluster.DBSubnetGroup === id);
    if (user !== undefined) {
      throw new AwsError(
        "InvalidDBSubnetGroupStateFault",
        `Cannot delete the subnet group '${id}' because at least one database instance or cluster: ` +
          `${user.DBClusterIdentifier} is still using it.`,
      );
    }
    await call.rds("DeleteDBSubnetGroup", { DBSubnetGroupName: id });
  },
};

/**
 * MiniStack would write over one that exists.
 * @param {Call} call
 * @param {string} name
 */
async function freeName(call, name) {
  if ((await findSubnetGroup(call, name)) !== undefined) {
    throw new AwsError("DBSubnetGroupAlreadyExists", `The DB subnet group '${name}' already exists.`);
  }
  return name;
}

/**
 * @param {Call} call
 * @param {string[]} ids
 */
async function checkZones(call, ids) {
  const subnets = await requireSubnets(call, ids);
  const zones = new Set(subnets.map((subnet) => subnet["AvailabilityZone"]));
  if (zones.size < FEWEST_ZONES) {
    throw new AwsError(
      "DBSubnetGroupDoesNotCoverEnoughAZs",
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. " +
        `Current AZ coverage: ${[...zones].join(", ")}. Add subnets to cover at least ${FEWEST_ZONES} AZs.`,
    );
  }
}
