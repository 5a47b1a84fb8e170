import type { Resource } from "./stack";

/** A resource as it stands in the state, with what each of its inputs depends on. */
export interface DeclaredResource extends Omit<Resource, "inputs"> {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly propertyDependencies?: Record<string, string[] | null>;
}

/** What Terraform calls the types of the AWS provider that this package uses. A new one fails until it is here. */
const terraformTypes: Record<string, string> = {
  "aws:backup/plan:Plan": "aws_backup_plan",
  "aws:backup/selection:Selection": "aws_backup_selection",
  "aws:backup/vault:Vault": "aws_backup_vault",
  "aws:cloudwatch/logGroup:LogGroup": "aws_cloudwatch_log_group",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "aws_default_security_group",
  "aws:ec2/eip:Eip": "aws_eip",
  "aws:ec2/flowLog:FlowLog": "aws_flow_log",
  "aws:ec2/internetGateway:InternetGateway": "aws_internet_gateway",
  "aws:ec2/launchTemplate:LaunchTemplate": "aws_launch_template",
  "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": "aws_main_route_table_association",
  "aws:ec2/managedPrefixList:ManagedPrefixList": "aws_ec2_managed_prefix_list",
  "aws:ec2/natGateway:NatGateway": "aws_nat_gateway",
  "aws:ec2/route:Route": "aws_route",
  "aws:ec2/routeTable:RouteTable": "aws_route_table",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "aws_route_table_association",
  "aws:ec2/securityGroup:SecurityGroup": "aws_security_group",
  "aws:ec2/subnet:Subnet": "aws_subnet",
  "aws:ec2/vpc:Vpc": "aws_vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "aws_vpc_endpoint",
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": "aws_vpc_peering_connection",
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": "aws_vpc_peering_connection_accepter",
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "aws_ec2_transit_gateway_vpc_attachment",
  "aws:eks/accessEntry:AccessEntry": "aws_eks_access_entry",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": "aws_eks_access_policy_association",
  "aws:eks/addon:Addon": "aws_eks_addon",
  "aws:eks/cluster:Cluster": "aws_eks_cluster",
  "aws:eks/nodeGroup:NodeGroup": "aws_eks_node_group",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
  "aws:iam/role:Role": "aws_iam_role",
  "aws:iam/rolePolicy:RolePolicy": "aws_iam_role_policy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "aws_iam_role_policy_attachment",
  "aws:kms/alias:Alias": "aws_kms_alias",
  "aws:kms/key:Key": "aws_kms_key",
  "aws:networkmanager/vpcAttachment:VpcAttachment": "aws_networkmanager_vpc_attachment",
  "aws:rds/cluster:Cluster": "aws_rds_cluster",
  "aws:rds/clusterInstance:ClusterInstance": "aws_rds_cluster_instance",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": "aws_rds_cluster_parameter_group",
  "aws:rds/globalCluster:GlobalCluster": "aws_rds_global_cluster",
  "aws:rds/parameterGroup:ParameterGroup": "aws_db_parameter_group",
  "aws:rds/proxy:Proxy": "aws_db_proxy",
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": "aws_db_proxy_default_target_group",
  "aws:rds/proxyEndpoint:ProxyEndpoint": "aws_db_proxy_endpoint",
  "aws:rds/proxyTarget:ProxyTarget": "aws_db_proxy_target",
  "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
  "aws:route53/healthCheck:HealthCheck": "aws_route53_health_check",
  "aws:route53/record:Record": "aws_route53_record",
  "aws:secretsmanager/secret:Secret": "aws_secretsmanager_secret",
  "aws:secretsmanager/secretVersion:SecretVersion": "aws_secretsmanager_secret_version",
  "aws:ssm/parameter:Parameter": "aws_ssm_parameter",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "aws_vpc_security_group_egress_rule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
};

/** Pulumi has lists of blocks in the plural. */
const blocks: Record<string, string> = {
  "aws_backup_plan rules": "rule",
  "aws_db_parameter_group parameters": "parameter",
  "aws_db_proxy auths": "auth",
  "aws_rds_cluster_parameter_group parameters": "parameter",
  "aws_route53_record aliases": "alias",
  "aws_route53_record geolocation_routing_policies": "geolocation_routing_policy",
  "aws_route53_record latency_routing_policies": "latency_routing_policy",
  "aws_route53_record weighted_routing_policies": "weighted_routing_policy",
};

interface Rendered {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly values: Record<string, unknown>;
  readonly references: Record<string, Expression>;
}

interface References {
  readonly references: string[];
}

/** Of a property, or of the properties of a block. */
type Expression = References | readonly Record<string, References>[];

