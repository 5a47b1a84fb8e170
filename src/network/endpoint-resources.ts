import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule";
import type { Resource } from "@pulumi/pulumi";
import type { VpcPlan } from "./region-plan";
import { tagged, type Scope } from "./scope";
import type { SubnetResources } from "./subnet-resources";
import type { VpcResources } from "./vpc-resources";

/**
 * S3 through a gateway, which costs nothing, and the services asked for through interfaces.
 *
 * @param associations what has to be there before a table that is no longer used loses its way to S3
 */
export function createEndpoints(
  scope: Scope,
  { vpc }: VpcResources,
  { subnets, tables }: SubnetResources,
  { blocks, wishes }: VpcPlan,
  associations: readonly Resource[],
): void {
  const { prefix, awsRegion, parent } = scope;
  new VpcEndpoint(
    `${prefix}-gateway-s3`,
    {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${awsRegion}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: Object.values(tables).map(({ id }) => id),
      ...tagged(scope, "gateway-s3"),
    },
    { parent, dependsOn: [...associations] },
  );
  if (wishes.endpoints.length === 0) {
    return;
  }
  const group = createSecurityGroup(scope, vpc.id, blocks.cidrBlock);
  for (const service of wishes.endpoints) {
    new VpcEndpoint(
      `${prefix}-endpoint-${service}`,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${awsRegion}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: Object.values(subnets.private).map(({ id }) => id),
        securityGroupIds: [group.id],
        ...tagged(scope, `endpoint-${service}`),
      },
      { parent },
    );
  }
}

/** Whoever answers needs no rule to do so: nothing goes out. */
function createSecurityGroup(scope: Scope, vpcId: VpcResources["vpc"]["id"], cidrBlock: string) {
  const { prefix, parent } = scope;
  const group = new SecurityGroup(
    `${prefix}-endpoints`,
    { vpcId, description: "Endpoints of AWS services", ...tagged(scope, "endpoints") },
    { parent },
  );
  new SecurityGroupIngressRule(
    `${prefix}-endpoints`,
    {
      securityGroupId: group.id,
      description: "HTTPS from the VPC",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: cidrBlock,
      ...tagged(scope, "endpoints"),
    },
    { parent },
  );
  return group;
}
