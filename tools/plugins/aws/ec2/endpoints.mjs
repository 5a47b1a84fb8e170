// @ts-check
import { AwsError, orNothing } from "../errors.mjs";
import { requireRouteTable, requireSecurityGroups, requireSubnets, requireVpc } from "../references.mjs";
import { tagsFrom } from "../tags.mjs";
import { specifications } from "./tags.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../definition.mjs").Call} Call
 */

const GATEWAY_SERVICES = ["s3", "dynamodb"];

/** @type {import("../definition.mjs").Definition} */
export const vpcEndpoint = {
  title: "EC2 VPC Endpoint",
  replaces: ["serviceName", "serviceRegion", "vpcEndpointType", "vpcId"],
  computed: [
    "dnsOptions",
    "ipAddressType",
    "policy",
    "privateDnsEnabled",
    "routeTableIds",
    "securityGroupIds",
    "serviceRegion",
    "subnetConfigurations",
    "subnetIds",
  ],
  defaults: { vpcEndpointType: "Gateway" },
  tagging: "ec2",
  validate: (inputs, region) => [
    inputs["serviceName"] === undefined ? 'the stand-in for the aws plugin needs "serviceName"' : undefined,
    new RegExp(`^(com|cn\\.com)\\.amazonaws\\.${inputs["serviceRegion"] ?? region}\\.[\\w.-]+$`).test(
      inputs["serviceName"],
    )
      ? undefined
      : `"${inputs["serviceName"]}" is not a service of ${inputs["serviceRegion"] ?? region}`,
    inputs["vpcEndpointType"] === "Gateway" &&
    !GATEWAY_SERVICES.includes(inputs["serviceName"]?.split(".").at(-1))
      ? `the service ${inputs["serviceName"]} has no endpoints of the type Gateway`
      : undefined,
    inputs["vpcEndpointType"] === "Gateway" && (inputs["subnetIds"] || inputs["securityGroupIds"])
      ? "an endpoint of the type Gateway has neither subnets nor security groups"
      : undefined,
    inputs["vpcEndpointType"] === "Interface" && inputs["routeTableIds"]
      ? "an endpoint of the type Interface has no route tables"
      : undefined,
  ],
  async create(call, inputs) {
    await checkParts(call, inputs);
    const { VpcEndpoint } = await call.ec2("CreateVpcEndpoint", {
      VpcId: inputs["vpcId"],
      ServiceName: inputs["serviceName"],
      VpcEndpointType: inputs["vpcEndpointType"],
      PolicyDocument: inputs["policy"],
      PrivateDnsEnabled: inputs["privateDnsEnabled"],
      RouteTableIds: inputs["routeTableIds"],
      SubnetIds: inputs["subnetIds"],
      SecurityGroupIds: inputs["securityGroupIds"],
      TagSpecifications: specifications(call, "vpc-endpoint"),
    });
    return VpcEndpoint.VpcEndpointId;
  },
  async read(call, id, known) {
    const asked = call.ec2("DescribeVpcEndpoints", { VpcEndpointIds: [id] });
    const found = (await orNothing(asked))?.VpcEndpoints?.[0];
    if (found === undefined) {
      return undefined;
    }
    const isGateway = found.VpcEndpointType === "Gateway";
    return {
      arn: await call.arn("ec2", `vpc-endpoint/${id}`),
      cidrBlocks: isGateway ? ["52.216.0.0/15"] : [],
      dnsEntries: isGateway
        ? []
        : [
            {
              dnsName: `${id}.${found.ServiceName.split(".").slice(3).join(".")}.${call.region}.vpce.amazonaws.com`,
            },
          ],
      networkInterfaceIds: (found.SubnetIds ?? []).map((/** @type {string} */ subnet) =>
        subnet.replace(/^subnet-/, "eni-"),
      ),
      ownerId: found.OwnerId,
      prefixListId: isGateway ? `pl-${id.slice(5, 13)}` : undefined,
      privateDnsEnabled: known["privateDnsEnabled"] ?? false,
      requesterManaged: false,
      routeTableIds: found.RouteTableIds ?? [],
      serviceName: found.ServiceName,
      state: found.State,
      subnetIds: found.SubnetIds ?? [],
      tagsAll: tagsFrom(found.Tags),
      vpcEndpointType: found.VpcEndpointType,
      vpcId: found.VpcId,
    };
  },
  async update(call, id, { olds, news, changes }) {
    await checkParts(call, news);
    if (changes("policy", "routeTableIds", "subnetIds", "securityGroupIds", "privateDnsEnabled")) {
      await call.ec2("ModifyVpcEndpoint", {
        VpcEndpointId: id,
        PolicyDocument: changes("policy") ? news["policy"] : undefined,
        PrivateDnsEnabled: changes("privateDnsEnabled") ? news["privateDnsEnabled"] : undefined,
        ...listChange("RouteTableIds", olds["routeTableIds"], news["routeTableIds"]),
        ...listChange("SubnetIds", olds["subnetIds"], news["subnetIds"]),
        ...listChange("SecurityGroupIds", olds["securityGroupIds"], news["securityGroupIds"]),
      });
    }
  },
  async delete(call, id) {
    await call.ec2("DeleteVpcEndpoints", { VpcEndpointIds: [id] });
  },
};

/**
 * @param {Call} call
 * @param {Properties} inputs
 */
async function checkParts(call, { vpcId, routeTableIds = [], subnetIds = [], securityGroupIds }) {
  await requireVpc(call, vpcId);
  const tables = await Promise.all(
    routeTableIds.map((/** @type {string} */ id) => requireRouteTable(call, id)),
  );
  const subnets = await requireSubnets(call, subnetIds);
  await requireSecurityGroups(call, securityGroupIds, vpcId);
  const other = [...tables, ...subnets].find(({ VpcId }) => VpcId !== vpcId);
  if (other !== undefined) {
    throw new AwsError(
      "InvalidParameter",
      `${other["RouteTableId"] ?? other["SubnetId"]} is not in ${vpcId}`,
    );
  }
}

/**
 * @param {string} field
 * @param {string[]} [before]
 * @param {string[]} [after]
 */
function listChange(field, before = [], after = []) {
  const added = after.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !after.includes(id));
  return {
    [`Add${field}`]: added.length > 0 ? added : undefined,
    [`Remove${field}`]: removed.length > 0 ? removed : undefined,
  };
}
