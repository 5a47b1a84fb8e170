// @ts-check
import { createHash, randomUUID } from "node:crypto";
import { requireReferences } from "./recorded-references.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./definition.mjs").Call} Call
 * @typedef {import("./definition.mjs").Definition} Definition
 *
 * What stands in an ARN: `global` leaves out the region, `ofNobody` the account.
 * @typedef {{ service: string, resource: string, global?: boolean, ofNobody?: boolean }} Arn
 *
 * A type that exists in the state alone.
 * @typedef {object} Recorded
 * @property {string} title
 * @property {(inputs: Properties, unique: string, call: Call) => string | Promise<string>} id from the inputs, or what
 *   is random of it
 * @property {(id: string, inputs: Properties) => Arn} [arn]
 * @property {(id: string, inputs: Properties, unique: string) => Properties} [outputs]
 * @property {readonly string[]} [replaces]
 * @property {readonly string[]} [computed]
 * @property {Record<string, any>} [defaults]
 * @property {import("./naming.mjs").Naming} [naming]
 */

/** @type {Record<string, Recorded>} by token: what is to be recorded is added here */
const RECORDED = {
  "aws:backup/plan:Plan": {
    title: "Backup Plan",
    id: (_, unique) => uuidOf(unique),
    arn: (id) => ({ service: "backup", resource: `backup-plan:${id}` }),
    replaces: ["name"],
    outputs: (_, __, unique) => ({ version: unique.slice(0, 48) }),
    naming: { property: "name" },
  },
  "aws:backup/selection:Selection": {
    title: "Backup Selection",
    id: (_, unique) => uuidOf(unique),
    replaces: ["name", "planId", "iamRoleArn", "resources", "notResources", "selectionTags", "conditions"],
    computed: ["conditions", "notResources"],
    naming: { property: "name" },
  },
  "aws:backup/vault:Vault": {
    title: "Backup Vault",
    id: ({ name }) => name,
    arn: (id) => ({ service: "backup", resource: `backup-vault:${id}` }),
    replaces: ["name", "kmsKeyArn"],
    computed: ["kmsKeyArn"],
    defaults: { forceDestroy: false },
    outputs: () => ({ recoveryPoints: 0 }),
    naming: { property: "name" },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    title: "CloudWatch Logs Log Group",
    id: ({ name }) => name,
    arn: (id) => ({ service: "logs", resource: `log-group:${id}` }),
    replaces: ["name", "namePrefix", "logGroupClass"],
    computed: ["logGroupClass", "namePrefix"],
    defaults: { skipDestroy: false },
    outputs: (_, { logGroupClass = "STANDARD" }) => ({ logGroupClass }),
    naming: { property: "name", or: "namePrefix" },
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    title: "EC2 Launch Template",
    id: (_, unique) => `lt-0${unique.slice(0, 16)}`,
    arn: (id) => ({ service: "ec2", resource: `launch-template/${id}` }),
    replaces: ["name", "namePrefix"],
    computed: ["defaultVersion", "namePrefix"],
    outputs: () => ({ latestVersion: 1, defaultVersion: 1 }),
    naming: { property: "name", or: "namePrefix" },
  },
  "aws:ec2/managedPrefixList:ManagedPrefixList": {
    title: "EC2 Managed Prefix List",
    id: (_, unique) => `pl-0${unique.slice(0, 16)}`,
    arn: (id) => ({ service: "ec2", resource: `prefix-list/${id}` }),
    replaces: ["addressFamily"],
    outputs: () => ({ version: 1 }),
  },
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
    title: "EC2 Transit Gateway VPC Attachment",
    id: (_, unique) => `tgw-attach-0${unique.slice(0, 16)}`,
    arn: (id) => ({ service: "ec2", resource: `transit-gateway-attachment/${id}` }),
    replaces: ["transitGatewayId", "vpcId"],
  },
  "aws:eks/accessEntry:AccessEntry": {
    title: "EKS Access Entry",
    id: ({ clusterName, principalArn }) => `${clusterName}:${principalArn}`,
    replaces: ["clusterName", "principalArn", "type"],
    computed: ["kubernetesGroups", "userName"],
    defaults: { type: "STANDARD" },
    outputs: (_, { principalArn }) => ({ userName: principalArn, createdAt: new Date().toISOString() }),
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    title: "EKS Access Policy Association",
    id: ({ clusterName, principalArn, policyArn }) => `${clusterName}#${principalArn}#${policyArn}`,
    replaces: ["clusterName", "principalArn", "policyArn", "accessScope"],
    outputs: () => ({ associatedAt: new Date().toISOString() }),
  },
  "aws:eks/addon:Addon": {
    title: "EKS Add-On",
    id: ({ clusterName, addonName }) => `${clusterName}:${addonName}`,
    arn: (id) => ({ service: "eks", resource: `addon/${id.replace(":", "/")}` }),
    replaces: ["clusterName", "addonName"],
    computed: ["addonVersion", "configurationValues"],
    outputs: () => ({ addonVersion: "v1.0.0-eksbuild.1", createdAt: new Date().toISOString() }),
  },
  "aws:eks/cluster:Cluster": {
    title: "EKS Cluster",
    id: ({ name }) => name,
    arn: (id) => ({ service: "eks", resource: `cluster/${id}` }),
    replaces: ["name", "roleArn", "kubernetesNetworkConfig", "bootstrapSelfManagedAddons"],
    computed: ["accessConfig", "kubernetesNetworkConfig", "upgradePolicy", "version"],
    defaults: { bootstrapSelfManagedAddons: true },
    outputs: (_, { region, version = "1.35" }, unique) => ({
      version,
      status: "ACTIVE",
      platformVersion: "eks.1",
      createdAt: new Date().toISOString(),
      endpoint: `https://${unique.slice(0, 32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
      certificateAuthority: { data: Buffer.from(`authority ${unique}`).toString("base64") },
      identities: [
        {
          oidcs: [
            { issuer: `https://oidc.eks.${region}.amazonaws.com/id/${unique.slice(32).toUpperCase()}` },
          ],
        },
      ],
    }),
    naming: { property: "name" },
  },
  "aws:eks/nodeGroup:NodeGroup": {
    title: "EKS Node Group",
    id: ({ clusterName, nodeGroupName }) => `${clusterName}:${nodeGroupName}`,
    arn: (id) => ({ service: "eks", resource: `nodegroup/${id.replace(":", "/")}` }),
    replaces: [
      "clusterName",
      "nodeGroupName",
      "nodeGroupNamePrefix",
      "nodeRoleArn",
      "subnetIds",
      "amiType",
      "capacityType",
      "diskSize",
      "instanceTypes",
    ],
    computed: ["capacityType", "nodeGroupNamePrefix", "releaseVersion", "updateConfig", "version"],
    outputs: () => ({ status: "ACTIVE", capacityType: "ON_DEMAND" }),
    naming: { property: "nodeGroupName", or: "nodeGroupNamePrefix" },
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    title: "IAM OIDC Provider",
    id: ({ url }, _, { provider }) =>
      provider.arn("iam", "", `oidc-provider/${url.replace(/^https:\/\//, "")}`),
    replaces: ["url"],
    computed: ["thumbprintLists"],
    outputs: (id) => ({ arn: id }),
  },
  "aws:iam/role:Role": {
    title: "IAM Role",
    id: ({ name }) => name,
    arn: (id, { path = "/" }) => ({ service: "iam", resource: `role${path}${id}`, global: true }),
    replaces: ["name", "namePrefix", "path"],
    computed: ["inlinePolicies", "managedPolicyArns", "namePrefix"],
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
    outputs: (_, __, unique) => ({
      createDate: new Date().toISOString(),
      uniqueId: `AROA${unique.slice(0, 17).toUpperCase()}`,
    }),
    naming: { property: "name", or: "namePrefix" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    title: "IAM Role Policy",
    id: ({ role, name }) => `${role}:${name}`,
    replaces: ["name", "namePrefix", "role"],
    computed: ["namePrefix"],
    naming: { property: "name", or: "namePrefix" },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    title: "IAM Role Policy Attachment",
    id: ({ role, policyArn }) => `${role}/${policyArn}`,
    replaces: ["policyArn", "role"],
  },
  "aws:networkmanager/vpcAttachment:VpcAttachment": {
    title: "Network Manager VPC Attachment",
    id: (_, unique) => `attachment-0${unique.slice(0, 16)}`,
    arn: (id) => ({ service: "networkmanager", resource: `attachment/${id}`, global: true }),
    replaces: ["coreNetworkId", "vpcArn"],
    outputs: () => ({ attachmentType: "VPC", state: "AVAILABLE" }),
  },
  "aws:rds/proxy:Proxy": {
    title: "RDS DB Proxy",
    id: ({ name }) => name,
    arn: (id) => ({ service: "rds", resource: `db-proxy:prx-${shortOf(id)}` }),
    replaces: ["name", "engineFamily", "vpcSubnetIds", "defaultAuthScheme", "endpointNetworkType"],
    computed: [
      "defaultAuthScheme",
      "endpointNetworkType",
      "idleClientTimeout",
      "targetConnectionNetworkType",
    ],
    defaults: { debugLogging: false },
    outputs: (id, { region }) => ({
      endpoint: `${id}.proxy-${shortOf(`${region} ${id}`)}.${region}.rds.amazonaws.com`,
      idleClientTimeout: 1800,
    }),
    naming: { property: "name" },
  },
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
    title: "RDS DB Proxy Default Target Group",
    id: ({ dbProxyName }) => dbProxyName,
    arn: (id) => ({ service: "rds", resource: `target-group:prx-tg-${shortOf(id)}` }),
    replaces: ["dbProxyName"],
    outputs: () => ({ name: "default" }),
  },
  "aws:rds/proxyEndpoint:ProxyEndpoint": {
    title: "RDS DB Proxy Endpoint",
    id: ({ dbProxyName, dbProxyEndpointName }) => `${dbProxyName}/${dbProxyEndpointName}`,
    arn: (id) => ({ service: "rds", resource: `db-proxy-endpoint:prx-endpoint-${shortOf(id)}` }),
    replaces: ["dbProxyName", "dbProxyEndpointName", "targetRole", "vpcSubnetIds"],
    defaults: { targetRole: "READ_WRITE" },
    outputs: (_, { region, dbProxyEndpointName: name }) => ({
      endpoint: `${name}.endpoint.proxy-${shortOf(`${region} ${name}`)}.${region}.rds.amazonaws.com`,
      isDefault: false,
    }),
  },
  "aws:rds/proxyTarget:ProxyTarget": {
    title: "RDS DB Proxy Target",
    id: ({ dbProxyName, targetGroupName, dbClusterIdentifier, dbInstanceIdentifier }) =>
      [
        dbProxyName,
        targetGroupName,
        ...(dbClusterIdentifier
          ? ["TRACKED_CLUSTER", dbClusterIdentifier]
          : ["RDS_INSTANCE", dbInstanceIdentifier]),
      ].join("/"),
    replaces: ["dbProxyName", "targetGroupName", "dbClusterIdentifier", "dbInstanceIdentifier"],
    outputs: (_, { dbClusterIdentifier }) =>
      dbClusterIdentifier
        ? { type: "TRACKED_CLUSTER", rdsResourceId: dbClusterIdentifier }
        : { type: "RDS_INSTANCE" },
  },
  "aws:route53/healthCheck:HealthCheck": {
    title: "Route53 Health Check",
    id: (_, unique) => uuidOf(unique),
    arn: (id) => ({ service: "route53", resource: `healthcheck/${id}`, global: true, ofNobody: true }),
    replaces: ["type", "requestInterval", "measureLatency", "referenceName", "routingControlArn"],
    computed: ["enableSni", "measureLatency", "referenceName"],
    defaults: { disabled: false },
  },
  "aws:route53/record:Record": {
    title: "Route53 Record",
    id: ({ zoneId, name, type, setIdentifier }) =>
      [zoneId, name, type, ...(setIdentifier ? [setIdentifier] : [])].join("_"),
    replaces: ["zoneId", "name"],
    computed: ["allowOverwrite"],
    outputs: (_, { name }) => ({ fqdn: name }),
  },
  "aws:ssm/parameter:Parameter": {
    title: "SSM Parameter",
    id: ({ name }) => name,
    arn: (id) => ({ service: "ssm", resource: `parameter/${id.replace(/^\//, "")}` }),
    replaces: ["name", "dataType"],
    computed: ["arn", "dataType", "keyId", "overwrite", "tier"],
    outputs: () => ({ dataType: "text", tier: "Standard", version: 1 }),
    naming: { property: "name" },
  },
};

