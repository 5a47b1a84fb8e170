import type { PeerArgs, RegionNetworksArgs } from "./args";
import type { RegionPlan } from "./region-plan";

/** A VPC at one end of a connection. */
export interface PeeringSide {
  /** The region's name, or the peer's. */
  readonly name: string;
  readonly awsRegion: string;
  readonly cidrBlock: string;
  /** The names of the route tables that lead to the other side, and to nothing but its block. */
  readonly tables: readonly string[];
}

/** A connection of two VPCs. */
export interface PeeringPlan {
  readonly name: string;
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
  /** The accepter, if it is no region. */
  readonly peer?: PeerArgs;
  /** Whether both sides are ours to say what holds there. */
  readonly accepted: boolean;
  readonly routes: readonly RoutePlan[];
}

/** A route to one VPC's block. */
export interface RoutePlan {
  readonly name: string;
  readonly from: "requester" | "accepter";
  readonly table: string;
  readonly destination: string;
}

/** Regions with each other, in the order of their names, then with peers. A pair has one name, whoever was there first. */
export function planPeerings(
  name: string,
  regions: readonly RegionPlan[],
  { mesh = true, publicRoutes = false, peers = {} }: RegionNetworksArgs,
): PeeringPlan[] {
  const sides = regions.map((region) => regionSide(region, publicRoutes));
  const pairs = mesh
    ? sides.flatMap((requester, index) =>
        sides.slice(index + 1).map((accepter) => peering(name, requester, accepter)),
      )
    : [];
  const others = Object.keys(peers).sort();
  return [
    ...pairs,
    ...others.flatMap((other) => {
      const peer = peers[other]!;
      return sides
        .filter((side) => peer.regions?.includes(side.name) ?? true)
        .map((side) => peering(name, side, peerSide(other, peer), peer));
    }),
  ];
}

function peering(name: string, requester: PeeringSide, accepter: PeeringSide, peer?: PeerArgs): PeeringPlan {
  const pair = `${name}-${requester.name}-${accepter.name}`;
  const routes = (from: RoutePlan["from"], side: PeeringSide, other: PeeringSide) =>
    side.tables.map((table) => ({
      name: `${pair}-${side.name}-${table}`,
      from,
      table,
      destination: other.cidrBlock,
    }));
  return {
    name: `${pair}-peering`,
    requester,
    accepter,
    ...(peer === undefined ? {} : { peer }),
    accepted: peer?.accountId === undefined || peer.provider !== undefined,
    routes: [...routes("requester", requester, accepter), ...routes("accepter", accepter, requester)],
  };
}

function regionSide(plan: RegionPlan, publicRoutes: boolean): PeeringSide {
  const { region: name, awsRegion, cidrBlock, made, brought } = plan;
  const tables =
    made === undefined
      ? tablesOf(brought?.routeTableIds)
      : [
          ...made.blocks.zones.map((zone) => `private-${zone}`),
          "database",
          ...(publicRoutes ? ["public"] : []),
        ];
  return { name, awsRegion, cidrBlock, tables };
}

function peerSide(name: string, { awsRegion, cidrBlock, routeTableIds }: PeerArgs): PeeringSide {
  return { name, awsRegion, cidrBlock, tables: tablesOf(routeTableIds) };
}

function tablesOf(routeTableIds: Record<string, unknown> = {}): string[] {
  return Object.keys(routeTableIds).sort();
}
