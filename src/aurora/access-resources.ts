import { SecurityGroup, type SecurityGroupArgs } from "@pulumi/aws/ec2/securityGroup";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup";
import { output, type CustomResourceOptions, type Output } from "@pulumi/pulumi";
import type { AuroraNetworkArgs } from "./args";
import type { Tags } from "./global-resources";
import { port, type AuroraRegionPlan, type AuroraTopologyPlan } from "./plan";

/** Where a region's instances are, and who reaches them. */
export interface RegionAccess {
  readonly subnets: SubnetGroup;
  readonly group: SecurityGroup;
  /** That of the region's proxy, if it has one. */
  readonly proxyGroup?: SecurityGroup;
}

/** What is not named may not come in, and nothing goes out: a database answers, and calls nobody. */
export function createAccess(
  { name, identifier }: AuroraTopologyPlan,
  { region, awsRegion, names, proxy }: AuroraRegionPlan,
  { vpcId, databaseSubnetIds, clientCidrBlocks }: AuroraNetworkArgs,
  tags: Tags,
  options: CustomResourceOptions,
): RegionAccess {
  const description = `${identifier} in ${awsRegion}`;
  const common = { region: awsRegion, vpcId, tags };
  const clients = { ...postgres("networks that are let in"), cidrBlocks: closed(clientCidrBlocks) };
  const createGroup = (suffix: string, args: SecurityGroupArgs) =>
    new SecurityGroup(`${name}-${region}-${suffix}`, { ...common, ...args }, options);
  // Its way out is a rule of its own, since each of the two groups names the other.
  const proxyGroup =
    proxy === undefined
      ? undefined
      : createGroup("proxy", {
          name: names.proxyAccess,
          description: `The proxy of ${description}`,
          ingress: [clients],
        });
  return {
    subnets: new SubnetGroup(
      `${name}-${region}-subnets`,
      { region: awsRegion, name: names.subnets, description, subnetIds: databaseSubnetIds, tags },
      options,
    ),
    group: createGroup("access", {
      name: names.access,
      description,
      ingress: [
        clients,
        ...(proxyGroup === undefined
          ? []
          : [{ ...postgres("the proxy of the region"), securityGroups: [proxyGroup.id] }]),
      ],
      egress: [],
    }),
    ...(proxyGroup === undefined ? {} : { proxyGroup }),
  };
}

/** EC2 takes no apostrophe in the description of a rule. */
function postgres(from: string) {
  return { description: `PostgreSQL, from ${from}`, protocol: "tcp", fromPort: port, toPort: port };
}

/** The blocks may not be known when the rules look at them. */
function closed(blocks: AuroraNetworkArgs["clientCidrBlocks"]): Output<string[]> {
  return output(blocks).apply((known: string[]) => {
    const open = known.find((block) => block.endsWith("/0"));
    if (open !== undefined) {
      throw new Error(`clientCidrBlocks must not let everybody in, but ${open} does`);
    }
    return known;
  });
}
