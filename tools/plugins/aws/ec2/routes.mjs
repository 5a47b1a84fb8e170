// @ts-check
import { contains, parseBlock } from "../cidr.mjs";
import { AwsError, orNothing } from "../errors.mjs";
import { requireRouteTable, requireSubnets, requireVpc } from "../references.mjs";
import { tagsFrom } from "../tags.mjs";
import { findNatGateway } from "./gateways.mjs";
import { findPeering } from "./peering.mjs";
import { specifications } from "./tags.mjs";
import { blocksOf } from "./vpc.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

const TARGETS = {
  gatewayId: "GatewayId",
  natGatewayId: "NatGatewayId",
  vpcPeeringConnectionId: "VpcPeeringConnectionId",
};

const NOT_HERE = [
  "carrierGatewayId",
  "destinationIpv6CidrBlock",
  "egressOnlyGatewayId",
  "localGatewayId",
  "networkInterfaceId",
  "odbNetworkArn",
  "vpcEndpointId",
];

/** What is checked, and cannot be made: MiniStack has none of it. */
const NOT_MADE = ["coreNetworkArn", "destinationPrefixListId", "transitGatewayId"];

const ALL_TARGETS = [...Object.keys(TARGETS), "coreNetworkArn", "transitGatewayId"];

/** @type {import("../definition.mjs").Definition} */
export const routeTable = {
  title: "EC2 Route Table",
  replaces: ["vpcId"],
  computed: ["propagatingVgws", "routes"],
  tagging: "ec2",
  validate: (inputs) => [
    inputs["routes"]?.length > 0
      ? "the stand-in for the aws plugin has no routes within a route table: use the type Route"
      : undefined,
  ],
  async create(call, { vpcId }) {
    await requireVpc(call, vpcId);
    const { RouteTable } = await call.ec2("CreateRouteTable", {
      VpcId: vpcId,
      TagSpecifications: specifications(call, "route-table"),
    });
    return RouteTable.RouteTableId;
  },
  async read(call, id) {
    const found = await findRouteTable(call, id);
    return (
      found && {
        arn: await call.arn("ec2", `route-table/${id}`),
        ownerId: found["OwnerId"],
        routes: found["Routes"].filter(isOwn).map(routeOf),
        tagsAll: tagsFrom(found["Tags"]),
        vpcId: found["VpcId"],
      }
    );
  },
  async delete(call, id) {
    const found = await findRouteTable(call, id);
    if (found?.["Associations"]?.length > 0) {
      throw new AwsError(
        "DependencyViolation",
        `The routeTable '${id}' has dependencies and cannot be deleted.`,
      );
    }
    await call.ec2("DeleteRouteTable", { RouteTableId: id });
  },
};

/** @type {import("../definition.mjs").Definition} */
export const route = {
  title: "EC2 Route",
  replaces: ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId", "routeTableId"],
  validate: (inputs) => [
    ...NOT_HERE.map((name) =>
      inputs[name] ? `the stand-in for the aws plugin does not have "${name}" of a route` : undefined,
    ),
    inputs["destinationPrefixListId"] === undefined &&
    parseBlock(inputs["destinationCidrBlock"]) === undefined
      ? `"${inputs["destinationCidrBlock"]}" is not a valid IPv4 CIDR block`
      : undefined,
    ALL_TARGETS.filter((name) => inputs[name]).length === 1
      ? undefined
      : `one of ${ALL_TARGETS.join(", ")} has to be given, and no other`,
  ],
  async create(call, inputs) {
    const { routeTableId, destinationCidrBlock } = inputs;
    const lacking = NOT_MADE.find((name) => inputs[name]);
    if (lacking !== undefined) {
      throw new Error(`the stand-in for the aws plugin cannot make a route with "${lacking}"`);
    }
    const table = await requireRouteTable(call, routeTableId);
    await checkTarget(call, inputs, table);
    const there = (table["Routes"] ?? []).find(
      (/** @type {any} */ { DestinationCidrBlock }) => DestinationCidrBlock === destinationCidrBlock,
    );
    if (there !== undefined) {
      throw new AwsError(
        "RouteAlreadyExists",
        `The route identified by ${destinationCidrBlock} already exists.`,
      );
    }
    await call.ec2("CreateRoute", requestFor(inputs));
    // As the provider makes it: a hash of the destination.
    return `r-${routeTableId}${hashOf(destinationCidrBlock)}`;
  },
  async read(call, _, { routeTableId, destinationCidrBlock }) {
    const table = routeTableId && (await findRouteTable(call, routeTableId));
    const found = table?.["Routes"]?.find(
      (/** @type {any} */ { DestinationCidrBlock }) => DestinationCidrBlock === destinationCidrBlock,
    );
    return (
      found && {
        gatewayId: found.GatewayId,
        natGatewayId: found.NatGatewayId,
        vpcPeeringConnectionId: found.VpcPeeringConnectionId,
        origin: found.Origin,
        state: found.State,
      }
    );
  },
  async update(call, _, { news }) {
    await checkTarget(call, news, await requireRouteTable(call, news["routeTableId"]));
    // MiniStack's ReplaceRoute forgets what a peering is.
    const { RouteTableId, DestinationCidrBlock } = requestFor(news);
    await call.ec2("DeleteRoute", { RouteTableId, DestinationCidrBlock });
    await call.ec2("CreateRoute", requestFor(news));
  },
  async delete(call, _, { routeTableId, destinationCidrBlock }) {
    await call.ec2("DeleteRoute", { RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock });
  },
};

