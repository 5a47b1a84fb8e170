// @ts-check
import { vpcEndpoint } from "./ec2/endpoints.mjs";
import { flowLog } from "./ec2/flow-log.mjs";
import { eip, internetGateway, natGateway } from "./ec2/gateways.mjs";
import {
  peeringConnectionOptions,
  vpcPeeringConnection,
  vpcPeeringConnectionAccepter,
} from "./ec2/peering.mjs";
import { mainRouteTableAssociation, route, routeTable, routeTableAssociation } from "./ec2/routes.mjs";
import {
  defaultSecurityGroup,
  securityGroup,
  securityGroupEgressRule,
  securityGroupIngressRule,
} from "./ec2/security-groups.mjs";
import { subnet } from "./ec2/subnet.mjs";
import { vpc, vpcIpv4CidrBlockAssociation } from "./ec2/vpc.mjs";
import { alias, key } from "./kms.mjs";
import { cluster } from "./rds/cluster.mjs";
import { clusterInstance } from "./rds/cluster-instance.mjs";
import { globalCluster } from "./rds/global-cluster.mjs";
import { clusterParameterGroup, parameterGroup } from "./rds/parameter-groups.mjs";
import { subnetGroup } from "./rds/subnet-group.mjs";
import { recordedTypes } from "./recorded.mjs";
import { resourceOf } from "./resource.mjs";
import { schemaOf } from "./schema.mjs";
import { secret, secretVersion } from "./secretsmanager.mjs";

/** @typedef {import("./definition.mjs").Definition} Definition */

/** @type {Record<string, Definition>} by token */
const BACKED = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultSecurityGroup,
  "aws:ec2/eip:Eip": eip,
  "aws:ec2/flowLog:FlowLog": flowLog,
  "aws:ec2/internetGateway:InternetGateway": internetGateway,
  "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": mainRouteTableAssociation,
  "aws:ec2/natGateway:NatGateway": natGateway,
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": peeringConnectionOptions,
  "aws:ec2/route:Route": route,
  "aws:ec2/routeTable:RouteTable": routeTable,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": routeTableAssociation,
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": vpcPeeringConnection,
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": vpcPeeringConnectionAccepter,
  "aws:ec2/subnet:Subnet": subnet,
  "aws:ec2/vpc:Vpc": vpc,
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": vpcIpv4CidrBlockAssociation,
  "aws:rds/cluster:Cluster": cluster,
  "aws:rds/clusterInstance:ClusterInstance": clusterInstance,
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": clusterParameterGroup,
  "aws:rds/globalCluster:GlobalCluster": globalCluster,
  "aws:rds/parameterGroup:ParameterGroup": parameterGroup,
  "aws:rds/subnetGroup:SubnetGroup": subnetGroup,
  "aws:kms/alias:Alias": alias,
  "aws:kms/key:Key": key,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupEgressRule,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupIngressRule,
};

/** @type {Record<string, Definition>} */
const TYPES = { ...recordedTypes, ...BACKED };

/** @param {string} token */
export const isKnown = (token) => Object.hasOwn(TYPES, token);

/**
 * @param {string} token
 * @param {import("./resource.mjs").Context} context
 * @returns {import("../lib/serve.mjs").ResourceType}
 */
export function typeIn(token, context) {
  const definition = Object.hasOwn(TYPES, token) ? TYPES[token] : undefined;
  const schema = schemaOf(token);
  if (schema === undefined) {
    throw new Error(`unknown resource type "${token}": the package @pulumi/aws does not have it`);
  }
  if (definition === undefined) {
    throw new Error(
      `unknown resource type "${token}": the stand-in for the aws plugin does not have it. What is only to be ` +
        "recorded is added in tools/plugins/aws/recorded.mjs, what MiniStack has in tools/plugins/aws/types.mjs",
    );
  }
  return resourceOf(definition, schema, context);
}
