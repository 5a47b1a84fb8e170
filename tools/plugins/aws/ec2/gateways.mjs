// @ts-check
import { AwsError, orNothing } from "../errors.mjs";
import { requireSubnets, requireVpc } from "../references.mjs";
import { tagsFrom } from "../tags.mjs";
import { specifications } from "./tags.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

/** @type {import("../definition.mjs").Definition} */
export const internetGateway = {
  title: "EC2 Internet Gateway",
  computed: ["vpcId"],
  tagging: "ec2",
  async create(call, inputs) {
    if (inputs["vpcId"]) {
      await requireVpc(call, inputs["vpcId"]);
    }
    const { InternetGateway } = await call.ec2("CreateInternetGateway", {
      TagSpecifications: specifications(call, "internet-gateway"),
    });
    return InternetGateway.InternetGatewayId;
  },
  settle: (call, id, { vpcId }) => attach(call, id, vpcId),
  async read(call, id) {
    const asked = call.ec2("DescribeInternetGateways", { InternetGatewayIds: [id] });
    const found = (await orNothing(asked))?.InternetGateways?.[0];
    return (
      found && {
        arn: await call.arn("ec2", `internet-gateway/${id}`),
        ownerId: found.OwnerId,
        tagsAll: tagsFrom(found.Tags),
        vpcId: found.Attachments?.[0]?.VpcId,
      }
    );
  },
  async update(call, id, { olds, news, changes }) {
    if (changes("vpcId")) {
      await detach(call, id, olds["vpcId"]);
      await attach(call, id, news["vpcId"]);
    }
  },
  async delete(call, id, state) {
    await detach(call, id, state["vpcId"]);
    await call.ec2("DeleteInternetGateway", { InternetGatewayId: id });
  },
};

/** @type {import("../definition.mjs").Definition} */
export const eip = {
  title: "EC2 EIP",
  replaces: [
    "address",
    "customerOwnedIpv4Pool",
    "domain",
    "ipamPoolId",
    "networkBorderGroup",
    "publicIpv4Pool",
  ],
  computed: ["domain", "instance", "ipamPoolId", "networkBorderGroup", "networkInterface", "publicIpv4Pool"],
  tagging: "ec2",
  validate: (inputs) => [
    inputs["instance"] || inputs["networkInterface"]
      ? "the stand-in for the aws plugin cannot associate an address with an instance"
      : undefined,
  ],
  async create(call, inputs) {
    const { AllocationId } = await call.ec2("AllocateAddress", {
      Domain: inputs["domain"] ?? "vpc",
      TagSpecifications: specifications(call, "elastic-ip"),
    });
    return AllocationId;
  },
  async read(call, id) {
    const found = await findAddress(call, id);
    const name = found?.["PublicIp"].replaceAll(".", "-");
    const zone = call.region === "us-east-1" ? "compute-1" : `${call.region}.compute`;
    return (
      found && {
        allocationId: id,
        arn: await call.arn("ec2", `elastic-ip/${id}`),
        associationId: found["AssociationId"] ?? "",
        domain: found["Domain"],
        networkBorderGroup: call.region,
        publicDns: `ec2-${name}.${zone}.amazonaws.com`,
        publicIp: found["PublicIp"],
        publicIpv4Pool: "amazon",
        tagsAll: tagsFrom(found["Tags"]),
      }
    );
  },
  async delete(call, id) {
    const found = await findAddress(call, id);
    if (found?.["AssociationId"]) {
      throw new AwsError("InvalidIPAddress.InUse", `Address ${found["PublicIp"]} is in use.`);
    }
    await call.ec2("ReleaseAddress", { AllocationId: id });
  },
};

