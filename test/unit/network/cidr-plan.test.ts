import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { InputPropertiesError } from "@pulumi/pulumi";
import * as fc from "fast-check";
import { blockOf, contains, formatBlock, overlap, type Block } from "../../../src/network/cidr";
import type { CidrPlanArgs } from "../../../src/network/cidr-args";
import { planCidrs, type RegionBlocks } from "../../../src/network/cidr-plan";
import { knownAwsRegions } from "../../../src/network/home-slots";
import { zoneLetters } from "../../../src/network/zones";
import { capacityOf, homePlans, plans, slottedPlans, zones } from "./arbitraries";

/** Frozen: a block that changes replaces a VPC. */
const golden = JSON.parse(readFileSync(join(__dirname, "golden-cidr-plans.json"), "utf8")) as Record<
  string,
  { args: CidrPlanArgs; plan: Record<string, RegionBlocks> }
>;

describe("planCidrs", () => {
  it("keeps every block inside its parent", () => {
    check(plans, (args) => {
      const supernet = blockOf(args.supernet ?? "10.0.0.0/8");
      for (const region of Object.values(planCidrs(args))) {
        const vpc = blockOf(region.cidrBlock);
        expect(outerBlocks(region).filter((block) => !contains(supernet, block))).toEqual([]);
        expect(subnetsOf(region).filter((block) => !contains(vpc, block))).toEqual([]);
      }
    });
  });

  it("never lays one block over another", () => {
    check(plans, (args) => {
      const regions = Object.values(planCidrs(args));
      expectApart(regions.flatMap(outerBlocks));
      regions.forEach((region) => expectApart(subnetsOf(region)));
    });
  });

  it("aligns every block to its size", () => {
    check(plans, (args) => {
      const blocks = Object.values(planCidrs(args)).flatMap(allBlocks);
      expect(blocks.filter(({ start, prefix }) => start % 2 ** (32 - prefix) !== 0)).toEqual([]);
    });
  });

  it("gives the same in whatever order regions, zones and reserved blocks come", () => {
    check(plans, (args) => {
      const { regions, reserved = [] } = args;
      const turned = Object.entries(regions)
        .reverse()
        .map(([name, region]) => [name, { ...region, zones: [...region.zones!].reverse() }] as const);
      const again = planCidrs({
        ...args,
        reserved: [...reserved].reverse(),
        regions: Object.fromEntries(turned),
      });
      expect(JSON.stringify(again)).toBe(JSON.stringify(planCidrs(args)));
    });
  });

  it("leaves every other region as it was when one is added or removed", () => {
    check(plans, (args) => {
      const whole = planCidrs(args);
      for (const removed of Object.keys(args.regions).slice(0, 3)) {
        const rest = without(args.regions, removed);
        expect(planCidrs({ ...args, regions: rest })).toEqual(without(whole, removed));
      }
    });
  });

  it("leaves every other region as it was when two change their places", () => {
    check(slottedPlans, (args) => {
      const [one, other, ...rest] = Object.keys(args.regions);
      if (other === undefined) {
        return;
      }
      const swapped = { ...args.regions, [one!]: args.regions[other]!, [other]: args.regions[one!]! };
      const [before, after] = [planCidrs(args), planCidrs({ ...args, regions: swapped })];
      expect(after[one!]).toEqual(before[other]);
      expect(after[other]).toEqual(before[one!]);
      rest.forEach((name) => expect(after[name]).toEqual(before[name]));
    });
  });

  it("leaves every block as it was when a region has a further zone", () => {
    check(fc.tuple(plans, fc.constantFrom(...zoneLetters)), ([args, zone]) => {
      const before = planCidrs(args);
      const [name, region] = Object.entries(args.regions)[0]!;
      const more = { ...region, zones: [...new Set([...region.zones!, zone])] };
      const { [name]: grown, ...others } = planCidrs({ ...args, regions: { ...args.regions, [name]: more } });
      const { [name]: old, ...same } = before;
      expect(others).toEqual(same);
      expect(outerBlocks(grown!)).toEqual(outerBlocks(old!));
      expect(grown!.subnets).toMatchObject(old!.subnets);
    });
  });

  it("fills a supernet to its last slot, and refuses one more", () => {
    const space = { supernet: "192.168.0.0/16", regionPrefixLength: 20 };
    const capacity = capacityOf(space);
    const full = Object.fromEntries(
      Array.from({ length: capacity }, (_, slot) => [`r${slot}`, { awsRegion: "eu-west-1", slot }]),
    );
    const blocks = Object.values(planCidrs({ ...space, regions: full })).map(({ cidrBlock }) =>
      blockOf(cidrBlock),
    );
    expectApart(blocks);
    expect(blocks.length * 2 ** 12).toBe(2 ** 15);
    expect(refusals({ ...space, regions: { ...full, more: { awsRegion: "eu-west-1", slot: 3 } } })).toEqual([
      "regions.r3.slot: takes slot 3 with 192.168.48.0/20 (VPC), as more does with 192.168.48.0/20 (VPC): no slot from 0 to 7 is free: give it a cidrBlock, podCidrBlock and serviceCidrBlock of its own",
    ]);
    expect(
      refusals({ ...space, regions: { ...full, more: { awsRegion: "eu-west-1", slot: capacity } } }),
    ).toEqual(["regions.more.slot: must be a whole number from 0 to 7, not 8"]);
  });

  it("has room for a zone of every letter, and for no more", () => {
    const { rome } = planCidrs({ regions: { rome: { awsRegion: "eu-south-1", zones: [...zoneLetters] } } });
    expect(subnetsOf(rome!)).toHaveLength(24);
    expectApart(subnetsOf(rome!));
    expect(
      refusals({ regions: { rome: { awsRegion: "eu-south-1", zones: [...zoneLetters, "i"] } } }),
    ).toEqual([
      'regions.rome.zones[8]: must be one of a, b, c, d, e, f, g, h, or the id of a zone such as use1-az1, not "i"',
    ]);
  });

  it("has a slot for every AWS region at once", () => {
    const regions = Object.fromEntries(knownAwsRegions.map((name) => [name, { zones: ["a", "b"] }]));
    expectApart(Object.values(planCidrs({ regions })).flatMap(outerBlocks));
  });

  it("honours the blocks that are given, whatever else there is", () => {
    const own = fc.record({
      cidrBlock: fc.nat(255).map((number) => `172.${16 + (number % 16)}.0.0/16`),
      podCidrBlock: fc.nat(15).map((number) => `100.${64 + number}.0.0/16`),
      serviceCidrBlock: fc.nat(15).map((number) => `192.168.${number * 16}.0/20`),
      zones,
    });
    check(fc.tuple(homePlans, own), ([args, given]) => {
      const plan = planCidrs({
        ...args,
        regions: { ...args.regions, own: { awsRegion: "eu-west-9", ...given } },
      });
      expect(plan["own"]).toMatchObject({ ...given, zones: [...given.zones].sort() });
      expect(without(plan, "own")).toEqual(planCidrs(args));
    });
  });

  it("honours the blocks of subnets that are given", () => {
    const { rome } = planCidrs({
      regions: {
        rome: { awsRegion: "eu-south-1", slot: 7, subnets: { database: { b: "10.7.255.0/24" } } },
      },
    });
    expect(rome!.subnets.database).toEqual({ a: "10.7.64.0/21", b: "10.7.255.0/24", c: "10.7.80.0/21" });
  });

  it("takes pods and services from the slot of a block that is given", () => {
    const given = planCidrs({ regions: { rome: { awsRegion: "eu-south-1", cidrBlock: "10.5.0.0/16" } } });
    expect(given).toEqual(planCidrs({ regions: { rome: { awsRegion: "eu-south-1", slot: 5 } } }));
  });

  it("avoids what is reserved, in slots that no other AWS region has", () => {
    check(homePlans, (args) => {
      const reserved = (args.reserved ?? []).map(blockOf);
      for (const block of Object.values(planCidrs(args)).flatMap(outerBlocks)) {
        expect(reserved.some((each) => overlap(each, block))).toBe(false);
      }
    });
    expect(
      planCidrs({ reserved: ["10.1.128.0/24"], regions: { "eu-west-1": {}, "us-east-1": {} } }),
    ).toMatchObject({
      "eu-west-1": { cidrBlock: "10.65.0.0/16", podCidrBlock: "10.193.0.0/17" },
      "us-east-1": { cidrBlock: "10.0.0.0/16", podCidrBlock: "10.128.0.0/17" },
    });
  });

  it("avoids what is reserved where pods or services would be", () => {
    const blockWith = (reserved: string) => planCidrs({ reserved: [reserved], regions: { "us-east-1": {} } });
    expect(blockWith("10.128.127.0/24")["us-east-1"]!.cidrBlock).toBe("10.64.0.0/16");
    expect(blockWith("10.128.128.0/24")["us-east-1"]!.cidrBlock).toBe("10.64.0.0/16");
    // Behind the services there is nothing of the region's.
    expect(blockWith("10.128.144.0/20")["us-east-1"]!.cidrBlock).toBe("10.0.0.0/16");
  });

  it.each(Object.entries(golden))("gives what is frozen: %s", (_title, { args, plan }) => {
    expect(planCidrs(args)).toEqual(plan);
  });

  it("gives Opta's layout to the two regions of its guide", () => {
    const plan = planCidrs({
      regions: { one: { awsRegion: "us-east-1", slot: 0 }, two: { awsRegion: "eu-west-1", slot: 1 } },
    });
    expect(plan["one"]!.cidrBlock).toBe("10.0.0.0/16");
    expect(plan["two"]).toMatchObject(opta);
    expect(planCidrs({ regions: { "us-east-1": {}, "eu-west-1": {} } })).toMatchObject({
      "us-east-1": { cidrBlock: "10.0.0.0/16" },
      "eu-west-1": opta,
    });
  });

  it("gives Opta's layout where its blocks are written out", () => {
    const { awsRegion, cidrBlock, subnets } = { awsRegion: "eu-west-1", ...opta };
    expect(planCidrs({ regions: { two: { awsRegion, cidrBlock, subnets } } })["two"]).toMatchObject(opta);
  });
});

