import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as fc from "fast-check";
import type { CidrPlanArgs, RegionBlocksArgs } from "../../../src/network/cidr-args";
import { planCidrs, type RegionBlocks } from "../../../src/network/cidr-plan";
import { homeSlotOf, knownAwsRegions } from "../../../src/network/home-slots";
import { smallPlans } from "./arbitraries";

type PythonRegion = Omit<RegionBlocks, "awsRegion">;

describe("Python's ipaddress", () => {
  it("makes the same of 10,000 random plans", () => {
    const plans = fc.sample(smallPlans, { numRuns: 10_000, seed: 20_261_121 });
    const theirs = planInPython(plans);
    expect(theirs).toHaveLength(plans.length);
    const differing = plans.filter((args, index) => canonical(planCidrs(args)) !== canonical(theirs[index]!));
    expect(differing).toEqual([]);
  });
});

/** As text, in the order of the names. */
function canonical(plan: Readonly<Record<string, PythonRegion>>): string {
  return JSON.stringify(
    Object.keys(plan)
      .sort()
      .map((name) => {
        const { cidrBlock, podCidrBlock, serviceCidrBlock, zones, subnets } = plan[name]!;
        const blocks = [cidrBlock, podCidrBlock, serviceCidrBlock];
        return [name, blocks, zones, subnets.public, subnets.private, subnets.database];
      }),
  );
}

/** One process for all of them: starting it is what takes the time. */
function planInPython(plans: readonly CidrPlanArgs[]): Record<string, PythonRegion>[] {
  const homes = Object.fromEntries(knownAwsRegions.map((name) => [name, homeSlotOf(name)]));
  const { error, status, stdout, stderr } = spawnSync("python3", [join(__dirname, "plan.py")], {
    input: JSON.stringify({ homes, plans: plans.map(complete) }),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (error !== undefined) {
    throw new Error(
      "python3 is needed to check the plans against its module ipaddress: install Python 3.9 or newer",
      {
        cause: error,
      },
    );
  }
  if (status !== 0) {
    throw new Error(`python3 ended with ${status}:\n${stderr}`);
  }
  return JSON.parse(stdout) as Record<string, PythonRegion>[];
}

function complete({
  supernet = "10.0.0.0/8",
  regionPrefixLength = 16,
  reserved = [],
  regions,
}: CidrPlanArgs) {
  const named = Object.entries(regions).map(([name, region]): [string, RegionBlocksArgs] => [
    name,
    { awsRegion: name, ...region },
  ]);
  return { supernet, regionPrefixLength, reserved, regions: Object.fromEntries(named) };
}
