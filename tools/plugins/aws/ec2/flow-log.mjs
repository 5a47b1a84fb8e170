// @ts-check
import { orNothing } from "../errors.mjs";
import { requireSubnets, requireVpc } from "../references.mjs";
import { tagList, tagsFrom } from "../tags.mjs";

/** @type {import("../definition.mjs").Definition} */
export const flowLog = {
  title: "Flow Log",
  replaces: [
    "deliverCrossAccountRole",
    "destinationOptions",
    "eniId",
    "iamRoleArn",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "maxAggregationInterval",
    "subnetId",
    "trafficType",
    "transitGatewayAttachmentId",
    "transitGatewayId",
    "vpcId",
  ],
  computed: ["logDestination", "logFormat"],
  defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  tagging: "ec2",
  validate: (inputs) => [
    ["vpcId", "subnetId"].filter((name) => inputs[name]).length === 1
      ? undefined
      : "one of vpcId, subnetId has to be given, and no other (the stand-in for the aws plugin has no more)",
    [60, 600].includes(inputs["maxAggregationInterval"])
      ? undefined
      : '"maxAggregationInterval" has to be 60 or 600',
    inputs["logDestination"] === undefined ? '"logDestination" has to be given' : undefined,
    inputs["logDestinationType"] === "cloud-watch-logs" && inputs["iamRoleArn"] === undefined
      ? "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs"
      : undefined,
    ["s3", "kinesis-data-firehose"].includes(inputs["logDestinationType"]) && inputs["iamRoleArn"]
      ? "DeliverLogsPermissionArn is not applicable for s3 delivery"
      : undefined,
  ],
  async create(call, inputs) {
    const { vpcId, subnetId } = inputs;
    await (vpcId ? requireVpc(call, vpcId) : requireSubnets(call, [subnetId]));
    const { FlowLogIds } = await call.ec2("CreateFlowLogs", {
      ResourceIds: [vpcId ?? subnetId],
      ResourceType: vpcId ? "VPC" : "Subnet",
      TrafficType: inputs["trafficType"],
      LogDestinationType: inputs["logDestinationType"],
      LogDestination: inputs["logDestination"],
      LogFormat: inputs["logFormat"],
      MaxAggregationInterval: inputs["maxAggregationInterval"],
      DeliverLogsPermissionArn: inputs["iamRoleArn"],
    });
    return FlowLogIds[0];
  },
  async settle(call, id) {
    // Not with the creation: AWS calls the type vpc-flow-log there, and MiniStack flow-log.
    const Tags = tagList(call.tags);
    if (Tags.length > 0) {
      await call.ec2("CreateTags", { Resources: [id], Tags });
    }
  },
  async read(call, id, known) {
    const found = (await orNothing(call.ec2("DescribeFlowLogs", { FlowLogIds: [id] })))?.FlowLogs?.[0];
    return (
      found && {
        arn: await call.arn("ec2", `vpc-flow-log/${id}`),
        logDestination: found.LogDestination,
        logDestinationType: found.LogDestinationType,
        logFormat:
          known["logFormat"] ??
          "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} " +
            "${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
        trafficType: found.TrafficType,
        ...(/^vpc-/.test(found.ResourceId) ? { vpcId: found.ResourceId } : { subnetId: found.ResourceId }),
        tagsAll: tagsFrom(found.Tags),
      }
    );
  },
  async delete(call, id) {
    await call.ec2("DeleteFlowLogs", { FlowLogIds: [id] });
  },
};