/**
 * What is in a state, as Terraform would show a plan of the same resources in JSON: the inputs of each, under
 * Terraform's names. An input that is another resource's id or ARN is left out of the values, as Terraform does with
 * what is not known yet, and is told as a reference. Secrets are not told.
 */
export function terraformPlan(resources: readonly DeclaredResource[]): object {
  const ofAws = resources.filter(({ type }) => type.startsWith("aws:"));
  const references = new Map(ofAws.map((resource) => [resource.urn, referencesTo(resource)]));
  const rendered = ofAws.map((resource) => render(resource, references));
  return {
    format_version: "1.2",
    terraform_version: "1.9.0",
    planned_values: {
      root_module: {
        resources: rendered.map(({ address, type, name, values }) => ({
          ...{ address, mode: "managed", type, name, values },
          provider_name: "registry.terraform.io/hashicorp/aws",
        })),
      },
    },
    resource_changes: rendered.map(({ address, type, name, values }) => ({
      ...{ address, mode: "managed", type, name },
      change: { actions: ["create"], before: null, after: values, after_unknown: {} },
    })),
    configuration: {
      provider_config: { aws: { name: "aws" } },
      root_module: {
        resources: rendered.map(({ address, type, name, references: expressions }) => ({
          ...{ address, mode: "managed", type, name, expressions },
          provider_config_key: "aws",
        })),
      },
    },
  };
}

/** By which values others refer to it, and what Terraform writes instead. */
function referencesTo({ type, urn, id, outputs }: DeclaredResource): ReadonlyMap<unknown, string> {
  const address = addressOf(type, urn);
  return new Map<unknown, string>([
    [outputs?.["name"], `${address}.name`],
    [outputs?.["arn"], `${address}.arn`],
    [id, `${address}.id`],
  ]);
}

function render(
  { type, urn, inputs = {}, propertyDependencies = {} }: DeclaredResource,
  references: ReadonlyMap<string, ReadonlyMap<unknown, string>>,
): Rendered {
  const own = { address: addressOf(type, urn), type: terraformType(type), name: nameOf(urn) };
  const values: Record<string, unknown> = {};
  const referring: Record<string, Expression> = {};
  for (const [property, value] of Object.entries(inputs)) {
    if (property.startsWith("__")) {
      continue;
    }
    const name = blocks[`${own.type} ${snakeCase(property)}`] ?? snakeCase(property);
    const others = (propertyDependencies[property] ?? []).flatMap((each) => references.get(each) ?? []);
    const found = referencesIn(value, others);
    if (found !== undefined) {
      referring[name] = found;
      continue;
    }
    const within = isBlock(value) && !Array.isArray(value) ? Object.entries(value) : [];
    const told = within.flatMap(([inner, each]) => {
      const known = referencesIn(each, others);
      return known === undefined ? [] : [[inner, known] as const];
    });
    if (told.length === 0) {
      values[name] = asBlocks(name, value);
      continue;
    }
    const untold = within.filter(([inner]) => !told.some(([other]) => other === inner));
    referring[name] = [Object.fromEntries(told.map(([inner, known]) => [snakeCase(inner), known]))];
    values[name] = asBlocks(name, Object.fromEntries(untold));
  }
  return { ...own, values, references: referring };
}

/** What a value refers to, if it is nothing but ids, ARNs and names of others. */
function referencesIn(
  value: unknown,
  others: readonly ReadonlyMap<unknown, string>[],
): References | undefined {
  const found = [value].flat().map((each) => others.find((other) => other.has(each))?.get(each));
  return found.length > 0 && found.every((each) => each !== undefined)
    ? { references: found.flatMap((each) => [each, each.replace(/\.\w+$/, "")]) }
    : undefined;
}

/** Terraform has a list of blocks also where there is one at most. */
function asBlocks(name: string, value: unknown): unknown {
  if (name === "tags" || typeof value !== "object" || value === null) {
    return value;
  }
  if ("4dabf18193072939515e22adb298388d" in value) {
    return "(secret)";
  }
  return Array.isArray(value)
    ? value.map((each: unknown) => (isBlock(each) ? inBlock(each) : each))
    : [inBlock(value)];
}

function isBlock(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function inBlock(block: object): object {
  return Object.fromEntries(
    Object.entries(block).map(([property, value]) => [
      snakeCase(property),
      asBlocks(snakeCase(property), value),
    ]),
  );
}

function addressOf(type: string, urn: string): string {
  return `${terraformType(type)}.${nameOf(urn)}`;
}

function terraformType(type: string): string {
  const found = terraformTypes[type];
  if (found === undefined) {
    throw new Error(
      `what is ${type} called in Terraform? It is to be added in test/support/terraform-plan.ts`,
    );
  }
  return found;
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1)!;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
