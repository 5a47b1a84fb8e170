import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Proxy } from "@pulumi/aws/rds/proxy";
import { ProxyDefaultTargetGroup } from "@pulumi/aws/rds/proxyDefaultTargetGroup";
import { ProxyEndpoint } from "@pulumi/aws/rds/proxyEndpoint";
import { ProxyTarget } from "@pulumi/aws/rds/proxyTarget";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule";
import * as pulumi from "@pulumi/pulumi";
import { readSecretPolicy, trustOf } from "../aws-policies";
import type { AuroraNetworkArgs } from "./args";
import type { Tags } from "./global-resources";
import type { Member, RegionBase } from "./member-resources";
import { port, type AuroraRegionPlan, type AuroraTopologyPlan } from "./plan";

/** Where a proxy answers, once there is somebody behind it. */
export interface RegionProxy {
  readonly readWriteHost: pulumi.Output<string>;
  readonly readOnlyHost: pulumi.Output<string>;
}

/**
 * A region's proxy, alike for writer and readers: its own endpoint leads to the writer, and to nobody in a region that
 * reads; the other one leads to the region's readers
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-gdb.html).
 *
 * @returns Nothing where the region is to have none.
 */
export function createProxy(
  plan: AuroraTopologyPlan,
  region: AuroraRegionPlan,
  base: RegionBase,
  member: Member,
  { databaseSubnetIds }: AuroraNetworkArgs,
  secretArn: pulumi.Output<string>,
  tags: Tags,
): RegionProxy | undefined {
  const { proxy: wish, awsRegion, names } = region;
  const group = base.access.proxyGroup;
  if (wish === undefined || group === undefined) {
    return undefined;
  }
  const name = `${plan.name}-${region.region}-proxy`;
  const { options } = base;
  const access = createProxyRole(name, plan, region, base, secretArn, tags);
  const wayOut = new SecurityGroupEgressRule(
    name,
    {
      region: awsRegion,
      securityGroupId: group.id,
      referencedSecurityGroupId: base.access.group.id,
      description: "PostgreSQL, to the instances of the region",
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      tags,
    },
    options,
  );
  const where = { region: awsRegion, vpcSubnetIds: databaseSubnetIds, vpcSecurityGroupIds: [group.id] };
  const proxy = new Proxy(
    name,
    {
      ...where,
      name: names.proxy,
      engineFamily: "POSTGRESQL",
      requireTls: true,
      roleArn: access.role.arn,
      auths: [{ authScheme: "SECRETS", secretArn, iamAuth: "DISABLED" }],
      tags,
    },
    { ...options, dependsOn: [access.policy, wayOut] },
  );
  const targets = new ProxyDefaultTargetGroup(
    name,
    { region: awsRegion, dbProxyName: proxy.name, connectionPoolConfig: { ...wish } },
    options,
  );
  const target = new ProxyTarget(
    name,
    {
      region: awsRegion,
      dbProxyName: proxy.name,
      targetGroupName: targets.name,
      dbClusterIdentifier: member.cluster.id,
    },
    { ...options, dependsOn: [...member.instances] },
  );
  const reader = new ProxyEndpoint(
    `${name}-reader`,
    {
      ...where,
      dbProxyName: proxy.name,
      dbProxyEndpointName: names.proxyReader,
      targetRole: "READ_ONLY",
      tags,
    },
    options,
  );
  const behind = (host: pulumi.Output<string>) => pulumi.all([host, target.id]).apply(([known]) => known);
  return { readWriteHost: behind(proxy.endpoint), readOnlyHost: behind(reader.endpoint) };
}

/** By it the proxy logs in as the owner. IAM knows no regions. */
function createProxyRole(
  name: string,
  { identifier }: AuroraTopologyPlan,
  { awsRegion, names }: AuroraRegionPlan,
  { options, key }: RegionBase,
  secretArn: pulumi.Output<string>,
  tags: Tags,
): { role: Role; policy: RolePolicy } {
  const role = new Role(
    name,
    {
      name: names.proxyAccess,
      description: `The proxy of ${identifier} in ${awsRegion}`,
      assumeRolePolicy: trustOf("rds.amazonaws.com"),
      tags,
    },
    options,
  );
  const policy = new RolePolicy(
    name,
    {
      role: role.name,
      name: "secret",
      policy: pulumi
        .all([secretArn, key.arn])
        .apply(([secret, keyArn]) => readSecretPolicy(awsRegion, secret, keyArn)),
    },
    options,
  );
  return { role, policy };
}
