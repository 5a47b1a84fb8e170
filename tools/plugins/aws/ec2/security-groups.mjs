// @ts-check
import { AwsError, orNothing } from "../errors.mjs";
import { requireVpc } from "../references.mjs";
import { tagsFrom } from "../tags.mjs";
import { specifications } from "./tags.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 * @typedef {"Ingress" | "Egress"} Direction
 */

/** @type {Record<Direction, { input: string, field: string }>} */
const DIRECTIONS = {
  Ingress: { input: "ingress", field: "IpPermissions" },
  Egress: { input: "egress", field: "IpPermissionsEgress" },
};

/** @type {Direction[]} */
const BOTH = ["Ingress", "Egress"];

/** @type {import("../definition.mjs").Definition} */
export const securityGroup = {
  title: "EC2 Security Group",
  replaces: ["description", "name", "namePrefix", "vpcId"],
  computed: ["egress", "ingress", "name", "namePrefix", "vpcId"],
  defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  naming: { property: "name", or: "namePrefix" },
  tagging: "ec2",
  validate: (inputs) => [
    /^sg-/.test(inputs["name"]) ? "cannot begin with sg-" : undefined,
    /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(inputs["description"])
      ? undefined
      : `invalid value for description: ${inputs["description"]}`,
  ],
  async create(call, inputs) {
    await requireVpc(call, inputs["vpcId"]);
    const { GroupId } = await call.ec2("CreateSecurityGroup", {
      GroupName: inputs["name"],
      Description: inputs["description"],
      VpcId: inputs["vpcId"],
      TagSpecifications: specifications(call, "security-group"),
    });
    return GroupId;
  },
  async settle(call, id, inputs) {
    // The rule that AWS puts in by itself lets everything out.
    await setRules(call, id, "Egress", inputs["egress"] ?? []);
    await setRules(call, id, "Ingress", inputs["ingress"] ?? []);
  },
  async read(call, id) {
    const found = await findGroup(call, id);
    return found && propertiesOf(call, found);
  },
  update: updateRules,
  async delete(call, id, state) {
    if (state["revokeRulesOnDelete"]) {
      await setRules(call, id, "Ingress", []);
      await setRules(call, id, "Egress", []);
    }
    await requireUnused(call, id);
    await call.ec2("DeleteSecurityGroup", { GroupId: id });
  },
};

/** @type {import("../definition.mjs").Definition} */
export const defaultSecurityGroup = {
  title: "EC2 Default Security Group",
  replaces: ["vpcId"],
  computed: ["vpcId"],
  defaults: { revokeRulesOnDelete: false },
  tagging: "ec2",
  async create(call, { vpcId }) {
    await requireVpc(call, vpcId);
    const Filters = [
      { Name: "vpc-id", Values: [vpcId] },
      { Name: "group-name", Values: ["default"] },
    ];
    return (await call.ec2("DescribeSecurityGroups", { Filters })).SecurityGroups[0].GroupId;
  },
  async settle(call, id, inputs) {
    if (Object.keys(call.tags).length > 0) {
      const Tags = Object.entries(call.tags).map(([Key, Value]) => ({ Key, Value }));
      await call.ec2("CreateTags", { Resources: [id], Tags });
    }
    await setRules(call, id, "Ingress", inputs["ingress"] ?? []);
    await setRules(call, id, "Egress", inputs["egress"] ?? []);
  },
  async read(call, id) {
    const found = await findGroup(call, id);
    return found && propertiesOf(call, found);
  },
  update: updateRules,
  // It cannot be deleted, and stays as it is.
  async delete() {},
};

export const securityGroupIngressRule = ruleType("Ingress");
export const securityGroupEgressRule = ruleType("Egress");

/**
 * @param {Direction} direction
 * @returns {import("../definition.mjs").Definition}
 */
