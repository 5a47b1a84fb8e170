import { UNKNOWN } from "../plugin";
import { EC2, World, without } from "./world";

const ROME = "eu-south-1";
const LISBON = "eu-west-1";

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
afterEach(() => world.ministack.reset());

describe("a VPC", () => {
  test("has the outputs of the real one", async () => {
    const { id, state } = await world.make(EC2.vpc, { cidrBlock: "10.0.0.0/16", tags: { Name: "net" } });
    expect(id).toMatch(/^vpc-[0-9a-fA-F]{17}$/);
    expect(state).toMatchObject({
      id,
      arn: `arn:aws:ec2:us-east-1:111122223333:vpc/${id}`,
      cidrBlock: "10.0.0.0/16",
      region: "us-east-1",
      enableDnsSupport: true,
      defaultSecurityGroupId: expect.stringMatching(/^sg-/),
      mainRouteTableId: expect.stringMatching(/^rtb-/),
      ownerId: "111122223333",
      tags: { Name: "net" },
      tagsAll: { Name: "net" },
    });
  });

  test("is in the region that it is given, and moves with a replacement", async () => {
    const vpc = await world.vpc(ROME);
    expect(vpc.state).toMatchObject({ region: ROME, arn: expect.stringContaining(`:${ROME}:`) });
    expect(await world.ministack.contents(ROME, LISBON)).toEqual([`${ROME} vpc ${vpc.id}`]);
    expect(await world.replacedBy(vpc, { region: LISBON })).toEqual(["region"]);
  });

  test("changes its DNS and its tags in place", async () => {
    const vpc = await world.make(EC2.vpc, { cidrBlock: "10.0.0.0/16", tags: { a: "1", b: "2" } });
    const inputs = { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, tags: { b: "3" } };
    const { state } = await world.change(vpc, inputs);
    expect(state).toMatchObject({ enableDnsHostnames: true, tagsAll: { b: "3" } });
    expect((await world.refresh({ ...vpc, state }))!.state).toEqual(state);
  });

  test("is replaced when its block changes", async () => {
    expect(await world.replacedBy(await world.vpc(ROME), { cidrBlock: "10.1.0.0/16" })).toEqual([
      "cidrBlock",
    ]);
  });

  test.each([
    ["10.0.0.0/8", "the prefix of"],
    ["10.0.0.1/16", "is not a valid IPv4 CIDR block"],
  ])("is refused with the block %s", async (cidrBlock, reason) => {
    await expect(world.make(EC2.vpc, { cidrBlock })).rejects.toThrow(reason);
  });

  test("has outputs that a preview does not know, beside its region and its tags", async () => {
    const { state } = await world.plugin.create(EC2.vpc, { cidrBlock: UNKNOWN, tags: { a: "b" } }, true);
    expect(state).toMatchObject({
      id: UNKNOWN,
      arn: UNKNOWN,
      cidrBlock: UNKNOWN,
      defaultSecurityGroupId: UNKNOWN,
      region: "us-east-1",
      tagsAll: { a: "b" },
    });
  });

  test("can be imported, from another region too", async () => {
    const vpc = await world.make(EC2.vpc, { region: ROME, cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    const { id, state, inputs } = await world.plugin.read(EC2.vpc, `${vpc.id}@${ROME}`);
    expect({ id, state }).toEqual({ id: vpc.id, state: vpc.state });
    expect(inputs).toEqual({ __defaults: [], cidrBlock: "10.0.0.0/16", region: ROME, tags: { a: "b" } });
  });

  test("is gone for a refresh when somebody has deleted it", async () => {
    const vpc = await world.vpc(ROME);
    await world.ministack.ec2(ROME).deleteVpc({ VpcId: vpc.id });
    expect(await world.refresh(vpc)).toBeUndefined();
    await world.remove(vpc);
  });

  test("stays as long as something is in it", async () => {
    const vpc = await world.vpc(ROME);
    for (const inside of [
      ...(await world.subnets(vpc, "a")),
      await world.make(EC2.routeTable, { region: ROME, vpcId: vpc.id }),
      await world.make(EC2.securityGroup, { region: ROME, vpcId: vpc.id, name: "clients" }),
      await world.make(EC2.internetGateway, { region: ROME, vpcId: vpc.id }),
      await world.make(EC2.vpcEndpoint, {
        region: ROME,
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${ROME}.s3`,
      }),
    ]) {
      await expect(world.remove(vpc)).rejects.toThrow("DependencyViolation");
      await world.remove(inside);
    }
    await world.remove(vpc);
    expect(await world.ministack.contents(ROME)).toEqual([]);
  });

  test("can have a further block", async () => {
    const vpc = await world.vpc(ROME);
    const block = { region: ROME, vpcId: vpc.id, cidrBlock: "10.9.0.0/16" };
    const association = await world.make(EC2.vpcIpv4CidrBlockAssociation, block);
    expect(await world.refresh(association)).toMatchObject({ state: { cidrBlock: "10.9.0.0/16" } });
    const inputs = { region: ROME, vpcId: vpc.id, cidrBlock: "10.9.1.0/24", availabilityZone: `${ROME}a` };
    const subnet = await world.make(EC2.subnet, inputs);
    await expect(world.remove(association)).rejects.toThrow("InvalidCidrBlock.InUse");
    await world.remove(subnet, association);
    expect(await world.refresh(association)).toBeUndefined();
    expect((await world.refresh(vpc))!.state).toEqual(vpc.state);
  });
});

describe("a subnet", () => {
  test("is made, changed in place, and taken away", async () => {
    const vpc = await world.vpc(ROME);
    const [subnet] = await world.subnets(vpc, "a");
    expect(subnet!.state).toMatchObject({ availabilityZone: `${ROME}a`, mapPublicIpOnLaunch: false });
    const changed = await world.change(subnet!, { ...subnet!.inputs, mapPublicIpOnLaunch: true });
    expect(changed.state).toMatchObject({ mapPublicIpOnLaunch: true });
    expect(await world.replacedBy(changed, { availabilityZone: `${ROME}b` })).toEqual(["availabilityZone"]);
    await world.remove(changed, vpc);
  });

  test.each([
    ["of another block than its VPC's", { cidrBlock: "10.1.0.0/24" }, "InvalidSubnet.Range"],
    ["that overlaps another one", { cidrBlock: "10.0.0.0/20" }, "InvalidSubnet.Conflict"],
    ["of another region's zone", { availabilityZone: "us-east-1a" }, "is not a zone of eu-south-1"],
    ["of a VPC that does not exist", { vpcId: "vpc-00000000000000000" }, "InvalidVpcID.NotFound"],
    [
      "of a VPC in another region",
      { region: LISBON, availabilityZone: `${LISBON}a` },
      "InvalidVpcID.NotFound",
    ],
    ["of no region at all", { region: "rome" }, "invalid AWS region: rome"],
  ])("is refused as one %s", async (_, change, reason) => {
    const vpc = await world.vpc(ROME);
    const [first] = await world.subnets(vpc, "a");
    const inputs = { ...first!.inputs, cidrBlock: "10.0.64.0/24", ...change };
    await expect(world.make(EC2.subnet, inputs)).rejects.toThrow(reason);
  });
});

describe("a route to the outside", () => {
  async function outside() {
    const region = ROME;
    const vpc = await world.vpc(region);
    const [subnet] = await world.subnets(vpc, "a");
    const gateway = await world.make(EC2.internetGateway, { region, vpcId: vpc.id });
    const address = await world.make(EC2.eip, { region, domain: "vpc" });
    const nat = await world.make(EC2.natGateway, { region, subnetId: subnet!.id, allocationId: address.id });
    const table = await world.make(EC2.routeTable, { region, vpcId: vpc.id });
    const association = await world.make(EC2.routeTableAssociation, {
      region,
      routeTableId: table.id,
      subnetId: subnet!.id,
    });
    const route = await world.make(EC2.route, {
      region,
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: nat.id,
    });
    return { vpc, subnet: subnet!, gateway, address, nat, table, association, route };
  }

  test("leads through a NAT gateway with an address, and takes another target in place", async () => {
    const { nat, address, route, gateway } = await outside();
    expect(nat.state).toMatchObject({ publicIp: address.state["publicIp"], connectivityType: "public" });
    expect(route.state).toMatchObject({ state: "active", origin: "CreateRoute", natGatewayId: nat.id });
    const inputs = { ...without(route.inputs, "natGatewayId"), gatewayId: gateway.id };
    const changed = await world.change(route, inputs);
    expect(changed.state).toMatchObject({ gatewayId: gateway.id });
    expect(changed.state).not.toHaveProperty("natGatewayId");
    expect(await world.replacedBy(changed, { destinationCidrBlock: "192.0.2.0/24" })).toEqual([
      "destinationCidrBlock",
    ]);
  });

  test("goes only in the order that AWS allows", async () => {
    const { vpc, subnet, gateway, address, nat, table, association, route } = await outside();
    await expect(world.remove(address)).rejects.toThrow("InvalidIPAddress.InUse");
    await expect(world.remove(gateway)).rejects.toThrow("DependencyViolation");
    await expect(world.remove(subnet)).rejects.toThrow("DependencyViolation");
    await expect(world.remove(table)).rejects.toThrow("DependencyViolation");
    await world.remove(route, association, table, nat, address, gateway, subnet, vpc);
    expect(await world.ministack.contents(ROME)).toEqual([]);
  });

  test.each([
    ["that is there already", {}, "RouteAlreadyExists"],
    ["into its own VPC", { destinationCidrBlock: "10.0.5.0/24" }, "more specific than one of this VPC's"],
    ["to a gateway that does not exist", { natGatewayId: "nat-0" }, "InvalidNatGatewayID.NotFound"],
    ["in a table that does not exist", { routeTableId: "rtb-0" }, "InvalidRouteTableID.NotFound"],
  ])("is refused as one %s", async (_, change, reason) => {
    const { route } = await outside();
    await expect(world.make(EC2.route, { ...route.inputs, ...change })).rejects.toThrow(reason);
  });

  test("is refused before there is an internet gateway", async () => {
    const vpc = await world.vpc(ROME);
    const [subnet] = await world.subnets(vpc, "a");
    const address = await world.make(EC2.eip, { region: ROME, domain: "vpc" });
    const inputs = { region: ROME, subnetId: subnet!.id, allocationId: address.id };
    await expect(world.make(EC2.natGateway, inputs)).rejects.toThrow("Gateway.NotAttached");
  });
});

describe("a security group", () => {
  test("lets nothing out by itself, unlike the API", async () => {
    const vpc = await world.vpc(ROME);
    const group = await world.make(EC2.securityGroup, { region: ROME, vpcId: vpc.id, description: "db" });
    expect(group.state).toMatchObject({
      egress: [],
      ingress: [],
      name: expect.stringMatching(/^name-[0-9a-f]{7}$/),
    });
    expect(await world.replacedBy(group, { description: "other" })).toEqual(["description"]);
    await world.remove(group, vpc);
  });

  test("takes and gives back rules, each with its description", async () => {
    const vpc = await world.vpc(ROME);
    const group = await world.make(EC2.securityGroup, { region: ROME, vpcId: vpc.id, name: "db" });
    const inputs = {
      region: ROME,
      securityGroupId: group.id,
      cidrIpv4: "10.0.0.0/16",
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
      description: "clients of rome",
    };
    const rule = await world.make(EC2.securityGroupIngressRule, inputs);
    expect(rule.state).toMatchObject({ ...inputs, securityGroupRuleId: rule.id });
    await expect(world.make(EC2.securityGroupIngressRule, inputs)).rejects.toThrow(
      "InvalidPermission.Duplicate",
    );
    const changed = await world.change(rule, { ...inputs, description: "clients" });
    expect(changed.state).toMatchObject({ description: "clients" });
    const egress = await world.make(EC2.securityGroupEgressRule, { ...inputs, cidrIpv4: "10.1.0.0/16" });
    expect((await world.refresh(group))!.state).toMatchObject({
      ingress: [{ cidrBlocks: ["10.0.0.0/16"] }],
      egress: [{ cidrBlocks: ["10.1.0.0/16"] }],
    });
    await world.remove(changed, egress);
    expect(await world.refresh(changed)).toBeUndefined();
  });

  test("stays while another one's rule names it", async () => {
    const vpc = await world.vpc(ROME);
    const [one, other] = [
      await world.make(EC2.securityGroup, { region: ROME, vpcId: vpc.id, name: "one" }),
      await world.make(EC2.securityGroup, { region: ROME, vpcId: vpc.id, name: "other" }),
    ];
    const rule = await world.make(EC2.securityGroupIngressRule, {
      region: ROME,
      securityGroupId: one.id,
      referencedSecurityGroupId: other.id,
      ipProtocol: "-1",
    });
    await expect(world.remove(other)).rejects.toThrow("DependencyViolation");
    await world.remove(rule, other, one);
  });

  test("by default is emptied, and stays when its resource goes", async () => {
    const vpc = await world.vpc(ROME);
    const group = await world.make(EC2.defaultSecurityGroup, {
      region: ROME,
      vpcId: vpc.id,
      tags: { Name: "closed" },
    });
    expect(group.id).toBe(vpc.state["defaultSecurityGroupId"]);
    expect(group.state).toMatchObject({
      ingress: [],
      egress: [],
      name: "default",
      tagsAll: { Name: "closed" },
    });
    await world.remove(group, vpc);
    expect(await world.ministack.contents(ROME)).toEqual([]);
  });
});

describe("an endpoint and a flow log", () => {
  test("are made, changed and taken away", async () => {
    const vpc = await world.vpc(ROME);
    const tables = [
      await world.make(EC2.routeTable, { region: ROME, vpcId: vpc.id }),
      await world.make(EC2.routeTable, { region: ROME, vpcId: vpc.id }),
    ];
    const service = { region: ROME, vpcId: vpc.id, serviceName: `com.amazonaws.${ROME}.s3` };
    const endpoint = await world.make(EC2.vpcEndpoint, { ...service, routeTableIds: [tables[0]!.id] });
    expect(endpoint.state).toMatchObject({ vpcEndpointType: "Gateway", state: "available" });
    const changed = await world.change(endpoint, { ...service, routeTableIds: [tables[1]!.id] });
    expect(changed.state).toMatchObject({ routeTableIds: [tables[1]!.id] });

    const log = await world.make(EC2.flowLog, {
      region: ROME,
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestination: `arn:aws:logs:${ROME}:111122223333:log-group:flow`,
      iamRoleArn: "arn:aws:iam::111122223333:role/flow",
    });
    expect(await world.refresh(log)).toEqual(log);
    expect(await world.replacedBy(log, { trafficType: "REJECT" })).toEqual(["trafficType"]);
    await world.remove(log, changed, ...tables, vpc);
    expect(await world.ministack.contents(ROME)).toEqual([]);
  });

  test("are refused where AWS would", async () => {
    const vpc = await world.vpc(ROME);
    const endpoint = { region: ROME, vpcId: vpc.id, serviceName: `com.amazonaws.${LISBON}.s3` };
    await expect(world.make(EC2.vpcEndpoint, endpoint)).rejects.toThrow("is not a service of eu-south-1");
    const log = { region: ROME, vpcId: vpc.id, trafficType: "ALL", logDestination: "arn:aws:logs:::x" };
    await expect(world.make(EC2.flowLog, log)).rejects.toThrow("DeliverLogsPermissionArn can't be empty");
  });
});

describe("a peering of two regions", () => {
  async function two(lisbonBlock = "10.1.0.0/16") {
    return { rome: await world.vpc(ROME), lisbon: await world.vpc(LISBON, lisbonBlock) };
  }

  test("is asked for, accepted, given options on both sides, and routed", async () => {
    const { rome, lisbon } = await two();
    const peering = await world.make(EC2.vpcPeeringConnection, {
      region: ROME,
      vpcId: rome.id,
      peerVpcId: lisbon.id,
      peerRegion: LISBON,
    });
    expect(peering.state).toMatchObject({ acceptStatus: "pending-acceptance", peerOwnerId: "111122223333" });
    const options = { vpcPeeringConnectionId: peering.id, requester: { allowRemoteVpcDnsResolution: true } };
    await expect(world.make(EC2.peeringConnectionOptions, { region: ROME, ...options })).rejects.toThrow(
      "is not active",
    );
    const wrong = { region: ROME, vpcPeeringConnectionId: peering.id, autoAccept: true };
    await expect(world.make(EC2.vpcPeeringConnectionAccepter, wrong)).rejects.toThrow(
      "must be accepted in region eu-west-1",
    );
    const accepter = await world.make(EC2.vpcPeeringConnectionAccepter, { ...wrong, region: LISBON });
    expect(accepter.state).toMatchObject({ acceptStatus: "active", vpcId: lisbon.id, peerVpcId: rome.id });
    expect(await world.refresh(peering)).toMatchObject({ state: { acceptStatus: "active" } });

    await expect(world.make(EC2.peeringConnectionOptions, { region: LISBON, ...options })).rejects.toThrow(
      "OperationNotPermitted",
    );
    const made = await world.make(EC2.peeringConnectionOptions, { region: ROME, ...options });
    expect(await world.refresh(made)).toMatchObject({
      state: { requester: { allowRemoteVpcDnsResolution: true } },
    });
    const table = await world.make(EC2.routeTable, { region: LISBON, vpcId: lisbon.id });
    const route = await world.make(EC2.route, {
      region: LISBON,
      routeTableId: table.id,
      destinationCidrBlock: "10.0.0.0/16",
      vpcPeeringConnectionId: peering.id,
    });
    expect(route.state).toMatchObject({ vpcPeeringConnectionId: peering.id });
    for (const same of [peering, accepter, made, route]) {
      expect(await world.replacedBy((await world.refresh(same))!, { region: "eu-west-3" })).toEqual([
        "region",
      ]);
    }
    await world.remove(route, table, made, accepter, peering, rome, lisbon);
    expect(await world.refresh(accepter)).toBeUndefined();
    expect(await world.ministack.contents(ROME, LISBON)).toEqual([]);
  });

  test("fails when their blocks overlap, or there is no such VPC", async () => {
    const { rome, lisbon } = await two("10.0.0.0/16");
    const inputs = { region: ROME, vpcId: rome.id, peerVpcId: lisbon.id, peerRegion: LISBON };
    await expect(world.make(EC2.vpcPeeringConnection, inputs)).rejects.toThrow("overlapping CIDR range");
    const nowhere = { ...inputs, peerRegion: ROME };
    await expect(world.make(EC2.vpcPeeringConnection, nowhere)).rejects.toThrow("incorrect VPC-ID");
  });
});
