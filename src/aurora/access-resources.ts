import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup";
import { output, type CustomResourceOptions } from "@pulumi/pulumi";
import type { AuroraNetworkArgs } from "./args";
import type { Tags } from "./global-resources";
import { port, type AuroraRegionPlan, type AuroraTopologyPlan } from "./plan";

/** Where a region's instances are, and who reaches them. */
export interface RegionAccess {
  readonly subnets: SubnetGroup;
  readonly group: SecurityGroup;
}

/** What is not named may not come in, and nothing goes out: a database answers, and calls nobody. */
export function createAccess(
  { name, identifier }: AuroraTopologyPlan,
  { region, awsRegion, names }: AuroraRegionPlan,
  { vpcId, databaseSubnetIds, clientCidrBlocks }: AuroraNetworkArgs,
  tags: Tags,
  options: CustomResourceOptions,
): RegionAccess {
  const description = `${identifier} in ${awsRegion}`;
  return {
    subnets: new SubnetGroup(
      `${name}-${region}-subnets`,
      { region: awsRegion, name: names.subnets, description, subnetIds: databaseSubnetIds, tags },
      options,
    ),
    group: new SecurityGroup(
      `${name}-${region}-access`,
      {
        region: awsRegion,
        name: names.access,
        description,
        vpcId,
        ingress: [
          {
            description: "PostgreSQL, from networks that are let in",
            protocol: "tcp",
            fromPort: port,
            toPort: port,
            cidrBlocks: output(clientCidrBlocks).apply(refuseEverybody),
          },
        ],
        egress: [],
        tags,
      },
      options,
    ),
  };
}

/** The blocks may not be known when the rules look at them. */
function refuseEverybody(blocks: string[]): string[] {
  const open = blocks.find((block) => block.endsWith("/0"));
  if (open !== undefined) {
    throw new Error(`clientCidrBlocks must not let everybody in, but ${open} does`);
  }
  return blocks;
}
