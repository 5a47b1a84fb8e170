// @ts-check
import { overlap } from "../cidr.mjs";
import { AwsError, orNothing } from "../errors.mjs";
import { requireVpc } from "../references.mjs";
import { ourTag, tagsFrom } from "../tags.mjs";
import { specifications } from "./tags.mjs";
import { blocksOf } from "./vpc.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 * @typedef {"accepter" | "requester"} Side
 */

/** @type {Side[]} */
const SIDES = ["accepter", "requester"];

/** @type {import("../definition.mjs").Definition} */
export const vpcPeeringConnection = {
  title: "EC2 VPC Peering Connection",
  replaces: ["peerOwnerId", "peerRegion", "peerVpcId", "vpcId"],
  computed: ["accepter", "peerOwnerId", "peerRegion", "requester"],
  tagging: "ec2",
  validate: (inputs, region) => [
    inputs["autoAccept"] && inputs["peerRegion"] && inputs["peerRegion"] !== region
      ? "peerRegion cannot be set whilst autoAccept is true when creating an EC2 VPC Peering Connection"
      : undefined,
  ],
  async create(call, inputs) {
    await checkPeers(call, inputs);
    const { VpcPeeringConnection } = await call.ec2("CreateVpcPeeringConnection", {
      VpcId: inputs["vpcId"],
      PeerVpcId: inputs["peerVpcId"],
      PeerOwnerId: inputs["peerOwnerId"],
      PeerRegion: inputs["peerRegion"],
      TagSpecifications: specifications(call, "vpc-peering-connection"),
    });
    return VpcPeeringConnection.VpcPeeringConnectionId;
  },
  async settle(call, id, inputs) {
    if (inputs["autoAccept"]) {
      await call.ec2("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: id });
    }
    await setOptions(call, id, inputs);
  },
  async read(call, id) {
    const found = await findPeering(call, id);
    return found && { ...propertiesOf(found), ...endsOf(found, "requester") };
  },
  async update(call, id, { news, changes }) {
    if (changes(...SIDES)) {
      await setOptions(call, id, news);
    }
  },
  async delete(call, id) {
    await call.ec2("DeleteVpcPeeringConnection", { VpcPeeringConnectionId: id });
    await call.until(`EC2 VPC Peering Connection (${id}) delete`, async () => !(await findPeering(call, id)));
  },
};

/** @type {import("../definition.mjs").Definition} */
export const vpcPeeringConnectionAccepter = {
  title: "EC2 VPC Peering Connection Accepter",
  replaces: ["vpcPeeringConnectionId"],
  computed: ["accepter", "requester"],
  tagging: "ec2",
  async create(call, { vpcPeeringConnectionId: id }) {
    await requirePeering(call, id);
    return id;
  },
  async settle(call, id, inputs) {
    const found = await requirePeering(call, id);
    const { Region, OwnerId } = found["AccepterVpcInfo"];
    if (inputs["autoAccept"] && statusOf(found) === "pending-acceptance") {
      if (Region !== call.region || OwnerId !== (await call.provider.accountId())) {
        throw new AwsError(
          "OperationNotPermitted",
          `Incorrect region (${call.region}) specified for this request. The peering connection ${id} must be accepted in region ${Region}`,
        );
      }
      await call.ec2("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: id });
    }
    if (Object.keys(call.tags).length > 0) {
      const Tags = Object.entries(call.tags).map(([Key, Value]) => ({ Key, Value }));
      await call.ec2("CreateTags", { Resources: [id], Tags });
    }
    await setOptions(call, id, inputs);
  },
  async read(call, id) {
    const found = await findPeering(call, id);
    return (
      found && {
        ...propertiesOf(found),
        vpcPeeringConnectionId: id,
        ...endsOf(found, "accepter"),
      }
    );
  },
  async update(call, id, { news, changes }) {
    if (changes(...SIDES)) {
      await setOptions(call, id, news);
    }
  },
  // As on AWS, where the connection goes with its requester alone.
  async delete() {},
};

/** @type {import("../definition.mjs").Definition} */
export const peeringConnectionOptions = {
  title: "EC2 VPC Peering Connection Options",
  replaces: ["vpcPeeringConnectionId"],
  computed: ["accepter", "requester"],
  async create(call, inputs) {
    const id = inputs["vpcPeeringConnectionId"];
    await setOptions(call, id, inputs);
    return id;
  },
  async read(call, id) {
    const found = await findPeering(call, id);
    return found && { vpcPeeringConnectionId: id, ...optionsOf(found) };
  },
  async update(call, id, { news }) {
    await setOptions(call, id, news);
  },
  async delete() {},
};

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>} nothing of one that has been deleted
 */
export async function findPeering(call, id) {
  const asked = call.ec2("DescribeVpcPeeringConnections", { VpcPeeringConnectionIds: [id] });
  const found = (await orNothing(asked))?.VpcPeeringConnections?.[0];
  return found === undefined || statusOf(found) === "deleted" ? undefined : found;
}

/**
 * @param {Call} call
 * @param {string} id
 */
async function requirePeering(call, id) {
  const found = await findPeering(call, id);
  if (found === undefined) {
    throw new AwsError(
      "InvalidVpcPeeringConnectionID.NotFound",
      `The vpcPeeringConnection ID '${id}' does not exist`,
    );
  }
  return found;
}

/** @param {Properties} found */
const statusOf = (found) => found["Status"]?.Code;

/**
 * What makes a request fail on AWS, which MiniStack does not look at.
 * @param {Call} call
 * @param {Properties} inputs
 */
async function checkPeers(call, { vpcId, peerVpcId, peerOwnerId, peerRegion = call.region }) {
  const vpc = await requireVpc(call, vpcId);
  if (peerOwnerId && peerOwnerId !== (await call.provider.accountId())) {
    return;
  }
  const found = await orNothing(call.in(peerRegion).ec2("DescribeVpcs", { VpcIds: [peerVpcId] }));
  const peer = found?.Vpcs[0];
  const clash = peer && blocksOf(vpc).some((one) => blocksOf(peer).some((other) => overlap(one, other)));
  if (peer === undefined || clash) {
    throw new AwsError(
      "failed",
      `the peering of ${vpcId} with ${peerVpcId} in ${peerRegion} failed due to incorrect VPC-ID, Account ID, ` +
        "or overlapping CIDR range",
    );
  }
}

/** @param {Properties} found */
function propertiesOf(found) {
  return {
    acceptStatus: statusOf(found),
    ...optionsOf(found),
    tagsAll: tagsFrom(found["Tags"]),
  };
}

/**
 * @param {Properties} found
 * @param {Side} side whose resource it is
 */
function endsOf(found, side) {
  const { RequesterVpcInfo: requester, AccepterVpcInfo: accepter } = found;
  const [own, peer] = side === "requester" ? [requester, accepter] : [accepter, requester];
  return { vpcId: own.VpcId, peerVpcId: peer.VpcId, peerOwnerId: peer.OwnerId, peerRegion: peer.Region };
}

/**
 * MiniStack has no options of a connection: a tag keeps those of each side.
 * @param {Call} call
 * @param {string} id
 * @param {Properties} inputs
 */
async function setOptions(call, id, inputs) {
  const given = SIDES.filter((side) => inputs[side] !== undefined);
  if (given.length === 0) {
    return;
  }
  const found = await requirePeering(call, id);
  if (statusOf(found) !== "active") {
    throw new AwsError(
      "OperationNotPermitted",
      `Peering pcx ${id} is not active. Peering options can be added only to active peerings.`,
    );
  }
  const account = await call.provider.accountId();
  const Tags = given.map((side) => {
    const { Region, OwnerId } = found[side === "accepter" ? "AccepterVpcInfo" : "RequesterVpcInfo"];
    if (Region !== call.region || OwnerId !== account) {
      throw new AwsError(
        "OperationNotPermitted",
        `User ${account} cannot modify ${side} peering options of ${id} in ${call.region}: they are set in ${Region}`,
      );
    }
    return { Key: ourTag(side), Value: String(inputs[side].allowRemoteVpcDnsResolution ?? false) };
  });
  await call.ec2("CreateTags", { Resources: [id], Tags });
}

/** @param {Properties} found */
function optionsOf({ Tags = [] }) {
  const known = SIDES.map((side) => {
    const tag = Tags.find((/** @type {any} */ { Key }) => Key === ourTag(side));
    return [side, tag && { allowRemoteVpcDnsResolution: tag.Value === "true" }];
  });
  return Object.fromEntries(known.filter(([, options]) => options !== undefined));
}