function ruleType(direction) {
  const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
  return {
    title: `VPC Security Group ${direction} Rule`,
    replaces: ["securityGroupId"],
    tagging: "ec2",
    validate: (inputs) => [
      sources.filter((name) => inputs[name]).length === 1
        ? undefined
        : `one of ${sources.join(", ")} has to be given, and no other`,
      inputs["ipProtocol"] === "-1" && (inputs["fromPort"] ?? inputs["toPort"]) !== undefined
        ? 'no ports can be given for all protocols ("-1")'
        : undefined,
    ],
    async create(call, inputs) {
      const id = inputs["securityGroupId"];
      const group = await findGroup(call, id);
      if (group === undefined) {
        throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
      }
      const permission = permissionOf(inputs);
      await requireNew(call, group, direction, permission);
      const { SecurityGroupRules } = await call.ec2(`AuthorizeSecurityGroup${direction}`, {
        GroupId: id,
        IpPermissions: [permission],
        TagSpecifications: specifications(call, "security-group-rule"),
      });
      return SecurityGroupRules[0].SecurityGroupRuleId;
    },
    async read(call, id) {
      const asked = call.ec2("DescribeSecurityGroupRules", { SecurityGroupRuleIds: [id] });
      const found = (await orNothing(asked))?.SecurityGroupRules?.[0];
      if (found === undefined) {
        return undefined;
      }
      const everything = found.IpProtocol === "-1";
      return {
        arn: await call.arn("ec2", `security-group-rule/${id}`),
        cidrIpv4: found.CidrIpv4,
        cidrIpv6: found.CidrIpv6,
        description: found.Description,
        fromPort: everything ? undefined : found.FromPort,
        ipProtocol: found.IpProtocol,
        prefixListId: found.PrefixListId,
        referencedSecurityGroupId: found.ReferencedGroupInfo?.GroupId,
        securityGroupId: found.GroupId,
        securityGroupRuleId: id,
        tagsAll: tagsFrom(found.Tags),
        toPort: everything ? undefined : found.ToPort,
      };
    },
    async update(call, id, { news, changes }) {
      if (
        changes(
          "cidrIpv4",
          "cidrIpv6",
          "description",
          "fromPort",
          "ipProtocol",
          "referencedSecurityGroupId",
          "toPort",
        )
      ) {
        await call.ec2("ModifySecurityGroupRules", {
          GroupId: news["securityGroupId"],
          SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: requestFor(news) }],
        });
      }
    },
    async delete(call, id, state) {
      await call.ec2(`RevokeSecurityGroup${direction}`, {
        GroupId: state["securityGroupId"],
        SecurityGroupRuleIds: [id],
      });
    },
  };
}

/** @param {Properties} inputs */
const requestFor = (inputs) => ({
  CidrIpv4: inputs["cidrIpv4"],
  CidrIpv6: inputs["cidrIpv6"],
  Description: inputs["description"] ?? "",
  FromPort: inputs["fromPort"] ?? -1,
  IpProtocol: inputs["ipProtocol"],
  PrefixListId: inputs["prefixListId"],
  ReferencedGroupId: inputs["referencedSecurityGroupId"],
  ToPort: inputs["toPort"] ?? -1,
});

/**
 * @param {Properties} inputs
 * @returns {Properties}
 */
function permissionOf(inputs) {
  const { cidrIpv4, cidrIpv6, description: Description, prefixListId, referencedSecurityGroupId } = inputs;
  return {
    IpProtocol: inputs["ipProtocol"],
    ...(inputs["ipProtocol"] === "-1" ? {} : { FromPort: inputs["fromPort"], ToPort: inputs["toPort"] }),
    ...(cidrIpv4 ? { IpRanges: [{ CidrIp: cidrIpv4, Description }] } : {}),
    ...(cidrIpv6 ? { Ipv6Ranges: [{ CidrIpv6: cidrIpv6, Description }] } : {}),
    ...(prefixListId ? { PrefixListIds: [{ PrefixListId: prefixListId, Description }] } : {}),
    ...(referencedSecurityGroupId
      ? { UserIdGroupPairs: [{ GroupId: referencedSecurityGroupId, Description }] }
      : {}),
  };
}

/**
 * AWS refuses a rule that is there already, and one that names a group that is not.
 * @param {Call} call
 * @param {Properties} group
 * @param {Direction} direction
 * @param {Properties} permission
 */
async function requireNew(call, group, direction, permission) {
  const referenced = permission["UserIdGroupPairs"]?.[0]?.GroupId;
  if (referenced && (await findGroup(call, referenced)) === undefined) {
    throw new AwsError(
      "InvalidGroup.NotFound",
      `You have specified two resources that belong to different networks, or '${referenced}' does not exist.`,
    );
  }
  const key = keyOf(permission);
  const { field } = DIRECTIONS[direction];
  if (group[field]?.flatMap(singles).some((/** @type {Properties} */ other) => keyOf(other) === key)) {
    throw new AwsError("InvalidPermission.Duplicate", `the specified rule "${key}" already exists`);
  }
}

/** @param {Properties} permission with one source */
function keyOf({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }) {
  const source =
    IpRanges?.[0]?.CidrIp ??
    Ipv6Ranges?.[0]?.CidrIpv6 ??
    PrefixListIds?.[0]?.PrefixListId ??
    UserIdGroupPairs?.[0]?.GroupId;
  return `${source}, ${IpProtocol}, ports ${FromPort ?? -1} to ${ToPort ?? -1}`;
}

