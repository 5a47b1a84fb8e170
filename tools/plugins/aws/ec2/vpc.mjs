// @ts-check
import { contains, overlap, parseBlock } from "../cidr.mjs";
import { AwsError, orNothing } from "../errors.mjs";
import { requireVpc } from "../references.mjs";
import { ourTag, tagsFrom } from "../tags.mjs";
import { specifications } from "./tags.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

const LARGEST = 16;
const SMALLEST = 28;

/** @type {import("../definition.mjs").Definition} */
export const vpc = {
  title: "EC2 VPC",
  replaces: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  computed: [
    "cidrBlock",
    "enableDnsHostnames",
    "enableNetworkAddressUsageMetrics",
    "ipv6CidrBlockNetworkBorderGroup",
  ],
  defaults: { enableDnsSupport: true, instanceTenancy: "default" },
  tagging: "ec2",
  validate: (inputs) => [
    inputs["cidrBlock"] === undefined ? 'one of "cidrBlock" and "ipv4IpamPoolId" has to be given' : undefined,
    inputs["cidrBlock"] === undefined ? undefined : blockProblem(inputs["cidrBlock"]),
    ...["assignGeneratedIpv6CidrBlock", "ipv4IpamPoolId", "ipv6CidrBlock", "ipv6IpamPoolId"].map((name) =>
      inputs[name] ? `the stand-in for the aws plugin does not have "${name}" of a VPC` : undefined,
    ),
  ],
  async create(call, inputs) {
    const { Vpc } = await call.ec2("CreateVpc", {
      CidrBlock: inputs["cidrBlock"],
      InstanceTenancy: inputs["instanceTenancy"],
      TagSpecifications: specifications(call, "vpc"),
    });
    return Vpc.VpcId;
  },
  async settle(call, id, inputs) {
    await setAttributes(call, id, inputs);
  },
  async read(call, id) {
    const found = await findVpc(call, id);
    if (found === undefined) {
      return undefined;
    }
    const [support, hostnames] = await Promise.all(
      ["enableDnsSupport", "enableDnsHostnames"].map((Attribute) =>
        call.ec2("DescribeVpcAttribute", { VpcId: id, Attribute }),
      ),
    );
    return {
      arn: await call.arn("ec2", `vpc/${id}`),
      cidrBlock: found["CidrBlock"],
      enableDnsHostnames: hostnames.EnableDnsHostnames?.Value,
      enableDnsSupport: support.EnableDnsSupport?.Value,
      instanceTenancy: found["InstanceTenancy"],
      dhcpOptionsId: found["DhcpOptionsId"],
      ownerId: found["OwnerId"],
      ipv6AssociationId: "",
      ...(await defaultsOf(call, id)),
      tagsAll: tagsFrom(found["Tags"]),
    };
  },
  async update(call, id, { news, changes }) {
    if (changes("enableDnsHostnames", "enableDnsSupport")) {
      await setAttributes(call, id, news);
    }
  },
  async delete(call, id) {
    await requireNoDependents(call, id);
    await call.ec2("DeleteVpc", { VpcId: id });
  },
};

/** @type {import("../definition.mjs").Definition} */
export const vpcIpv4CidrBlockAssociation = {
  title: "EC2 VPC IPv4 CIDR Block Association",
  replaces: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "vpcId"],
  computed: ["cidrBlock"],
  validate: (inputs) => [blockProblem(inputs["cidrBlock"])],
  async create(call, { vpcId, cidrBlock }) {
    const found = await requireVpc(call, vpcId);
    const block = parseBlock(cidrBlock);
    const taken = blocksOf(found).find((other) => block && overlap(block, other));
    if (taken !== undefined) {
      throw new AwsError(
        "CidrConflict",
        `The CIDR '${cidrBlock}' conflicts with another subnet or block of ${vpcId}`,
      );
    }
    // MiniStack has no such operation: a tag of the VPC takes its place.
    const id = `vpc-cidr-assoc-${BigInt(`0x${vpcId.slice(4, 12)}`).toString(16)}${block?.first.toString(16)}`;
    await call.ec2("CreateTags", {
      Resources: [vpcId],
      Tags: [{ Key: ourTag(`block:${id}`), Value: cidrBlock }],
    });
    return id;
  },
  async read(call, id, known) {
    const vpcs = known["vpcId"] ? { VpcIds: [known["vpcId"]] } : {};
    const { Vpcs = [] } = (await orNothing(call.ec2("DescribeVpcs", vpcs))) ?? {};
    for (const { VpcId, Tags = [] } of Vpcs) {
      const tag = Tags.find((/** @type {any} */ { Key }) => Key === ourTag(`block:${id}`));
      if (tag !== undefined) {
        return { vpcId: VpcId, cidrBlock: tag.Value };
      }
    }
    return undefined;
  },
  async delete(call, id, { vpcId, cidrBlock }) {
    const block = parseBlock(cidrBlock);
    const { Subnets = [] } = await call.ec2("DescribeSubnets", {
      Filters: [{ Name: "vpc-id", Values: [vpcId] }],
    });
    const inside = Subnets.find((/** @type {any} */ { CidrBlock }) => {
      const subnet = parseBlock(CidrBlock);
      return block && subnet && contains(block, subnet);
    });
    if (inside !== undefined) {
      throw new AwsError(
        "InvalidCidrBlock.InUse",
        `The vpc ${vpcId} currently has the subnet ${inside.SubnetId} within CIDR block ${cidrBlock}`,
      );
    }
    await call.ec2("DeleteTags", { Resources: [vpcId], Tags: [{ Key: ourTag(`block:${id}`) }] });
  },
};

