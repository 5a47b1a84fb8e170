import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/aws/provider";
import type { RegionNetworksArgs } from "../../../src/network/args";
import { inputsOf, register, type Registered } from "./networks";

/** Everything that there can be, in two regions, with a VPC that was brought and two peers. */
const rich: RegionNetworksArgs<"rome" | "lisbon" | "old"> = {
  regions: {
    rome: { awsRegion: "eu-south-1", nat: "onePerZone", endpoints: ["secretsmanager"] },
    lisbon: { awsRegion: "eu-west-1", nat: "one", zones: ["b", "a"] },
    old: {
      awsRegion: "us-west-1",
      vpc: {
        vpcId: "vpc-0",
        cidrBlock: "192.168.0.0/20",
        databaseSubnetIds: ["subnet-1", "subnet-2"],
        routeTableIds: { main: "rtb-1" },
      },
    },
  },
  peers: {
    legacy: {
      awsRegion: "eu-central-1",
      vpcId: "vpc-1",
      cidrBlock: "172.31.0.0/16",
      routeTableIds: { main: "rtb-2" },
      regions: ["lisbon"],
    },
    partner: {
      awsRegion: "eu-west-3",
      vpcId: "vpc-2",
      cidrBlock: "172.30.0.0/16",
      accountId: "210987654321",
      regions: ["lisbon"],
    },
  },
  tags: { team: "data" },
};

