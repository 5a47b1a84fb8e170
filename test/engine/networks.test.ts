import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MiniStack } from "../support/ministack";
import { ProgramStack } from "../support/program-stack";

interface Networks {
  readonly release?: "0.1.0";
  readonly nat?: "none" | "one" | "onePerZone";
}

const blocks = { "us-east-1": "10.0.0.0/16", "eu-west-1": "10.1.0.0/16" } as const;
const unchanged = /Resources:\n\s+\d+ unchanged\n/;

/** Each test goes on where the one before stopped. */
describe("networks that exist", () => {
  let aws: MiniStack;
  let stack: ProgramStack<Networks>;

  beforeAll(async () => {
    aws = await MiniStack.start();
    const program = join(__dirname, "../support/networks-program");
    stack = await ProgramStack.create<Networks>(program, { release: "0.1.0" }, aws.env);
    await stack.up();
  });
  afterAll(async () => {
    await stack.dispose();
    await aws.stop();
  });

  /** The private subnets that have no route to the other region: that of their own table, or of the main one. */
  const cutOff = async (region: keyof typeof blocks): Promise<string[]> => {
    const ec2 = aws.ec2(region);
    const Filters = [
      { Name: "cidr-block", Values: ["10.0.128.0/21", "10.0.136.0/21", "10.1.128.0/21", "10.1.136.0/21"] },
    ];
    const { Subnets = [] } = await ec2.describeSubnets({ Filters });
    const { RouteTables = [] } = await ec2.describeRouteTables();
    const others = Object.entries(blocks).flatMap(([name, block]) => (name === region ? [] : [block]));
    return Subnets.flatMap(({ SubnetId, VpcId, CidrBlock }) => {
      const ofVpc = RouteTables.filter((table) => table.VpcId === VpcId);
      const own = ofVpc.find(({ Associations = [] }) =>
        Associations.some((each) => each.SubnetId === SubnetId),
      );
      const main = ofVpc.find(({ Associations = [] }) => Associations.some(({ Main }) => Main));
      const routes = (own ?? main)?.Routes ?? [];
      return routes.some(({ DestinationCidrBlock }) => others.includes(DestinationCidrBlock as never))
        ? []
        : [`${region} ${CidrBlock}`];
    });
  };

  /** Updates, and looks all the while. */
  const upWatched = async (wanted: Networks): Promise<{ output: string; cut: string[] }> => {
    stack.wanted = wanted;
    const cut: string[] = [];
    let isOver = false;
    const watched = (async () => {
      while (!isOver) {
        cut.push(...(await cutOff("us-east-1")), ...(await cutOff("eu-west-1")));
        await sleep(20);
      }
    })();
    try {
      return { output: await stack.up(), cut: [...new Set(cut)] };
    } finally {
      isOver = true;
      await watched;
    }
  };

  const tablesOf = async (region: keyof typeof blocks): Promise<string[]> => {
    const { RouteTables = [] } = await aws.ec2(region).describeRouteTables();
    const names = RouteTables.flatMap(({ Tags = [] }) =>
      Tags.flatMap(({ Key, Value }) => (Key === "Name" ? [Value!] : [])),
    );
    return names.filter((name) => name.includes("private")).sort();
  };

  test("of version 0.1.0 get one private table and no other subnet, and none is without a route meanwhile", async () => {
    const { output, cut } = await upWatched({});
    expect(cut).toEqual([]);
    expect(output).not.toMatch(/(Vpc|Subnet|VpcPeeringConnection|RouteTable|Route) .*replaced/);
    expect(await tablesOf("us-east-1")).toEqual(["net-us-east-1-private-a"]);
    const { Subnets = [] } = await aws.ec2("us-east-1").describeSubnets();
    const zones = Subnets.flatMap(({ Tags = [], AvailabilityZone: zone, AvailabilityZoneId: id }) =>
      Tags.flatMap(({ Key, Value }) =>
        Key === "Name" ? [`${Value} ${Value!.endsWith("-c") ? id : zone}`] : [],
      ),
    );
    expect(zones.filter((zone) => zone.includes("private")).sort()).toEqual([
      "net-us-east-1-private-a us-east-1a",
      "net-us-east-1-private-b us-east-1b",
      "net-us-east-1-private-c use1-az4",
    ]);
    expect(await stack.up()).toMatch(unchanged);
  });

  test("get a table in each zone with a NAT gateway, and lose it again, without a gap", async () => {
    const apart = await upWatched({ nat: "onePerZone" });
    expect(apart.cut).toEqual([]);
    expect(await tablesOf("us-east-1")).toEqual(
      ["a", "b", "c"].map((zone) => `net-us-east-1-private-${zone}`),
    );
    const together = await upWatched({ nat: "one" });
    expect(together.cut).toEqual([]);
    expect(await tablesOf("us-east-1")).toEqual(["net-us-east-1-private-a"]);
  });

  test("are known to a refresh after all this", async () => {
    await stack.pulumi("refresh", "--yes", "--skip-preview");
    expect(await stack.up()).toMatch(unchanged);
  });
});
