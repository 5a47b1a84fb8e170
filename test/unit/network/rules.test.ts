import { output } from "@pulumi/pulumi";
import type { RegionNetworksArgs } from "../../../src/network/args";
import type { CidrPlanArgs } from "../../../src/network/cidr-args";
import { cidrPlanFailures } from "../../../src/network/cidr-rules";
import { networksFailures } from "../../../src/network/rules";

// Bad input is what the types do not let pass.
type Loose = Record<string, unknown> & { regions: Record<string, unknown>; peers: Record<string, unknown> };

function validArgs(): Loose {
  return {
    supernet: "10.0.0.0/8",
    regionPrefixLength: 16,
    reserved: ["10.9.0.0/16"],
    regions: {
      rome: { awsRegion: "eu-south-1", nat: "one", endpoints: ["kms", "ecr.api"], zones: ["a", "c"] },
      "eu-west-1": { slot: 3, flowLogs: false },
      old: { awsRegion: "us-west-1", vpc: validVpc() },
    },
    defaults: { nat: "onePerZone", flowLogRetentionDays: 400 },
    mesh: true,
    publicRoutes: false,
    peers: { legacy: validPeer() },
    tags: { team: output("data") },
  };
}

function validVpc(changes: object = {}): object {
  return {
    vpcId: output("vpc-1"),
    cidrBlock: "192.168.0.0/24",
    databaseSubnetIds: ["subnet-1", output("subnet-2")],
    routeTableIds: { main: "rtb-1" },
    ...changes,
  };
}

function validPeer(changes: object = {}): object {
  return {
    awsRegion: "eu-west-1",
    vpcId: "vpc-2",
    cidrBlock: "172.31.0.0/16",
    routeTableIds: { main: output("rtb-2") },
    regions: ["rome"],
    ...changes,
  };
}

function linesOf(args: unknown): string[] {
  return networksFailures(args as RegionNetworksArgs).map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}

const rome = (changes: object) => (args: Loose) =>
  (args.regions["rome"] = { awsRegion: "eu-south-1", ...changes });
const old = (changes: object) => (args: Loose) =>
  (args.regions["old"] = { awsRegion: "us-west-1", vpc: validVpc(changes) });
const legacy = (changes: object) => (args: Loose) => (args.peers["legacy"] = validPeer(changes));

const writersOf = (connect: unknown) => (args: Loose) => (args["connect"] = connect);