/** @type {import("../definition.mjs").Definition} */
export const natGateway = {
  title: "EC2 NAT Gateway",
  replaces: ["allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId", "vpcId"],
  computed: ["availabilityMode", "privateIp", "secondaryPrivateIpAddressCount", "vpcId"],
  defaults: { connectivityType: "public" },
  tagging: "ec2",
  validate: (inputs) => [
    inputs["subnetId"] === undefined ? 'the stand-in for the aws plugin needs "subnetId"' : undefined,
    inputs["connectivityType"] === "private" && inputs["allocationId"]
      ? '"allocationId" cannot be given for a private gateway'
      : undefined,
    inputs["connectivityType"] === "public" && inputs["allocationId"] === undefined
      ? '"allocationId" has to be given for a public gateway'
      : undefined,
  ],
  async create(call, inputs) {
    const [subnet] = await requireSubnets(call, [inputs["subnetId"]]);
    if (inputs["connectivityType"] === "public") {
      await checkPublic(call, inputs["allocationId"], subnet?.["VpcId"]);
    }
    const { NatGateway } = await call.ec2("CreateNatGateway", {
      SubnetId: inputs["subnetId"],
      AllocationId: inputs["allocationId"],
      ConnectivityType: inputs["connectivityType"],
      TagSpecifications: specifications(call, "natgateway"),
    });
    return NatGateway.NatGatewayId;
  },
  async settle(call, id, { allocationId }) {
    const { NatGatewayAddresses = [] } = (await findNatGateway(call, id)) ?? {};
    if (allocationId && NatGatewayAddresses.length === 0) {
      // What MiniStack does not do by itself, and AWS refuses: the address is in use from here on.
      await call.ec2("AssociateAddress", { AllocationId: allocationId, InstanceId: id });
    }
  },
  async read(call, id, known) {
    const found = await findNatGateway(call, id);
    if (found === undefined || found["State"] === "deleted") {
      return undefined;
    }
    const allocationId = known["allocationId"];
    const address = allocationId ? await findAddress(call, allocationId) : undefined;
    return {
      associationId: address?.["AssociationId"],
      availabilityMode: "zonal",
      connectivityType: found["ConnectivityType"],
      networkInterfaceId: id.replace(/^nat-/, "eni-"),
      publicIp: address?.["PublicIp"],
      subnetId: found["SubnetId"],
      tagsAll: tagsFrom(found["Tags"]),
      vpcId: found["VpcId"],
    };
  },
  async delete(call, id, { allocationId }) {
    await call.ec2("DeleteNatGateway", { NatGatewayId: id });
    await call.until(`EC2 NAT Gateway (${id}) delete`, async () => {
      const found = await findNatGateway(call, id);
      return found === undefined || found["State"] === "deleted";
    });
    const address = allocationId ? await findAddress(call, allocationId) : undefined;
    if (address?.["AssociationId"]) {
      await call.ec2("DisassociateAddress", { AssociationId: address["AssociationId"] });
    }
  },
};

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
export async function findNatGateway(call, id) {
  return (await orNothing(call.ec2("DescribeNatGateways", { NatGatewayIds: [id] })))?.NatGateways?.[0];
}

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
async function findAddress(call, id) {
  return (await orNothing(call.ec2("DescribeAddresses", { AllocationIds: [id] })))?.Addresses?.[0];
}

/**
 * @param {Call} call
 * @param {string} vpcId
 * @returns {Promise<Properties | undefined>} the internet gateway of a VPC
 */
async function gatewayOf(call, vpcId) {
  const Filters = [{ Name: "attachment.vpc-id", Values: [vpcId] }];
  return (await call.ec2("DescribeInternetGateways", { Filters })).InternetGateways?.[0];
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {string | undefined} vpcId
 */
async function attach(call, id, vpcId) {
  if (!vpcId) {
    return;
  }
  await requireVpc(call, vpcId);
  const there = await gatewayOf(call, vpcId);
  if (there?.["InternetGatewayId"] === id) {
    return;
  }
  if (there !== undefined) {
    throw new AwsError("InvalidParameterValue", `Network ${vpcId} already has an internet gateway attached`);
  }
  await call.ec2("AttachInternetGateway", { InternetGatewayId: id, VpcId: vpcId });
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {string | undefined} vpcId
 */
async function detach(call, id, vpcId) {
  if (!vpcId) {
    return;
  }
  const { NatGateways = [] } = await call.ec2("DescribeNatGateways", {
    Filter: [
      { Name: "vpc-id", Values: [vpcId] },
      { Name: "state", Values: ["available", "pending"] },
    ],
  });
  if (NatGateways.some((/** @type {any} */ { ConnectivityType }) => ConnectivityType === "public")) {
    throw new AwsError(
      "DependencyViolation",
      `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  }
  await call.ec2("DetachInternetGateway", { InternetGatewayId: id, VpcId: vpcId });
}

/**
 * @param {Call} call
 * @param {string} allocationId
 * @param {string} vpcId
 */
async function checkPublic(call, allocationId, vpcId) {
  const address = await findAddress(call, allocationId);
  if (address === undefined) {
    throw new AwsError(
      "InvalidElasticIpID.NotFound",
      `Elastic IP address ${allocationId} could not be found`,
    );
  }
  if (address["AssociationId"]) {
    throw new AwsError(
      "Resource.AlreadyAssociated",
      `Elastic IP address [${allocationId}] is already associated with another NAT gateway`,
    );
  }
  if ((await gatewayOf(call, vpcId)) === undefined) {
    throw new AwsError("Gateway.NotAttached", `Network ${vpcId} has no Internet gateway attached`);
  }
}
