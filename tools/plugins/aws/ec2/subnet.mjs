// @ts-check
import { contains, overlap, parseBlock } from "../cidr.mjs";
import { AwsError, orNothing } from "../errors.mjs";
import { requireVpc } from "../references.mjs";
import { isZoneOf } from "../regions.mjs";
import { tagsFrom } from "../tags.mjs";
import { specifications } from "./tags.mjs";
import { blocksOf } from "./vpc.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

/**
 * MiniStack knows three ids, and puts a subnet with another one into the first zone: it is told of the zone's name, of
 * which it takes any. Its letters are in the order of its ids.
 * @param {string} region
 * @param {string | undefined} id such as `use1-az4`
 */
const zoneOf = (region, id) => id && `${region}${"abcdefgh"[Number(id.split("-az")[1]) - 1]}`;

const NOT_HERE = ["ipv4IpamPoolId", "ipv6CidrBlock", "ipv6IpamPoolId", "ipv6Native", "outpostArn"];

/** @type {import("../definition.mjs").Definition} */
export const subnet = {
  title: "EC2 Subnet",
  replaces: ["availabilityZone", "availabilityZoneId", "cidrBlock", "vpcId"],
  computed: ["availabilityZone", "availabilityZoneId", "cidrBlock", "privateDnsHostnameTypeOnLaunch"],
  defaults: {
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    enableResourceNameDnsARecordOnLaunch: false,
    enableResourceNameDnsAaaaRecordOnLaunch: false,
    ipv6Native: false,
    mapPublicIpOnLaunch: false,
  },
  tagging: "ec2",
  validate: (inputs, region) => [
    parseBlock(inputs["cidrBlock"]) === undefined
      ? `"${inputs["cidrBlock"]}" is not a valid IPv4 CIDR block`
      : undefined,
    inputs["availabilityZone"] !== undefined && !isZoneOf(region, inputs["availabilityZone"])
      ? `"${inputs["availabilityZone"]}" is not a zone of ${region}`
      : undefined,
    ...NOT_HERE.map((name) =>
      inputs[name] ? `the stand-in for the aws plugin does not have "${name}" of a subnet` : undefined,
    ),
  ],
  async create(call, inputs) {
    await checkBlock(call, inputs["vpcId"], inputs["cidrBlock"]);
    const { Subnet } = await call.ec2("CreateSubnet", {
      VpcId: inputs["vpcId"],
      CidrBlock: inputs["cidrBlock"],
      AvailabilityZone: inputs["availabilityZone"] ?? zoneOf(call.region, inputs["availabilityZoneId"]),
      AvailabilityZoneId: inputs["availabilityZoneId"],
      TagSpecifications: specifications(call, "subnet"),
    });
    return Subnet.SubnetId;
  },
  settle: (call, id, inputs) => setAttributes(call, id, inputs),
  async read(call, id) {
    const found = (await orNothing(call.ec2("DescribeSubnets", { SubnetIds: [id] })))?.Subnets?.[0];
    const dns = found?.PrivateDnsNameOptionsOnLaunch;
    return (
      found && {
        arn: await call.arn("ec2", `subnet/${id}`),
        availabilityZone: found.AvailabilityZone,
        availabilityZoneId: found.AvailabilityZoneId,
        cidrBlock: found.CidrBlock,
        enableResourceNameDnsAaaaRecordOnLaunch: dns?.EnableResourceNameDnsAAAARecord,
        enableResourceNameDnsARecordOnLaunch: dns?.EnableResourceNameDnsARecord,
        ipv6CidrBlockAssociationId: "",
        mapPublicIpOnLaunch: found.MapPublicIpOnLaunch,
        ownerId: found.OwnerId,
        privateDnsHostnameTypeOnLaunch: dns?.HostnameType,
        tagsAll: tagsFrom(found.Tags),
        vpcId: found.VpcId,
      }
    );
  },
  update: (call, id, { news }) => setAttributes(call, id, news),
  async delete(call, id) {
    await requireNoInterfaces(call, id);
    await call.ec2("DeleteSubnet", { SubnetId: id });
  },
};

/**
 * @param {Call} call
 * @param {string} vpcId
 * @param {string} cidrBlock
 */
async function checkBlock(call, vpcId, cidrBlock) {
  const vpc = await requireVpc(call, vpcId);
  const block = parseBlock(cidrBlock);
  if (block === undefined || !blocksOf(vpc).some((outer) => contains(outer, block))) {
    throw new AwsError("InvalidSubnet.Range", `The CIDR '${cidrBlock}' is invalid.`);
  }
  const { Subnets = [] } = await call.ec2("DescribeSubnets", {
    Filters: [{ Name: "vpc-id", Values: [vpcId] }],
  });
  const taken = Subnets.find((/** @type {any} */ other) => {
    const there = parseBlock(other.CidrBlock);
    return there && overlap(there, block);
  });
  if (taken !== undefined) {
    throw new AwsError("InvalidSubnet.Conflict", `The CIDR '${cidrBlock}' conflicts with another subnet`);
  }
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {Properties} inputs
 */
async function setAttributes(call, id, inputs) {
  const changes = [
    { MapPublicIpOnLaunch: { Value: inputs["mapPublicIpOnLaunch"] ?? false } },
    inputs["privateDnsHostnameTypeOnLaunch"] && {
      PrivateDnsHostnameTypeOnLaunch: inputs["privateDnsHostnameTypeOnLaunch"],
    },
    inputs["enableResourceNameDnsARecordOnLaunch"] && {
      EnableResourceNameDnsARecordOnLaunch: { Value: true },
    },
  ];
  for (const change of changes.filter(Boolean)) {
    await call.ec2("ModifySubnetAttribute", { SubnetId: id, ...change });
  }
}

/**
 * MiniStack lets a subnet go, whatever is in it.
 * @param {Call} call
 * @param {string} id
 */
async function requireNoInterfaces(call, id) {
  const [gateways, endpoints, instances] = await Promise.all([
    call.ec2("DescribeNatGateways", {
      Filter: [
        { Name: "subnet-id", Values: [id] },
        { Name: "state", Values: ["available", "pending"] },
      ],
    }),
    call.ec2("DescribeVpcEndpoints"),
    call.rds("DescribeDBInstances"),
  ]);
  const used =
    gateways.NatGateways?.length > 0 ||
    endpoints.VpcEndpoints?.some((/** @type {any} */ { SubnetIds = [] }) => SubnetIds.includes(id)) ||
    instances.DBInstances?.some((/** @type {any} */ { DBSubnetGroup }) =>
      DBSubnetGroup?.Subnets?.some((/** @type {any} */ { SubnetIdentifier }) => SubnetIdentifier === id),
    );
  if (used) {
    throw new AwsError("DependencyViolation", `The subnet '${id}' has dependencies and cannot be deleted.`);
  }
}