describe("RegionNetworks", () => {
  let registered: Registered[];
  let networks: Awaited<ReturnType<typeof register<"rome" | "lisbon" | "old">>>["networks"];

  beforeAll(async () => {
    ({ networks, registered } = await register(rich));
  });

  const all = (type: string) => inputsOf(registered, type);

  it("names the AWS region on everything that is in one", () => {
    const global = ["aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"];
    const awsRegions: Record<string, string[]> = {};
    for (const { name, inputs } of registered.filter(({ type }) => isOfAws(type) && !global.includes(type))) {
      (awsRegions[inputs["region"] as string] ??= []).push(name);
    }
    expect(Object.keys(awsRegions).sort()).toEqual(["eu-central-1", "eu-south-1", "eu-west-1", "us-west-1"]);
    expect(awsRegions["eu-south-1"]!.filter((name) => !name.includes("rome"))).toEqual([]);
    expect(awsRegions["eu-west-1"]!.filter((name) => !name.includes("lisbon"))).toEqual([]);
    expect(awsRegions["us-west-1"]!.filter((name) => !name.includes("old"))).toEqual([]);
    expect(awsRegions["eu-central-1"]!.filter((name) => !name.includes("legacy"))).toEqual([]);
  });

  it("gives a region wherever the type takes one", () => {
    const types = [...new Set(registered.map(({ type }) => type).filter(isOfAws))];
    const regional = types.filter((type) => takesRegion(type));
    const lacking = registered.filter(
      ({ type, inputs }) => regional.includes(type) && inputs["region"] === undefined,
    );
    expect(lacking.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    expect(types.filter((type) => !regional.includes(type)).sort()).toEqual([
      "aws:iam/role:Role",
      "aws:iam/rolePolicy:RolePolicy",
    ]);
  });

  it("stores none of its arguments with itself", () => {
    expect(registered.find(({ name }) => name === "net")!.inputs).toEqual({});
  });

  it("makes VPCs that resolve names, and nothing in one that was brought but what connects it", () => {
    expect(all("Vpc")).toMatchObject({
      "net-rome-vpc": { cidrBlock: "10.16.0.0/16", enableDnsSupport: true, enableDnsHostnames: true },
      "net-lisbon-vpc": { cidrBlock: "10.1.0.0/16", tags: { team: "data", Name: "net-lisbon-vpc" } },
    });
    const inOld = registered.filter(({ inputs }) => inputs["region"] === "us-west-1").map(({ type }) => type);
    expect([...new Set(inOld)].sort()).toEqual([
      "aws:ec2/route:Route",
      "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
      "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    ]);
  });

  it("spreads three tiers of subnets over the zones, in zones of their region", () => {
    const subnets = all("Subnet");
    expect(
      Object.keys(subnets)
        .filter((name) => name.startsWith("net-lisbon"))
        .sort(),
    ).toEqual([
      "net-lisbon-database-a",
      "net-lisbon-database-b",
      "net-lisbon-private-a",
      "net-lisbon-private-b",
      "net-lisbon-public-a",
      "net-lisbon-public-b",
    ]);
    expect(subnets["net-lisbon-private-b"]).toMatchObject({
      vpcId: "net-lisbon-vpc id",
      availabilityZone: "eu-west-1b",
      cidrBlock: "10.1.136.0/21",
      tags: { "kubernetes.io/role/internal-elb": "1" },
    });
  });

  it("puts subnets into zones that EKS takes, by ids where letters do not tell", async () => {
    const { registered: some } = await register({
      regions: {
        "us-east-1": {},
        "ca-central-1": {},
        rome: { awsRegion: "us-west-1", zones: ["usw1-az3", "usw1-az1"] },
        lisbon: { awsRegion: "us-east-1", slot: 64, zones: ["a", "b"] },
      },
    });
    const zones = Object.entries(inputsOf(some, "Subnet"))
      .filter(([name]) => name.includes("-database-"))
      .map(([name, { availabilityZone, availabilityZoneId, cidrBlock }]) => [
        name,
        availabilityZone ?? availabilityZoneId,
        cidrBlock,
      ]);
    expect(zones.sort()).toEqual([
      ["net-ca-central-1-database-a", "cac1-az1", "10.12.64.0/21"],
      ["net-ca-central-1-database-b", "cac1-az2", "10.12.72.0/21"],
      ["net-ca-central-1-database-d", "cac1-az4", "10.12.88.0/21"],
      ["net-lisbon-database-a", "us-east-1a", "10.64.64.0/21"],
      ["net-lisbon-database-b", "us-east-1b", "10.64.72.0/21"],
      ["net-rome-database-usw1-az1", "usw1-az1", "10.15.64.0/21"],
      ["net-rome-database-usw1-az3", "usw1-az3", "10.15.80.0/21"],
      ["net-us-east-1-database-a", "use1-az1", "10.0.64.0/21"],
      ["net-us-east-1-database-b", "use1-az2", "10.0.72.0/21"],
      ["net-us-east-1-database-c", "use1-az4", "10.0.80.0/21"],
    ]);
  });

  it("leads public subnets to the Internet, private ones through NAT gateways, databases nowhere", () => {
    const outside = Object.entries(all("Route")).filter(
      ([, { destinationCidrBlock }]) => destinationCidrBlock === "0.0.0.0/0",
    );
    const targets = outside.map(([name, { routeTableId, gatewayId, natGatewayId }]) => [
      name,
      routeTableId,
      gatewayId ?? natGatewayId,
    ]);
    expect(targets.sort()).toEqual([
      ["net-lisbon-internet", "net-lisbon-public id", "net-lisbon-internet id"],
      ["net-lisbon-private-a-internet", "net-lisbon-private-a id", "net-lisbon-nat-a id"],
      ["net-rome-internet", "net-rome-public id", "net-rome-internet id"],
      ["net-rome-private-a-internet", "net-rome-private-a id", "net-rome-nat-a id"],
      ["net-rome-private-b-internet", "net-rome-private-b id", "net-rome-nat-b id"],
      ["net-rome-private-c-internet", "net-rome-private-c id", "net-rome-nat-c id"],
    ]);
    expect(all("RouteTableAssociation")["net-rome-database-c"]).toMatchObject({
      subnetId: "net-rome-database-c id",
      routeTableId: "net-rome-database id",
    });
  });

  it("has one private table, or one a zone with a NAT gateway in each", () => {
    const tablesOf = (region: string) =>
      Object.keys(all("RouteTable")).filter((name) => name.startsWith(`net-${region}-private`));
    expect(tablesOf("lisbon")).toEqual(["net-lisbon-private-a"]);
    expect(tablesOf("rome").sort()).toEqual(["a", "b", "c"].map((zone) => `net-rome-private-${zone}`));
    expect(all("MainRouteTableAssociation")).toMatchObject({
      "net-lisbon-private": { vpcId: "net-lisbon-vpc id", routeTableId: "net-lisbon-private-a id" },
      "net-rome-private": { vpcId: "net-rome-vpc id", routeTableId: "net-rome-private-a id" },
    });
    const associated = Object.entries(all("RouteTableAssociation")).filter(([name]) =>
      name.includes("private"),
    );
    expect(associated.map(([name, { routeTableId }]) => [name, routeTableId]).sort()).toEqual([
      ["net-lisbon-private-b", "net-lisbon-private-a id"],
      ["net-rome-private-b", "net-rome-private-b id"],
      ["net-rome-private-c", "net-rome-private-c id"],
    ]);
  });

  it("has no public subnets, nor a way to the Internet, where they are not wanted", async () => {
    const { networks: closed, registered: few } = await register({
      regions: { "eu-west-1": {} },
      defaults: { publicSubnets: false },
      publicRoutes: true,
    });
    expect(inputsOf(few, "InternetGateway")).toEqual({});
    expect(Object.keys(inputsOf(few, "Subnet")).filter((name) => name.includes("public"))).toEqual([]);
    expect(inputsOf(few, "Route")).toEqual({});
    expect(await value(closed.regions["eu-west-1"].publicSubnetIds)).toEqual([]);
  });

  it("has no NAT gateway unless it is asked for one", async () => {
    const plain = await register({ regions: { "eu-west-1": {} } });
    expect(inputsOf(plain.registered, "NatGateway")).toEqual({});
    expect(Object.keys(inputsOf(plain.registered, "Route"))).toEqual(["net-eu-west-1-internet"]);
  });

  it("has a gateway to S3 from every subnet, and interfaces to the services named", () => {
    const endpoints = all("VpcEndpoint");
    expect(Object.keys(endpoints).sort()).toEqual([
      "net-lisbon-gateway-s3",
      "net-rome-endpoint-secretsmanager",
      "net-rome-gateway-s3",
    ]);
    expect(endpoints["net-lisbon-gateway-s3"]).toMatchObject({
      vpcEndpointType: "Gateway",
      serviceName: "com.amazonaws.eu-west-1.s3",
      routeTableIds: ["net-lisbon-public id", "net-lisbon-database id", "net-lisbon-private-a id"],
    });
    expect(endpoints["net-rome-endpoint-secretsmanager"]).toMatchObject({
      vpcEndpointType: "Interface",
      serviceName: "com.amazonaws.eu-south-1.secretsmanager",
      privateDnsEnabled: true,
      subnetIds: ["net-rome-private-a id", "net-rome-private-b id", "net-rome-private-c id"],
      securityGroupIds: ["net-rome-endpoints id"],
    });
  });

  it("connects each region with every other, asked for by the first of the alphabet", () => {
    expect(all("VpcPeeringConnection")).toMatchObject({
      "net-lisbon-rome-peering": {
        vpcId: "net-lisbon-vpc id",
        region: "eu-west-1",
        peerVpcId: "net-rome-vpc id",
        peerRegion: "eu-south-1",
      },
      "net-lisbon-old-peering": { vpcId: "net-lisbon-vpc id", peerVpcId: "vpc-0", peerRegion: "us-west-1" },
      "net-old-rome-peering": { vpcId: "vpc-0", peerVpcId: "net-rome-vpc id", region: "us-west-1" },
      "net-lisbon-legacy-peering": { vpcId: "net-lisbon-vpc id", peerVpcId: "vpc-1" },
      "net-lisbon-partner-peering": { peerVpcId: "vpc-2", peerOwnerId: "210987654321" },
    });
    expect(all("VpcPeeringConnectionAccepter")["net-lisbon-rome-peering"]).toMatchObject({
      vpcPeeringConnectionId: "net-lisbon-rome-peering id",
      autoAccept: true,
      region: "eu-south-1",
    });
  });

  it("sets no DNS options of a connection: a database's name resolves to private addresses everywhere", () => {
    expect(all("PeeringConnectionOptions")).toEqual({});
  });

  it("routes from private and database subnets of both sides", () => {
    expect(peeringRoutes(registered, "net-lisbon-rome-")).toEqual([
      "net-lisbon-database id -> 10.16.0.0/16",
      "net-lisbon-private-a id -> 10.16.0.0/16",
      "net-rome-database id -> 10.1.0.0/16",
      "net-rome-private-a id -> 10.1.0.0/16",
      "net-rome-private-b id -> 10.1.0.0/16",
      "net-rome-private-c id -> 10.1.0.0/16",
    ]);
    expect(peeringRoutes(registered, "net-lisbon-legacy-")).toEqual([
      "net-lisbon-database id -> 172.31.0.0/16",
      "net-lisbon-private-a id -> 172.31.0.0/16",
      "rtb-2 -> 10.1.0.0/16",
    ]);
    expect(peeringRoutes(registered, "net-old-rome-")).toContain("rtb-1 -> 10.16.0.0/16");
  });

  it("routes from public subnets too, where that is asked for", async () => {
    const { registered: open } = await register({
      regions: { "us-east-1": {}, "eu-west-1": {} },
      publicRoutes: true,
    });
    expect(peeringRoutes(open, "net-eu-west-1-us-east-1-")).toContain(
      "net-us-east-1-public id -> 10.1.0.0/16",
    );
  });

  it("connects nothing where there is to be no mesh", async () => {
    const { networks: apart, registered: few } = await register({
      regions: { "us-east-1": {}, "eu-west-1": {} },
      mesh: false,
    });
    expect(inputsOf(few, "VpcPeeringConnection")).toEqual({});
    expect(apart.regions["us-east-1"].clients).toEqual({ "us-east-1": "10.0.0.0/16" });
  });

  it("connects only the pairs with a region that may write, where these are named", async () => {
    const { networks: some, registered: few } = await register({
      regions: { "us-east-1": {}, "eu-west-1": {}, "ap-south-1": {}, "sa-east-1": {} },
      connect: { writers: ["us-east-1", "eu-west-1"] },
    });
    expect(Object.keys(inputsOf(few, "VpcPeeringConnection")).sort()).toEqual([
      "net-ap-south-1-eu-west-1-peering",
      "net-ap-south-1-us-east-1-peering",
      "net-eu-west-1-sa-east-1-peering",
      "net-eu-west-1-us-east-1-peering",
      "net-sa-east-1-us-east-1-peering",
    ]);
    expect(Object.keys(some.regions["ap-south-1"].clients)).toEqual(["ap-south-1", "eu-west-1", "us-east-1"]);
  });

  it("leaves the acceptance, and routes back, to the owner of another account", () => {
    expect(all("VpcPeeringConnectionAccepter")).not.toHaveProperty("net-lisbon-partner-peering");
    expect(peeringRoutes(registered, "net-lisbon-partner-")).toEqual([
      "net-lisbon-database id -> 172.30.0.0/16",
      "net-lisbon-private-a id -> 172.30.0.0/16",
    ]);
  });

  it("accepts, and routes back, by the provider of the other account", async () => {
    const { registered: both } = await register(() => ({
      regions: { "eu-west-1": {} },
      mesh: false,
      peers: {
        partner: {
          ...rich.peers!["partner"]!,
          regions: ["eu-west-1"],
          provider: new Provider("partner", { region: "eu-west-3" }),
          routeTableIds: { main: "rtb-3" },
        },
      },
    }));
    const theirs = both.filter(({ provider }) => provider?.includes("::partner::")).map(({ name }) => name);
    expect(theirs.sort()).toEqual(["net-eu-west-1-partner-partner-main", "net-eu-west-1-partner-peering"]);
  });

  it("tells who reaches a region: its own block first, then other regions', then peers'", async () => {
    expect(await value(networks.regions.lisbon.clientCidrBlocks)).toEqual([
      "10.1.0.0/16",
      "192.168.0.0/20",
      "10.16.0.0/16",
      "172.31.0.0/16",
      "172.30.0.0/16",
    ]);
    expect(networks.regions.rome.clients).toEqual({
      rome: "10.16.0.0/16",
      lisbon: "10.1.0.0/16",
      old: "192.168.0.0/20",
    });
  });

  it("connects regions that have gateways through them, and others by peering", async () => {
    const core = "arn:aws:networkmanager::123456789012:core-network/core-network-0a";
    const { networks: some, registered: few } = await register({
      regions: {
        "us-east-1": { hub: { transitGatewayId: "tgw-1" } },
        "eu-west-1": { hub: { coreNetworkArn: core } },
        "sa-east-1": {},
        old: { awsRegion: "us-west-1", vpc: rich.regions.old.vpc!, hub: { transitGatewayId: "tgw-2" } },
      },
    });
    expect(Object.keys(inputsOf(few, "VpcPeeringConnection")).sort()).toEqual([
      "net-eu-west-1-sa-east-1-peering",
      "net-old-sa-east-1-peering",
      "net-sa-east-1-us-east-1-peering",
    ]);
    const attachments = few.filter(({ type }) => type.endsWith(":VpcAttachment"));
    expect(Object.fromEntries(attachments.map(({ name, inputs }) => [name, inputs]))).toMatchObject({
      "net-us-east-1-hub": {
        transitGatewayId: "tgw-1",
        vpcId: "net-us-east-1-vpc id",
        subnetIds: ["a", "b", "c"].map((zone) => `net-us-east-1-private-${zone} id`),
        region: "us-east-1",
      },
      "net-eu-west-1-hub": { coreNetworkId: "core-network-0a", vpcArn: "arn of net-eu-west-1-vpc" },
    });
    expect(attachments).toHaveLength(2);
    expect(inputsOf(few, "ManagedPrefixList")["net-us-east-1-hub"]!["entries"]).toEqual([
      { cidr: "10.1.0.0/16", description: "eu-west-1" },
      { cidr: "192.168.0.0/20", description: "old" },
    ]);
    const routes = Object.entries(inputsOf(few, "Route")).filter(([name]) => /-hub-/.test(name));
    const targets = routes.map(([name, { routeTableId, transitGatewayId, coreNetworkArn }]) => [
      name,
      routeTableId,
      transitGatewayId ?? coreNetworkArn,
    ]);
    expect(targets.sort()).toEqual([
      ["net-eu-west-1-hub-database", "net-eu-west-1-database id", core],
      ["net-eu-west-1-hub-private-a", "net-eu-west-1-private-a id", core],
      ["net-old-hub-main", "rtb-1", "tgw-2"],
      ["net-us-east-1-hub-database", "net-us-east-1-database id", "tgw-1"],
      ["net-us-east-1-hub-private-a", "net-us-east-1-private-a id", "tgw-1"],
    ]);
    expect(some.regions["us-east-1"].clients).toEqual({
      "us-east-1": "10.0.0.0/16",
      "eu-west-1": "10.1.0.0/16",
      old: "192.168.0.0/20",
      "sa-east-1": "10.13.0.0/16",
    });
  });

  it("gives what a database and a cluster need of a region, made or brought", async () => {
    const { lisbon, old } = networks.regions;
    expect(lisbon).toMatchObject({
      awsRegion: "eu-west-1",
      cidrBlock: "10.1.0.0/16",
      podCidrBlock: "10.129.0.0/17",
      serviceCidrBlock: "10.129.128.0/20",
    });
    expect(await value(lisbon.vpcId)).toBe("net-lisbon-vpc id");
    expect(await value(lisbon.databaseSubnetIds)).toEqual([
      "net-lisbon-database-a id",
      "net-lisbon-database-b id",
    ]);
    expect(await value(old.databaseSubnetIds)).toEqual(["subnet-1", "subnet-2"]);
    expect(await value(old.publicSubnetIds)).toEqual([]);
    expect(await value(lisbon.routeTableIds["database"]!)).toBe("net-lisbon-database id");
    expect(await value(old.routeTableIds["main"]!)).toBe("rtb-1");
  });

  it("makes the same of every other region when one comes", async () => {
    const regions = { "us-east-1": {}, "eu-west-1": {} };
    const before = await register({ regions });
    const after = await register({ regions: { ...regions, "ap-south-1": { nat: "one" } } });
    expect(after.registered).toEqual(expect.arrayContaining(before.registered));
  });

  it("refuses bad input with one error that lists every failure, before anything is registered", async () => {
    const bad = register({ regions: { rome: {} }, supernet: "x" });
    await expect(bad).rejects.toThrow('RegionNetworks "net": 2 inputs are refused\n  supernet: must be');
  });
});

/** The type below the types of all parents, and the name, of each resource: they are a contract. */
describe("the URNs of RegionNetworks", () => {
  it("are frozen", async () => {
    const { networks } = await register({
      regions: {
        rome: { awsRegion: "eu-south-1", nat: "one", zones: ["a", "b"] },
        lisbon: { awsRegion: "eu-west-1", zones: ["a", "b"] },
      },
      defaults: { endpoints: ["kms"] },
    });
    expect(await urnsOf(networks)).toEqual(
      JSON.parse(readFileSync(join(__dirname, "frozen-urns.json"), "utf8")),
    );
  });
});

function isOfAws(type: string): boolean {
  return type.startsWith("aws:");
}

/** As the package's own declarations have it. */
function takesRegion(type: string): boolean {
  const [, place] = type.split(":");
  const declarations = join(require.resolve("@pulumi/aws/package.json"), "..", `${place}.d.ts`);
  const text = readFileSync(declarations, "utf8");
  const args = text.slice(text.search(/export interface \w+Args /));
  return /^ {4}region\?:/m.test(args);
}

function peeringRoutes(registered: readonly Registered[], prefix: string): string[] {
  return Object.entries(inputsOf(registered, "Route"))
    .filter(([name]) => name.startsWith(prefix))
    .filter(([, { vpcPeeringConnectionId }]) => vpcPeeringConnectionId !== undefined)
    .map(
      ([, { routeTableId, destinationCidrBlock }]) =>
        `${String(routeTableId)} -> ${String(destinationCidrBlock)}`,
    )
    .sort();
}

async function urnsOf(parent: pulumi.Resource): Promise<string[]> {
  const { __childResources: children = new Set() } = parent as unknown as {
    __childResources?: Set<pulumi.Resource>;
  };
  const urns = await Promise.all([...children].map(({ urn }) => value(urn) as Promise<string>));
  return urns.map((urn) => urn.split("::").slice(2).join("::")).sort();
}

function value<Value>(input: pulumi.Input<Value>): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}