const faults: [string, (args: Loose) => unknown, ...string[]][] = [
  [
    "a connection of a region that is none",
    writersOf({ writers: ["rome", "bern"] }),
    'connect.writers[1]: must be one of rome, eu-west-1, old, not "bern"',
  ],
  [
    "connections that are neither",
    writersOf("writers"),
    'connect: must be "all" or { writers: [...] }, the names of the regions that may write, not "writers"',
  ],
  [
    "connections where there is to be no mesh",
    (args) => Object.assign(args, { mesh: false, connect: "all" }),
    "connect: must not be given where mesh is false: no regions are connected",
  ],
  [
    "regions of two partitions",
    (args) => (args.regions["beijing"] = { awsRegion: "cn-northwest-1" }),
    "regions.beijing.awsRegion: must be in one partition with all others, but cn-northwest-1 is in aws-cn, and eu-south-1 in aws",
  ],
  [
    "a gateway alone",
    rome({ hub: { transitGatewayId: "tgw-1" } }),
    "regions.rome.hub: connects no regions: no other region has one",
  ],
  [
    "gateways of other kinds",
    (args) => {
      rome({ hub: { transitGatewayId: "vpc-1" } })(args);
      args.regions["eu-west-1"] = { hub: { transitGatewayId: "tgw-1", coreNetworkArn: "arn:x" } };
    },
    'regions.rome.hub.transitGatewayId: must be the id of a transit gateway, not "vpc-1"',
    'regions["eu-west-1"].hub: must be an object of transitGatewayId or of coreNetworkArn, not an object',
  ],
  [
    "a NAT gateway without a public subnet",
    rome({ publicSubnets: false }),
    'regions.rome.nat: must be "none" without public subnets, which NAT gateways are in, not "onePerZone"',
  ],
  [
    "a supernet that is public",
    (args) => (args["supernet"] = "11.0.0.0/8"),
    'supernet: must be a CIDR block in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, with a prefix of 15 at most, without bits set behind it, not "11.0.0.0/8"',
  ],
  [
    "a supernet with bits set behind its prefix",
    (args) => (args["supernet"] = "10.1.0.0/8"),
    'supernet: must be a CIDR block in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, with a prefix of 15 at most, without bits set behind it, not "10.1.0.0/8"',
  ],
  [
    "a slot's prefix that leaves EKS no room",
    (args) => (args["regionPrefixLength"] = 21),
    "regionPrefixLength: must be a whole number from 16 to 20, not 21",
  ],
  [
    "something reserved that is no block",
    (args) => (args["reserved"] = ["10.0.0.0/16", "10.0/16"]),
    'reserved[1]: must be a CIDR block such as 10.1.0.0/16, without bits set behind it, not "10.0/16"',
  ],
  [
    "a region's name that is no AWS region",
    rome({ awsRegion: undefined }),
    'regions.rome.awsRegion: is missing: must be an AWS region such as eu-west-1, since "rome" is none',
  ],
  [
    "an AWS region that is none",
    rome({ awsRegion: "eu-west" }),
    'regions.rome.awsRegion: must be an AWS region such as eu-west-1, not "eu-west"',
  ],
  [
    "an AWS region that is not known yet",
    rome({ awsRegion: output("eu-west-1") }),
    "regions.rome.awsRegion: must be known before the deployment, not an output",
  ],
  [
    "a slot beyond the last",
    rome({ slot: 128 }),
    "regions.rome.slot: must be a whole number from 0 to 127, not 128",
  ],
  [
    "a VPC's block that is too small",
    rome({ cidrBlock: "10.77.0.0/24" }),
    'regions.rome.cidrBlock: must be a CIDR block for a VPC: a prefix from 16 to 23, without bits set behind it, not "10.77.0.0/24"',
  ],
  [
    "a VPC's block that AWS has not",
    rome({ cidrBlock: "169.254.0.0/16" }),
    'regions.rome.cidrBlock: must be a CIDR block for a VPC: a prefix from 16 to 23, without bits set behind it, not "169.254.0.0/16"',
  ],
  [
    "services where EKS has none",
    rome({ serviceCidrBlock: "100.64.0.0/20" }),
    'regions.rome.serviceCidrBlock: must be a CIDR block for services: in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, a prefix from 12 to 24, without bits set behind it, not "100.64.0.0/20"',
  ],
  [
    "one zone",
    rome({ zones: ["a"] }),
    "regions.rome.zones: must be two zones or more, as a database's subnets take, not 1",
  ],
  [
    "letters and ids of zones",
    rome({ zones: ["a", "eus1-az2"] }),
    "regions.rome.zones: must be letters, or ids, and not both",
  ],
  [
    "a zone of another AWS region",
    rome({ zones: ["eus1-az1", "euw1-az2"] }),
    'regions.rome.zones[1]: must be one of a, b, c, d, e, f, g, h, or the id of a zone such as use1-az1, not "euw1-az2"',
  ],
  [
    "a zone twice",
    rome({ zones: ["a", "b", "a"] }),
    'regions.rome.zones[2]: must be listed once, but "a" already is',
  ],
  [
    "no zones where accounts differ",
    rome({ awsRegion: "us-west-1" }),
    "regions.rome.zones: is missing: accounts differ in the zones that us-west-1 has, so name those of yours",
  ],
  [
    "a subnet of a zone that the region has not",
    rome({ slot: 5, subnets: { public: { d: "10.5.0.0/21" } } }),
    "regions.rome.subnets.public.d: is for no zone: must be one of a, b, c",
  ],
  [
    "a subnet outside its VPC",
    rome({ slot: 5, subnets: { public: { a: "10.6.0.0/21" } } }),
    'regions.rome.subnets.public.a: must lie in the VPC\'s block 10.5.0.0/16, not "10.6.0.0/21"',
  ],
  [
    "a subnet over another",
    rome({ slot: 5, subnets: { public: { a: "10.5.128.0/20" } } }),
    "regions.rome.subnets.public.a: 10.5.128.0/20 overlaps 10.5.128.0/21, the private subnet a",
    "regions.rome.subnets.public.a: 10.5.128.0/20 overlaps 10.5.136.0/21, the private subnet b",
  ],
  [
    "two subnets over each other, once",
    rome({ slot: 5, subnets: { public: { a: "10.5.200.0/24", b: "10.5.200.0/25" } } }),
    "regions.rome.subnets.public.b: 10.5.200.0/25 overlaps 10.5.200.0/24, the public subnet a",
  ],
  [
    "two regions in one AWS region",
    (args) => {
      args.regions["milan"] = { awsRegion: "eu-south-1" };
    },
    "regions.rome: takes slot 16 with 10.16.0.0/16 (VPC), as milan does with 10.16.0.0/16 (VPC): give it a slot that is free, such as 39",
  ],
  [
    "a slot that is another's",
    rome({ slot: 3 }),
    "regions.rome.slot: takes slot 3 with 10.3.0.0/16 (VPC), as eu-west-1 does with 10.3.0.0/16 (VPC): give it a slot that is free, such as 16",
  ],
  [
    "a block over another region's",
    rome({ cidrBlock: "10.3.64.0/18" }),
    "regions.rome.cidrBlock: 10.3.64.0/18 (VPC) overlaps 10.3.0.0/16 (VPC) of eu-west-1",
  ],
  [
    "pods over another region's services",
    rome({ podCidrBlock: "10.131.128.0/24" }),
    "regions.rome.podCidrBlock: 10.131.128.0/24 (pods) overlaps 10.131.128.0/20 (services) of eu-west-1",
  ],
  [
    "a block over what is reserved",
    rome({ cidrBlock: "10.9.0.0/18" }),
    "regions.rome.cidrBlock: 10.9.0.0/18 (VPC) overlaps 10.9.0.0/16, which is reserved",
  ],
  [
    "a slot that is reserved",
    rome({ slot: 9 }),
    "regions.rome.slot: 10.9.0.0/16 (VPC) overlaps 10.9.0.0/16, which is reserved: give it a slot that is free, such as 16",
  ],
  [
    "no slot left",
    (args) => (args["reserved"] = ["10.16.0.0/16", "10.192.0.0/10"]),
    "regions.rome: has no slot: of those of eu-south-1, 16 (10.16.0.0/16) meets 10.16.0.0/16, which is reserved; 80 (10.80.0.0/16) meets 10.192.0.0/10, which is reserved: give it a slot that is free, such as 39",
  ],
  [
    "no slot left for anybody",
    (args) => (args["reserved"] = ["10.0.0.0/9"]),
    "regions.rome: has no slot: of those of eu-south-1, 16 (10.16.0.0/16) meets 10.0.0.0/9, which is reserved; 80 (10.80.0.0/16) meets 10.0.0.0/9, which is reserved: no slot from 0 to 127 is free: reserve less of 10.0.0.0/8, or give it a cidrBlock, podCidrBlock and serviceCidrBlock of its own",
    'regions["eu-west-1"].slot: 10.3.0.0/16 (VPC) overlaps 10.0.0.0/9, which is reserved: no slot from 0 to 127 is free: reserve less of 10.0.0.0/8, or give it a cidrBlock, podCidrBlock and serviceCidrBlock of its own',
  ],
  [
    "a supernet that is too small for an AWS region's slot",
    (args) => (args["supernet"] = "172.16.0.0/12"),
    "regions.rome: has no slot: that of eu-south-1 is 16, beyond the last of 172.16.0.0/12: give it a slot that is free, such as 0",
  ],
  [
    "an AWS region that has no slot",
    rome({ awsRegion: "eu-south-9" }),
    "regions.rome: has no slot: eu-south-9 is none of the AWS regions that have one: give it a slot that is free, such as 39",
  ],
  [
    "a way to the Internet that there is not",
    rome({ nat: "two" }),
    'regions.rome.nat: must be one of none, one, onePerZone, not "two"',
  ],
  [
    "an interface to S3",
    rome({ endpoints: ["s3"] }),
    'regions.rome.endpoints[0]: must not be "s3": every VPC has a gateway to it',
  ],
  [
    "a service by its full name's shape",
    rome({ endpoints: ["KMS", "sts", "sts"] }),
    'regions.rome.endpoints[0]: must be a service\'s short name such as secretsmanager, not "KMS"',
    'regions.rome.endpoints[2]: must be listed once, but "sts" already is',
  ],
  [
    "a retention that CloudWatch has not",
    (args) => (args["defaults"] = { flowLogRetentionDays: 366 }),
    "defaults.flowLogRetentionDays: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, not 366",
  ],
  [
    "a misspelt property",
    rome({ zone: ["a"] }),
    'regions.rome.zone: unknown property, did you mean "zones"?',
  ],
  [
    "a VPC that is brought, and wishes for one that is made",
    (args) => (args.regions["old"] = { awsRegion: "us-west-1", nat: "one", slot: 1, vpc: validVpc() }),
    "regions.old.slot: is for a VPC that is made, but this region has one: vpc",
    "regions.old.nat: is for a VPC that is made, but this region has one: vpc",
  ],
  [
    "a VPC that is brought with one subnet",
    old({ databaseSubnetIds: ["subnet-1"] }),
    "regions.old.vpc.databaseSubnetIds: must be subnets of 2 zones or more, not 1",
  ],
  [
    "a VPC that is brought with a route table that is none",
    old({ routeTableIds: { main: "vpc-1", "a b": "rtb-1" } }),
    'regions.old.vpc.routeTableIds.main: must be the id of a route table, not "vpc-1"',
    'regions.old.vpc.routeTableIds["a b"]: must be named by letters, digits and single hyphens between them, not "a b"',
  ],
  [
    "a VPC that is brought over one that is made",
    old({ cidrBlock: "10.3.1.0/24" }),
    'regions["eu-west-1"].slot: 10.3.0.0/16 (VPC) overlaps 10.3.1.0/24 of the VPC of old: give it a slot that is free, such as 1',
  ],
  [
    "a peer over a region",
    legacy({ cidrBlock: "10.16.0.0/20" }),
    "regions.rome: 10.16.0.0/16 (VPC) overlaps 10.16.0.0/20 of the peer legacy: list that in reserved, or give it a slot that is free, such as 39",
  ],
  [
    "a peer over a region that its own region is connected with",
    legacy({ cidrBlock: "10.3.0.0/20" }),
    'regions["eu-west-1"].slot: 10.3.0.0/16 (VPC) overlaps 10.3.0.0/20 of the peer legacy: give it a slot that is free, such as 1',
  ],
  [
    "a peer over a VPC that is brought",
    legacy({ cidrBlock: "192.168.0.0/16" }),
    "peers.legacy.cidrBlock: 192.168.0.0/16 overlaps 192.168.0.0/24 of the VPC of old",
  ],
  [
    "a peer over another of the same region",
    (args) => (args.peers["other"] = validPeer({ vpcId: "vpc-3" })),
    "peers.other.cidrBlock: 172.31.0.0/16 overlaps 172.31.0.0/16 of the peer legacy",
  ],
  [
    "a peer by a region's name",
    (args) => (args.peers["rome"] = validPeer({ cidrBlock: "172.30.0.0/16" })),
    'peers.rome: must not be named "rome", as a region is',
  ],
  [
    "a peer of another account with routes that nobody may make",
    legacy({ accountId: "123456789012" }),
    "peers.legacy.routeTableIds: must not be given without the provider of the account: its owner makes the routes there",
  ],
  [
    "a peer of a region that there is not",
    legacy({ regions: ["bern"] }),
    'peers.legacy.regions[0]: must be one of rome, eu-west-1, old, not "bern"',
  ],
  [
    "a peer without anything",
    (args) => (args.peers["legacy"] = {}),
    "peers.legacy.awsRegion: must be an AWS region such as eu-west-1, not null",
    "peers.legacy.vpcId: must be the id of a VPC, not null",
    "peers.legacy.cidrBlock: must be a CIDR block of the VPC: a prefix from 16 to 28, without bits set behind it, not null",
  ],
  [
    "a tag that is a number",
    (args) => (args["tags"] = { team: 5 }),
    "tags.team: must be a text of at most 256 letters, digits, spaces and _.:/=+-@, not 5",
  ],
  [
    "connections that read alike",
    (args) => {
      args.peers = {};
      args.regions = {
        a: { awsRegion: "eu-west-1" },
        "b-c": { awsRegion: "eu-west-2" },
        "a-b": { awsRegion: "eu-west-3" },
        c: { awsRegion: "eu-north-1" },
      };
    },
    "regions: must not give two connections one name, but a-b and c have that of a and b-c: rename one of them",
  ],
];

