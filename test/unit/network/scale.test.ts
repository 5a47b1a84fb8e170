import type { NetworkArgs, RegionNetworkArgs, RegionNetworksArgs } from "../../../src/network/args";
import { awsRegions } from "../../support/aws-regions";
import { register } from "./networks";

const writers = awsRegions.slice(0, 3);
const hubs: RegionNetworkArgs = { hub: { transitGatewayId: "tgw-1" } };
const lean: NetworkArgs = { publicSubnets: false };

/** How many resources `RegionNetworks` has, itself among them. The figures are in the README. */
describe("the number of resources of RegionNetworks", () => {
  const count = async (
    size: number,
    changes: Partial<RegionNetworksArgs> = {},
    each: RegionNetworkArgs = {},
  ) => {
    const regions = Object.fromEntries(awsRegions.slice(0, size).map((region) => [region, each]));
    return (await register({ regions, ...changes })).registered.length;
  };

  it.each([
    // In version 0.1.0: 79, 286 and 1024.
    [2, 69],
    [5, 216],
    [11, 672],
  ])("is %s regions' %s by default", async (size, expected) => {
    expect(await count(size)).toBe(expected);
  });

  it.each([
    ["peering with three regions that may write", 504, { connect: { writers } }, {}],
    [
      "and without public subnets and flow logs",
      350,
      { connect: { writers }, defaults: { ...lean, flowLogs: false } },
      {},
    ],
    ["gateways, and no public subnets", 287, { defaults: lean }, hubs],
  ] as const)("of 11 regions with %s is %s", async (_, expected, changes, each) => {
    expect(await count(11, changes as Partial<RegionNetworksArgs>, each)).toBe(expected);
  });
});