/** @param {string} text */
function blockProblem(text) {
  const block = parseBlock(text);
  if (block === undefined) {
    return `"${text}" is not a valid IPv4 CIDR block`;
  }
  return block.prefix < LARGEST || block.prefix > SMALLEST
    ? `the prefix of "${text}" has to be between /${LARGEST} and /${SMALLEST}`
    : undefined;
}

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
async function findVpc(call, id) {
  return (await orNothing(call.ec2("DescribeVpcs", { VpcIds: [id] })))?.Vpcs?.[0];
}

/**
 * @param {Properties} found a VPC as the API gives it
 * @returns {import("../cidr.mjs").Block[]} its blocks, also the further ones
 */
export function blocksOf({ CidrBlock, Tags = [] }) {
  const further = Tags.filter((/** @type {any} */ { Key }) => Key.startsWith(ourTag("block:")));
  return [CidrBlock, ...further.map((/** @type {any} */ { Value }) => Value)].flatMap(
    (text) => parseBlock(text) ?? [],
  );
}

/**
 * @param {Call} call
 * @param {string} id
 */
async function defaultsOf(call, id) {
  const Filters = [{ Name: "vpc-id", Values: [id] }];
  const [groups, tables, acls] = await Promise.all([
    call.ec2("DescribeSecurityGroups", {
      Filters: [...Filters, { Name: "group-name", Values: ["default"] }],
    }),
    call.ec2("DescribeRouteTables", {
      Filters: [...Filters, { Name: "association.main", Values: ["true"] }],
    }),
    call.ec2("DescribeNetworkAcls", { Filters: [...Filters, { Name: "default", Values: ["true"] }] }),
  ]);
  const mainRouteTableId = tables.RouteTables?.[0]?.RouteTableId;
  return {
    defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId,
    defaultRouteTableId: mainRouteTableId,
    mainRouteTableId,
    defaultNetworkAclId: acls.NetworkAcls?.[0]?.NetworkAclId,
  };
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {Properties} inputs
 */
async function setAttributes(call, id, { enableDnsSupport, enableDnsHostnames = false }) {
  if (enableDnsHostnames && enableDnsSupport === false) {
    throw new AwsError("InvalidParameterCombination", "DNS hostnames need DNS support to be enabled");
  }
  await call.ec2("ModifyVpcAttribute", { VpcId: id, EnableDnsSupport: { Value: enableDnsSupport } });
  await call.ec2("ModifyVpcAttribute", { VpcId: id, EnableDnsHostnames: { Value: enableDnsHostnames } });
}

/**
 * MiniStack asks after subnets, security groups and internet gateways only.
 * @param {Call} call
 * @param {string} id
 */
async function requireNoDependents(call, id) {
  const Filters = [{ Name: "vpc-id", Values: [id] }];
  const [tables, endpoints, gateways] = await Promise.all([
    call.ec2("DescribeRouteTables", { Filters }),
    call.ec2("DescribeVpcEndpoints"),
    call.ec2("DescribeNatGateways", {
      Filter: [...Filters, { Name: "state", Values: ["available", "pending"] }],
    }),
  ]);
  const dependents = [
    ...(tables.RouteTables ?? []).filter(
      (/** @type {any} */ { Associations = [] }) => !Associations.some((/** @type {any} */ { Main }) => Main),
    ),
    ...(endpoints.VpcEndpoints ?? []).filter((/** @type {any} */ { VpcId }) => VpcId === id),
    ...(gateways.NatGateways ?? []),
  ];
  if (dependents.length > 0) {
    throw new AwsError("DependencyViolation", `The vpc '${id}' has dependencies and cannot be deleted.`);
  }
}
