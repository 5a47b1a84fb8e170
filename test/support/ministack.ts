import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { EC2 } from "@aws-sdk/client-ec2";
import { KMS } from "@aws-sdk/client-kms";
import { RDS } from "@aws-sdk/client-rds";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";

const server = pathToFileURL(join(__dirname, "../../tools/ministack/server.mjs")).href;

interface Started {
  readonly endpoint: string;
  readonly pid: number;
  /** What makes an AWS client find it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A fake of the AWS API on this machine, with nothing in it. */
export class MiniStack {
  private constructor(private readonly started: Started) {}

  static async start(): Promise<MiniStack> {
    const { startMiniStack } = (await import(server)) as { startMiniStack(): Promise<Started> };
    return new MiniStack(await startMiniStack());
  }

  get endpoint(): string {
    return this.started.endpoint;
  }

  get pid(): number {
    return this.started.pid;
  }

  /** What the environment of an AWS client needs. */
  get env(): Readonly<Record<string, string>> {
    return this.started.env;
  }

  stop(): Promise<void> {
    return this.started.stop();
  }

  /** Takes away everything that is in it. */
  async reset(): Promise<void> {
    await fetch(`${this.endpoint}/_ministack/reset`, { method: "POST" });
  }

  ec2(region: string): EC2 {
    return new EC2(this.client(region));
  }

  rds(region: string): RDS {
    return new RDS(this.client(region));
  }

  kms(region: string): KMS {
    return new KMS(this.client(region));
  }

  secretsManager(region: string): SecretsManager {
    return new SecretsManager(this.client(region));
  }

  /** What is in it, but for what AWS itself makes: one text each, such as `us-east-1 vpc vpc-…`. */
  async contents(...regions: string[]): Promise<string[]> {
    const found = await Promise.all(
      regions.map(async (region) =>
        [await this.inEc2(region), await this.inRds(region), await this.inVaults(region)]
          .flat()
          .map((what) => `${region} ${what}`),
      ),
    );
    const { GlobalClusters = [] } = await this.rds(regions[0]!).describeGlobalClusters();
    const globals = GlobalClusters.map(({ GlobalClusterIdentifier: id }) => `global cluster ${id}`);
    return [...found.flat(), ...globals].sort();
  }

  private async inEc2(region: string): Promise<string[]> {
    const ec2 = this.ec2(region);
    const { Vpcs = [] } = await ec2.describeVpcs();
    const ours = Vpcs.filter(({ IsDefault }) => !IsDefault).map(({ VpcId }) => VpcId!);
    const isOurs = ({ VpcId }: { VpcId?: string | undefined }) => ours.includes(VpcId ?? "");
    const [subnets, tables, groups, gateways, nats, addresses, endpoints, logs, peerings] = await Promise.all(
      [
        ec2.describeSubnets(),
        ec2.describeRouteTables(),
        ec2.describeSecurityGroups(),
        ec2.describeInternetGateways(),
        ec2.describeNatGateways(),
        ec2.describeAddresses(),
        ec2.describeVpcEndpoints(),
        ec2.describeFlowLogs(),
        ec2.describeVpcPeeringConnections(),
      ],
    );
    return [
      ...ours.map((id) => `vpc ${id}`),
      ...(subnets.Subnets ?? []).filter(isOurs).map(({ SubnetId }) => `subnet ${SubnetId}`),
      ...(tables.RouteTables ?? [])
        .filter((table) => isOurs(table) && !table.Associations?.some(({ Main }) => Main))
        .map(({ RouteTableId }) => `route table ${RouteTableId}`),
      ...(groups.SecurityGroups ?? [])
        .filter((group) => isOurs(group) && group.GroupName !== "default")
        .map(({ GroupId }) => `security group ${GroupId}`),
      ...(gateways.InternetGateways ?? [])
        .filter(({ Attachments = [] }) => Attachments.length === 0 || Attachments.some(isOurs))
        .map(({ InternetGatewayId }) => `internet gateway ${InternetGatewayId}`),
      ...(nats.NatGateways ?? [])
        .filter(({ State }) => State !== "deleted")
        .map(({ NatGatewayId }) => `NAT gateway ${NatGatewayId}`),
      ...(addresses.Addresses ?? []).map(({ AllocationId }) => `address ${AllocationId}`),
      ...(endpoints.VpcEndpoints ?? []).map(({ VpcEndpointId }) => `VPC endpoint ${VpcEndpointId}`),
      ...(logs.FlowLogs ?? []).map(({ FlowLogId }) => `flow log ${FlowLogId}`),
      ...(peerings.VpcPeeringConnections ?? [])
        .filter(({ Status }) => Status?.Code !== "deleted")
        .map(({ VpcPeeringConnectionId }) => `peering ${VpcPeeringConnectionId}`),
    ];
  }

  private async inRds(region: string): Promise<string[]> {
    const rds = this.rds(region);
    const [clusters, instances, subnetGroups, clusterGroups, groups] = await Promise.all([
      rds.describeDBClusters(),
      rds.describeDBInstances(),
      rds.describeDBSubnetGroups(),
      rds.describeDBClusterParameterGroups(),
      rds.describeDBParameterGroups(),
    ]);
    return [
      ...(clusters.DBClusters ?? []).map(({ DBClusterIdentifier }) => `cluster ${DBClusterIdentifier}`),
      ...(instances.DBInstances ?? []).map(({ DBInstanceIdentifier }) => `instance ${DBInstanceIdentifier}`),
      ...(subnetGroups.DBSubnetGroups ?? []).map(
        ({ DBSubnetGroupName }) => `subnet group ${DBSubnetGroupName}`,
      ),
      ...(clusterGroups.DBClusterParameterGroups ?? []).map(
        ({ DBClusterParameterGroupName }) => `cluster parameter group ${DBClusterParameterGroupName}`,
      ),
      ...(groups.DBParameterGroups ?? []).map(
        ({ DBParameterGroupName }) => `parameter group ${DBParameterGroupName}`,
      ),
    ];
  }

  /** A key that waits for its deletion counts as gone: AWS lets none go at once. */
  private async inVaults(region: string): Promise<string[]> {
    const kms = this.kms(region);
    const [keys, aliases, secrets] = await Promise.all([
      kms.listKeys(),
      kms.listAliases(),
      this.secretsManager(region).listSecrets(),
    ]);
    const states = await Promise.all((keys.Keys ?? []).map(({ KeyId }) => kms.describeKey({ KeyId })));
    return [
      ...states
        .filter(({ KeyMetadata }) => KeyMetadata?.KeyState !== "PendingDeletion")
        .map(({ KeyMetadata }) => `key ${KeyMetadata?.KeyId}`),
      ...(aliases.Aliases ?? []).map(({ AliasName }) => `key ${AliasName}`),
      ...(secrets.SecretList ?? []).map(({ Name }) => `secret ${Name}`),
    ];
  }

  private client(region: string) {
    const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = this.env;
    return { region, endpoint: this.endpoint, credentials: { accessKeyId, secretAccessKey } };
  }
}
