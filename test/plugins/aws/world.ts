import { MiniStack } from "../../support/ministack";
import { Plugin, reveal, type Properties } from "../plugin";

export const EC2 = {
  defaultSecurityGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  eip: "aws:ec2/eip:Eip",
  flowLog: "aws:ec2/flowLog:FlowLog",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  natGateway: "aws:ec2/natGateway:NatGateway",
  route: "aws:ec2/route:Route",
  routeTable: "aws:ec2/routeTable:RouteTable",
  routeTableAssociation: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  securityGroupEgressRule: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  securityGroupIngressRule: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  subnet: "aws:ec2/subnet:Subnet",
  vpc: "aws:ec2/vpc:Vpc",
  vpcEndpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  vpcIpv4CidrBlockAssociation: "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
  vpcPeeringConnection: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
  vpcPeeringConnectionAccepter: "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
  peeringConnectionOptions: "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions",
};

export const RDS = {
  cluster: "aws:rds/cluster:Cluster",
  clusterInstance: "aws:rds/clusterInstance:ClusterInstance",
  clusterParameterGroup: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  globalCluster: "aws:rds/globalCluster:GlobalCluster",
  parameterGroup: "aws:rds/parameterGroup:ParameterGroup",
  subnetGroup: "aws:rds/subnetGroup:SubnetGroup",
};

export const KEY = "aws:kms/key:Key";
export const ALIAS = "aws:kms/alias:Alias";
export const SECRET = "aws:secretsmanager/secret:Secret";
export const SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

/** A resource as the engine knows it between two operations. */
export interface Made {
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

export const without = (properties: Properties, name: string): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name));

/** The plugin before a MiniStack of its own. */
export class World {
  private constructor(
    readonly ministack: MiniStack,
    readonly plugin: Plugin,
  ) {}

  static async start(config: Properties = {}): Promise<World> {
    const ministack = await MiniStack.start();
    const plugin = await Plugin.start("aws", { ...ministack.env });
    await plugin.configure(config);
    return new World(ministack, plugin);
  }

  async stop(): Promise<void> {
    await this.plugin.stop();
    await this.ministack.stop();
  }

  /** Checks and creates, as the engine does. */
  async make(type: string, given: Properties): Promise<Made> {
    const inputs = await this.checked(type, given);
    const { id, state } = await this.plugin.create(type, inputs);
    return { type, id, inputs, state: reveal(state) };
  }

  /** Checks other inputs, and updates what must not be replaced by them. */
  async change(made: Made, given: Properties, ignoreChanges: string[] = []): Promise<Made> {
    const inputs = await this.checked(made.type, given, made.inputs);
    expect(await this.plugin.diff(made.type, made.state, inputs, ignoreChanges)).toMatchObject({
      changed: true,
      replaces: [],
    });
    const state = await this.plugin.update(made.type, made.state, inputs, { id: made.id, ignoreChanges });
    return { ...made, inputs, state: reveal(state) };
  }

  /** What changes if the program gives other inputs; the same ones must change nothing. */
  async replacedBy(made: Made, change: Properties): Promise<string[]> {
    const same = await this.checked(made.type, made.inputs, made.inputs);
    expect(await this.plugin.diff(made.type, made.state, same)).toMatchObject({ changed: false });
    const inputs = await this.checked(made.type, { ...made.inputs, ...change }, made.inputs);
    return (await this.plugin.diff(made.type, made.state, inputs)).replaces;
  }

  async refresh(made: Made): Promise<Made | undefined> {
    const { id, state, inputs } = await this.plugin.read(made.type, made.id, made.state, made.inputs);
    return id === "" ? undefined : { ...made, state: reveal(state), inputs: reveal(inputs) };
  }

  async remove(...all: Made[]): Promise<void> {
    for (const { type, id, state } of all) {
      await this.plugin.delete(type, state, id);
    }
  }

  vpc(region: string, cidrBlock = "10.0.0.0/16"): Promise<Made> {
    return this.make(EC2.vpc, { region, cidrBlock });
  }

  async subnets(vpc: Made, ...zones: string[]): Promise<Made[]> {
    const { region, cidrBlock } = vpc.inputs as { region: string; cidrBlock: string };
    const made: Made[] = [];
    for (const [index, zone] of zones.entries()) {
      made.push(
        await this.make(EC2.subnet, {
          region,
          vpcId: vpc.id,
          cidrBlock: cidrBlock.replace("0.0/16", `${index}.0/24`),
          availabilityZone: `${region}${zone}`,
        }),
      );
    }
    return made;
  }

  private async checked(type: string, given: Properties, olds: Properties = {}): Promise<Properties> {
    const { inputs, failures } = await this.plugin.check(type, given, olds);
    if (failures.length > 0) {
      throw new Error(failures.join("; "));
    }
    return inputs;
  }
}