/** @param {string} text which always gives the same */
const shortOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** @param {string} unique */
function uuidOf(unique) {
  return unique.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

/**
 * @param {Recorded} type
 * @returns {Definition}
 */
function definitionOf(type) {
  const { title, replaces = [], computed = [], defaults = {}, naming } = type;
  const given = { title, replaces, computed, defaults, ...(naming ? { naming } : {}) };
  /** @param {string} id */
  const uniqueOf = (id) => createHash("sha256").update(id).digest("hex");
  return {
    ...given,
    async create(call, inputs) {
      await requireReferences(call, inputs);
      return type.id(inputs, randomUUID().replaceAll("-", ""), call);
    },
    async read(call, id, known) {
      if (Object.keys(known).every((key) => key === "region")) {
        throw new Error("what is only recorded cannot be imported by the stand-in for the aws plugin");
      }
      // What was once made stays as it was: the state is all there is.
      if (known["id"] !== undefined) {
        return {};
      }
      const arn = type.arn?.(id, known);
      return {
        ...type.outputs?.(id, known, uniqueOf(id)),
        ...(arn && {
          arn: await call.provider.arn(
            arn.service,
            arn.global ? "" : call.region,
            arn.resource,
            arn.ofNobody ? "" : undefined,
          ),
        }),
      };
    },
    async update(call, _, { news }) {
      await requireReferences(call, news);
    },
  };
}

/** @type {Record<string, Definition>} */
export const recordedTypes = Object.fromEntries(
  Object.entries(RECORDED).map(([token, type]) => [token, definitionOf(type)]),
);