/** @type {import("../definition.mjs").Definition} */
export const routeTableAssociation = {
  title: "EC2 Route Table Association",
  replaces: ["gatewayId", "subnetId"],
  validate: (inputs) => [
    inputs["subnetId"] === undefined ? 'the stand-in for the aws plugin needs "subnetId"' : undefined,
  ],
  async create(call, { routeTableId, subnetId }) {
    const table = await requireRouteTable(call, routeTableId);
    const [subnet] = await requireSubnets(call, [subnetId]);
    if (subnet?.["VpcId"] !== table["VpcId"]) {
      throw new AwsError(
        "InvalidParameterValue",
        `The route table ${routeTableId} and the subnet ${subnetId} do not belong to the same network`,
      );
    }
    const Filters = [{ Name: "association.subnet-id", Values: [subnetId] }];
    const { RouteTables = [] } = await call.ec2("DescribeRouteTables", { Filters });
    if (RouteTables.length > 0) {
      throw new AwsError(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${routeTableId} conflicts with an existing association`,
      );
    }
    const { AssociationId } = await call.ec2("AssociateRouteTable", {
      RouteTableId: routeTableId,
      SubnetId: subnetId,
    });
    return AssociationId;
  },
  async read(call, id) {
    const Filters = [{ Name: "association.route-table-association-id", Values: [id] }];
    const { RouteTables = [] } = await call.ec2("DescribeRouteTables", { Filters });
    const found = RouteTables[0]?.Associations?.find(
      (/** @type {any} */ { RouteTableAssociationId }) => RouteTableAssociationId === id,
    );
    return found && { routeTableId: found.RouteTableId, subnetId: found.SubnetId };
  },
  async update(call, id, { news }) {
    await requireRouteTable(call, news["routeTableId"]);
    await call.ec2("ReplaceRouteTableAssociation", { AssociationId: id, RouteTableId: news["routeTableId"] });
  },
  async delete(call, id) {
    await call.ec2("DisassociateRouteTable", { AssociationId: id });
  },
};

/** @type {import("../definition.mjs").Definition} */
export const mainRouteTableAssociation = {
  title: "EC2 Main Route Table Association",
  async create(call, { routeTableId, vpcId }) {
    const table = await requireRouteTable(call, routeTableId);
    if (table["VpcId"] !== vpcId) {
      throw new AwsError(
        "InvalidParameterValue",
        `The route table ${routeTableId} and the VPC ${vpcId} do not belong to the same network`,
      );
    }
    return replaceAssociation(call, (await mainOf(call, vpcId)).RouteTableAssociationId, routeTableId);
  },
  async read(call, id, { vpcId, originalRouteTableId }) {
    const main = await mainOf(call, vpcId);
    return main?.RouteTableAssociationId === id
      ? { originalRouteTableId: originalRouteTableId ?? (await originalOf(call, vpcId)), vpcId }
      : undefined;
  },
  async update(call, id, { news }) {
    await requireRouteTable(call, news["routeTableId"]);
    await replaceAssociation(call, id, news["routeTableId"]);
  },
  async delete(call, id, { originalRouteTableId }) {
    await replaceAssociation(call, id, originalRouteTableId);
  },
};

/**
 * AWS gives an association another id with another table, and MiniStack does.
 * @param {Call} call
 * @param {string} id
 * @param {string} routeTableId
 * @returns {Promise<string>}
 */
async function replaceAssociation(call, id, routeTableId) {
  const { NewAssociationId } = await call.ec2("ReplaceRouteTableAssociation", {
    AssociationId: id,
    RouteTableId: routeTableId,
  });
  return NewAssociationId;
}

/**
 * The association of a VPC's main table.
 * @param {Call} call
 * @param {string} vpcId
 * @returns {Promise<any>}
 */
async function mainOf(call, vpcId) {
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const { RouteTables = [] } = await call.ec2("DescribeRouteTables", { Filters });
  return RouteTables.flatMap((/** @type {any} */ { RouteTableId, Associations = [] }) =>
    Associations.map((/** @type {any} */ each) => ({ RouteTableId, ...each })),
  ).find((/** @type {any} */ { Main }) => Main);
}

/**
 * The table that AWS made with the VPC: it has no tags, and no association any more.
 * @param {Call} call
 * @param {string} vpcId
 * @returns {Promise<string | undefined>}
 */
async function originalOf(call, vpcId) {
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const { RouteTables = [] } = await call.ec2("DescribeRouteTables", { Filters });
  return RouteTables.find(
    (/** @type {any} */ { Associations = [], Tags = [] }) => Associations.length + Tags.length === 0,
  )?.RouteTableId;
}

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
async function findRouteTable(call, id) {
  return (await orNothing(call.ec2("DescribeRouteTables", { RouteTableIds: [id] })))?.RouteTables?.[0];
}

/** @param {Properties} found */
const isOwn = ({ Origin }) => Origin !== "CreateRouteTable";

/** @param {Properties} found */
const routeOf = ({ DestinationCidrBlock, GatewayId, NatGatewayId, VpcPeeringConnectionId }) => ({
  cidrBlock: DestinationCidrBlock,
  gatewayId: GatewayId,
  natGatewayId: NatGatewayId,
  vpcPeeringConnectionId: VpcPeeringConnectionId,
});

/**
 * @param {Properties} inputs
 * @returns {Properties}
 */
const requestFor = (inputs) => ({
  RouteTableId: inputs["routeTableId"],
  DestinationCidrBlock: inputs["destinationCidrBlock"],
  ...Object.fromEntries(Object.entries(TARGETS).map(([name, api]) => [api, inputs[name]])),
});

/**
 * @param {Call} call
 * @param {Properties} inputs
 * @param {Properties} table
 */
async function checkTarget(call, inputs, table) {
  const { gatewayId, natGatewayId, vpcPeeringConnectionId, destinationCidrBlock } = inputs;
  const vpcId = table["VpcId"];
  const destination = parseBlock(destinationCidrBlock);
  const vpc = await requireVpc(call, vpcId);
  if (destination && blocksOf(vpc).some((block) => contains(block, destination))) {
    throw new AwsError(
      "InvalidParameterValue",
      `The destination CIDR block ${destinationCidrBlock} is equal to or more specific than one of this VPC's CIDR ` +
        "blocks. This route can target only an interface or an instance.",
    );
  }
  if (gatewayId) {
    const { InternetGateways } = await call.ec2("DescribeInternetGateways", {
      InternetGatewayIds: [gatewayId],
    });
    requireSame(
      gatewayId,
      vpcId,
      InternetGateways[0]?.Attachments?.map((/** @type {any} */ attachment) => attachment.VpcId),
    );
  }
  if (natGatewayId) {
    const found = await findNatGateway(call, natGatewayId);
    if (found === undefined || found["State"] === "deleted") {
      throw new AwsError(
        "InvalidNatGatewayID.NotFound",
        `The natGateway ID '${natGatewayId}' does not exist`,
      );
    }
    requireSame(natGatewayId, vpcId, [found["VpcId"]]);
  }
  if (vpcPeeringConnectionId) {
    const found = await findPeering(call, vpcPeeringConnectionId);
    if (found === undefined) {
      throw new AwsError(
        "InvalidVpcPeeringConnectionID.NotFound",
        `The vpcPeeringConnection ID '${vpcPeeringConnectionId}' does not exist`,
      );
    }
    requireSame(vpcPeeringConnectionId, vpcId, [
      found["RequesterVpcInfo"].VpcId,
      found["AccepterVpcInfo"].VpcId,
    ]);
  }
}

/**
 * @param {string} target
 * @param {string} vpcId
 * @param {string[] | undefined} vpcs
 */
function requireSame(target, vpcId, vpcs = []) {
  if (!vpcs.includes(vpcId)) {
    throw new AwsError(
      "InvalidParameterValue",
      `route table and ${target} belong to different networks: ${vpcId}`,
    );
  }
}

/** @param {string} text */
const hashOf = (text) =>
  [...text].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0, 7);
