import { inputsOf, register, type Registered } from "./networks";

// By the names that checkov has for them.
describe("the security of RegionNetworks", () => {
  let registered: Registered[];

  beforeAll(async () => {
    ({ registered } = await register({
      regions: { "us-east-1": {}, "eu-west-1": { nat: "onePerZone" }, "ap-south-1": {} },
      defaults: { endpoints: ["kms", "logs"] },
      publicRoutes: true,
      peers: { legacy: { awsRegion: "eu-west-1", vpcId: "vpc-1", cidrBlock: "172.31.0.0/16" } },
    }));
  });

  const all = (type: string) => inputsOf(registered, type);
  const each = (type: string) => Object.values(all(type));
  const policyOf = ({ policy }: Registered["inputs"]) => JSON.parse(policy as string) as Policy;

  it("CKV_AWS_130: no subnet gives a public address by itself", () => {
    expect(each("Subnet")).toHaveLength(27);
    expect(each("Subnet").map(({ mapPublicIpOnLaunch }) => mapPublicIpOnLaunch)).toEqual(
      Array(27).fill(false),
    );
  });

  it("CKV_AWS_23: every security group and every rule says what it is for", () => {
    const described = [...each("SecurityGroup"), ...each("SecurityGroupIngressRule")];
    expect(described).toHaveLength(6);
    expect(described.filter(({ description }) => !description)).toEqual([]);
  });

  it("CKV_AWS_277: no rule lets everybody in, on any port", () => {
    expect(
      each("SecurityGroupIngressRule").map(({ cidrIpv4, fromPort, toPort }) => [cidrIpv4, fromPort, toPort]),
    ).toEqual([
      ["10.9.0.0/16", 443, 443],
      ["10.1.0.0/16", 443, 443],
      ["10.0.0.0/16", 443, 443],
    ]);
    expect(each("SecurityGroup").filter((group) => "ingress" in group)).toEqual([]);
  });

  it("CKV_AWS_382: no rule lets anything out", () => {
    expect(all("SecurityGroupEgressRule")).toEqual({});
    expect(each("SecurityGroup").filter((group) => "egress" in group)).toEqual([]);
  });

  it("CKV_AWS_158: every log group is encrypted with a key of its region's own", () => {
    expect(Object.entries(all("LogGroup")).map(([name, { kmsKeyId }]) => [name, kmsKeyId])).toEqual(
      ["ap-south-1", "eu-west-1", "us-east-1"].map((region) => [
        `net-${region}-flow-logs`,
        `arn of net-${region}-logs`,
      ]),
    );
  });

  it("CKV_AWS_338: logs are kept for a year", () => {
    expect(each("LogGroup").map(({ retentionInDays }) => retentionInDays)).toEqual([365, 365, 365]);
  });

  it("CKV_AWS_7: every key is rotated", () => {
    expect(each("Key").map(({ enableKeyRotation }) => enableKeyRotation)).toEqual([true, true, true]);
  });

  it("CKV_AWS_33: no key is everybody's", () => {
    const principals = each("Key").flatMap((key) =>
      policyOf(key).Statement.map(({ Principal }) => Principal),
    );
    expect(principals.slice(0, 2)).toEqual([
      { AWS: "arn:aws:iam::123456789012:root" },
      { Service: "logs.ap-south-1.amazonaws.com" },
    ]);
    expect(JSON.stringify(principals)).not.toContain("*");
  });

  it("CKV2_AWS_64: every key has a policy, and lets CloudWatch use it for log groups of the account alone", () => {
    expect(policyOf(all("Key")["net-eu-west-1-logs"]!).Statement[1]!.Condition).toEqual({
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*" },
    });
    expect(each("Key").filter(({ policy }) => policy === undefined)).toEqual([]);
  });

  it("CKV2_AWS_11: every VPC has flow logs, of all traffic", () => {
    expect(each("FlowLog").map(({ vpcId, trafficType }) => [vpcId, trafficType])).toEqual(
      Object.keys(all("Vpc")).map((name) => [`${name} id`, "ALL"]),
    );
    expect(all("FlowLog")["net-eu-west-1-flow-logs"]).toMatchObject({
      logDestination: "arn of net-eu-west-1-flow-logs",
      iamRoleArn: "arn of net-eu-west-1-flow-logs",
    });
  });

  it("CKV2_AWS_12: the default security group of every VPC lets nothing in or out", () => {
    expect(
      each("DefaultSecurityGroup").map(({ vpcId, ingress, egress }) => [vpcId, ingress, egress]),
    ).toEqual(Object.keys(all("Vpc")).map((name) => [`${name} id`, [], []]));
  });

  it("CKV2_AWS_19: every public address is that of a NAT gateway", () => {
    const attached = each("NatGateway").map(({ allocationId }) => allocationId);
    expect(attached).toEqual(Object.keys(all("Eip")).map((name) => `${name} id`));
    expect(attached).toHaveLength(3);
  });

  it("CKV2_AWS_44: every route through a connection leads to the block of its other side alone", () => {
    const blocks: Record<string, string> = {
      "us-east-1": "10.0.0.0/16",
      "eu-west-1": "10.1.0.0/16",
      "ap-south-1": "10.9.0.0/16",
      legacy: "172.31.0.0/16",
    };
    const routes = Object.entries(all("Route")).filter(([, route]) => "vpcPeeringConnectionId" in route);
    // To two regions and the peer, from public, database and private tables: three private ones where each zone has NAT.
    expect(routes).toHaveLength(3 * (3 + 3 + 5));
    for (const [, { routeTableId, destinationCidrBlock, vpcPeeringConnectionId }] of routes) {
      const own = Object.keys(blocks).find((name) => String(routeTableId).startsWith(`net-${name}-`))!;
      const pair = String(vpcPeeringConnectionId).replace(/^net-|-peering id$/g, "");
      const other = Object.keys(blocks).find(
        (name) => pair === `${own}-${name}` || pair === `${name}-${own}`,
      )!;
      expect(destinationCidrBlock).toBe(blocks[other]);
    }
  });

  it("keeps the role of flow logs to one log group, and to flow logs of the account and region", () => {
    const { policy } = all("RolePolicy")["net-eu-west-1-flow-logs"]!;
    expect(JSON.parse(policy as string)).toMatchObject({
      Statement: [
        { Resource: "arn of net-eu-west-1-flow-logs:*" },
        { Action: "logs:DescribeLogGroups", Resource: "arn:aws:logs:eu-west-1:123456789012:log-group:*" },
      ],
    });
    const { assumeRolePolicy } = all("Role")["net-eu-west-1-flow-logs"]!;
    expect(JSON.parse(assumeRolePolicy as string)).toMatchObject({
      Statement: [
        {
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-west-1:123456789012:vpc-flow-log/*" },
          },
        },
      ],
    });
  });
});

interface Policy {
  readonly Statement: readonly { readonly Principal: object; readonly Condition?: object }[];
}