/**
 * @param {Properties} permission as AWS gives it, with all sources
 * @returns {Properties[]} one for each source
 */
function singles(permission) {
  const fields = ["IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"];
  const { IpProtocol, FromPort, ToPort } = permission;
  return fields.flatMap((field) =>
    (permission[field] ?? []).map((/** @type {any} */ source) => ({
      IpProtocol,
      FromPort,
      ToPort,
      [field]: [source],
    })),
  );
}

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
async function findGroup(call, id) {
  return (await orNothing(call.ec2("DescribeSecurityGroups", { GroupIds: [id] })))?.SecurityGroups?.[0];
}

/**
 * @param {Call} call
 * @param {Properties} found
 */
async function propertiesOf(call, found) {
  return {
    arn: await call.arn("ec2", `security-group/${found["GroupId"]}`),
    description: found["Description"],
    egress: found["IpPermissionsEgress"].map(inlineOf),
    ingress: found["IpPermissions"].map(inlineOf),
    name: found["GroupName"],
    ownerId: found["OwnerId"],
    tagsAll: tagsFrom(found["Tags"]),
    vpcId: found["VpcId"],
  };
}

/** @param {Properties} permission */
function inlineOf({ IpProtocol, FromPort, ToPort, IpRanges = [], Ipv6Ranges = [], UserIdGroupPairs = [] }) {
  const all = [...IpRanges, ...Ipv6Ranges, ...UserIdGroupPairs];
  return {
    cidrBlocks: IpRanges.map((/** @type {any} */ { CidrIp }) => CidrIp),
    description: all.find(({ Description }) => Description)?.Description ?? "",
    fromPort: FromPort ?? 0,
    ipv6CidrBlocks: Ipv6Ranges.map((/** @type {any} */ { CidrIpv6 }) => CidrIpv6),
    protocol: IpProtocol,
    securityGroups: UserIdGroupPairs.map((/** @type {any} */ { GroupId }) => GroupId),
    toPort: ToPort ?? 0,
  };
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {import("../definition.mjs").Update} update
 */
async function updateRules(call, id, { news, changes }) {
  for (const direction of BOTH) {
    const { input } = DIRECTIONS[direction];
    if (changes(input)) {
      await setRules(call, id, direction, news[input] ?? []);
    }
  }
}

/**
 * Makes these the only rules of a group.
 * @param {Call} call
 * @param {string} id
 * @param {Direction} direction
 * @param {Properties[]} rules
 */
async function setRules(call, id, direction, rules) {
  const before = (await findGroup(call, id))?.[DIRECTIONS[direction].field] ?? [];
  if (before.length > 0) {
    await call.ec2(`RevokeSecurityGroup${direction}`, { GroupId: id, IpPermissions: before });
  }
  const wanted = rules.map((rule) => ({
    IpProtocol: rule["protocol"],
    ...(rule["protocol"] === "-1" ? {} : { FromPort: rule["fromPort"], ToPort: rule["toPort"] }),
    IpRanges: (rule["cidrBlocks"] ?? []).map((/** @type {string} */ CidrIp) => ({
      CidrIp,
      Description: rule["description"],
    })),
    UserIdGroupPairs: [...(rule["securityGroups"] ?? []), ...(rule["self"] ? [id] : [])].map((GroupId) => ({
      GroupId,
      Description: rule["description"],
    })),
  }));
  if (wanted.length > 0) {
    await call.ec2(`AuthorizeSecurityGroup${direction}`, { GroupId: id, IpPermissions: wanted });
  }
}

/**
 * @param {Call} call
 * @param {string} id
 */
async function requireUnused(call, id) {
  const [groups, clusters] = await Promise.all([
    call.ec2("DescribeSecurityGroups"),
    call.rds("DescribeDBClusters"),
  ]);
  const referring = (groups.SecurityGroups ?? []).filter(
    (/** @type {any} */ group) =>
      group.GroupId !== id &&
      [...(group.IpPermissions ?? []), ...(group.IpPermissionsEgress ?? [])].some(
        ({ UserIdGroupPairs = [] }) =>
          UserIdGroupPairs.some((/** @type {any} */ { GroupId }) => GroupId === id),
      ),
  );
  const using = (clusters.DBClusters ?? []).filter((/** @type {any} */ { VpcSecurityGroups = [] }) =>
    VpcSecurityGroups.some((/** @type {any} */ { VpcSecurityGroupId }) => VpcSecurityGroupId === id),
  );
  if (referring.length + using.length > 0) {
    throw new AwsError("DependencyViolation", `resource ${id} has a dependent object`);
  }
}