describe("networksFailures", () => {
  it("lets valid arguments pass", () => {
    expect(linesOf(validArgs())).toEqual([]);
  });

  it.each(faults)("refuses %s", (_title, spoil, ...lines) => {
    const args = validArgs();
    spoil(args);
    expect(linesOf(args)).toEqual(lines);
  });

  it("refuses everything at once", () => {
    const args = validArgs();
    legacy({ regions: ["bern"] })(args);
    args.regions["milan"] = { awsRegion: "eu-south-1", nat: "two" };
    args["mesh"] = "yes";
    expect(linesOf(args).map((line) => line.split(":")[0])).toEqual([
      "regions.milan.nat",
      "mesh",
      "peers.legacy.regions[0]",
      "regions.rome",
    ]);
  });

  it.each([undefined, null, 5, []])("refuses %p in place of arguments", (args) => {
    expect(linesOf(args)).toHaveLength(1);
  });

  it("lets peers have one block where no region is connected with both", () => {
    const args = validArgs();
    args["mesh"] = false;
    args.peers["other"] = validPeer({ regions: ["eu-west-1"] });
    expect(linesOf(args)).toEqual([]);
  });

  it("lets unconnected VPCs that are brought have any block", () => {
    const args = validArgs();
    args["mesh"] = false;
    old({ cidrBlock: "10.3.0.0/16" })(args);
    expect(linesOf(args)).toEqual([]);
  });
});

describe("cidrPlanFailures", () => {
  it("refuses what only networks take", () => {
    const args = { regions: { rome: { awsRegion: "eu-south-1", nat: "one" } }, mesh: true };
    expect(cidrPlanFailures(args as CidrPlanArgs).map(({ propertyPath }) => propertyPath)).toEqual([
      "mesh",
      "regions.rome.nat",
    ]);
  });

  it("refuses a plan of nothing", () => {
    expect(cidrPlanFailures({} as CidrPlanArgs)).toEqual([
      { propertyPath: "regions", reason: "must be an object of regions, by name, not null" },
    ]);
  });
});
