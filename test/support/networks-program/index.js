const pulumi = require("@pulumi/pulumi");

const blocks = { "us-east-1": "10.0.0.0/16", "eu-west-1": "10.1.0.0/16" };
const zones = ["a", "b"];
const { release, nat } = JSON.parse(process.env.PROGRAM);

if (release === "0.1.0") {
  declareOld();
} else {
  const { RegionNetworks } = require("pulumi-multi-region-postgres/network");
  const regions = Object.fromEntries(Object.keys(blocks).map((region) => [region, {}]));
  new RegionNetworks("net", { regions, defaults: { nat, flowLogs: false } });
}

/** What the private subnets of 0.1.0 had: a route table in every zone, and connections with DNS options. */
function declareOld() {
  const ec2 = (type) => require(`@pulumi/aws/ec2/${type[0].toLowerCase()}${type.slice(1)}`)[type];
  const parent = new pulumi.ComponentResource("multi-region-postgres:index:RegionNetworks", "net", {});
  const make = (type, name, args) => new (ec2(type))(name, args, { parent });
  const places = Object.entries(blocks).map(([region, cidrBlock]) => {
    const named = (suffix) => ({ region, tags: { Name: `net-${region}-${suffix}` } });
    const vpcArgs = { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, ...named("vpc") };
    const vpc = make("Vpc", `net-${region}-vpc`, vpcArgs);
    const tables = zones.map((zone, index) => {
      const name = `private-${zone}`;
      const table = make("RouteTable", `net-${region}-${name}`, { vpcId: vpc.id, ...named(name) });
      const [first, second] = cidrBlock.split(".");
      const subnet = make("Subnet", `net-${region}-${name}`, {
        vpcId: vpc.id,
        cidrBlock: `${first}.${second}.${128 + 8 * index}.0/21`,
        availabilityZone: `${region}${zone}`,
        mapPublicIpOnLaunch: false,
        ...named(name),
      });
      const association = { subnetId: subnet.id, routeTableId: table.id, region };
      make("RouteTableAssociation", `net-${region}-${name}`, association);
      return { name, table };
    });
    return { region, cidrBlock, vpc, tables };
  });
  // In the order of the alphabet.
  const [accepter, requester] = places;
  const pair = `net-${requester.region}-${accepter.region}`;
  const tags = { Name: `${pair}-peering` };
  const { id } = make("VpcPeeringConnection", `${pair}-peering`, {
    vpcId: requester.vpc.id,
    peerVpcId: accepter.vpc.id,
    peerRegion: accepter.region,
    region: requester.region,
    tags,
  });
  const accepted = { vpcPeeringConnectionId: id, autoAccept: true, region: accepter.region, tags };
  const connection = make("VpcPeeringConnectionAccepter", `${pair}-peering`, accepted);
  for (const [side, { region }] of Object.entries({ requester, accepter })) {
    make("PeeringConnectionOptions", `${pair}-peering-${region}`, {
      vpcPeeringConnectionId: connection.id,
      [side]: { allowRemoteVpcDnsResolution: true },
      region,
    });
  }
  for (const [from, to] of [places, [...places].reverse()]) {
    for (const { name, table } of from.tables) {
      make("Route", `${pair}-${from.region}-${name}`, {
        routeTableId: table.id,
        destinationCidrBlock: to.cidrBlock,
        vpcPeeringConnectionId: connection.id,
        region: from.region,
      });
    }
  }
}