/** The second environment of the guide. */
const opta = {
  cidrBlock: "10.1.0.0/16",
  subnets: {
    private: { a: "10.1.128.0/21", b: "10.1.136.0/21", c: "10.1.144.0/21" },
    public: { a: "10.1.0.0/21", b: "10.1.8.0/21", c: "10.1.16.0/21" },
  },
};

function check<Value>(arbitrary: fc.Arbitrary<Value>, predicate: (value: Value) => void): void {
  fc.assert(fc.property(arbitrary, predicate));
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function outerBlocks({ cidrBlock, podCidrBlock, serviceCidrBlock }: RegionBlocks): Block[] {
  return [cidrBlock, podCidrBlock, serviceCidrBlock].map(blockOf);
}

function subnetsOf({ subnets }: RegionBlocks): Block[] {
  return Object.values(subnets).flatMap((tier) => Object.values(tier).map(blockOf));
}

function allBlocks(region: RegionBlocks): Block[] {
  return [...outerBlocks(region), ...subnetsOf(region)];
}

/** In order, what overlaps anything overlaps the next. */
function expectApart(blocks: readonly Block[]): void {
  const sorted = [...blocks].sort((one, other) => one.start - other.start);
  const met = sorted.flatMap((block, index) => {
    const next = sorted[index + 1];
    return next !== undefined && overlap(block, next) ? [`${formatBlock(block)} ${formatBlock(next)}`] : [];
  });
  expect(met).toEqual([]);
}

function refusals(args: CidrPlanArgs): string[] {
  try {
    planCidrs(args);
  } catch (error) {
    return (error as InputPropertiesError).errors!.map(
      ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
    );
  }
  return [];
}
