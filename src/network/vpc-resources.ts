import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { tagged, type Scope } from "./scope";

export interface VpcResources {
  readonly vpc: Vpc;
  /** Absent without public subnets. */
  readonly internet?: InternetGateway;
}

/** The VPC, its way to the Internet, and its default security group, which lets nothing in or out. */
export function createVpc(scope: Scope, cidrBlock: string, isPublic: boolean): VpcResources {
  const { prefix, parent } = scope;
  const vpc = new Vpc(
    `${prefix}-vpc`,
    { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, ...tagged(scope, "vpc") },
    { parent },
  );
  new DefaultSecurityGroup(
    `${prefix}-default`,
    { vpcId: vpc.id, ingress: [], egress: [], ...tagged(scope, "default") },
    { parent },
  );
  if (!isPublic) {
    return { vpc };
  }
  const internet = new InternetGateway(
    `${prefix}-internet`,
    { vpcId: vpc.id, ...tagged(scope, "internet") },
    { parent },
  );
  return { vpc, internet };
}
