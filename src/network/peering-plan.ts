import type { HubArgs, PeerArgs, RegionNetworksArgs } from "./args";
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

/** A region whose VPC reaches others through a gateway that it is attached to. */
export interface HubPlan {
  /** What the names of its resources begin with, before `-hub`. */
  readonly prefix: string;
  readonly region: RegionPlan;
  readonly hub: HubArgs;
  /** The names of the route tables that lead to it. */
  readonly tables: readonly string[];
  /** The blocks of the regions that are reached, by their names. */
  readonly destinations: Readonly<Record<string, string>>;
}

type Pair = readonly [RegionPlan, RegionPlan];

/** The pairs of regions that are connected, in the order of their names. */
export function connectedPairs(
  regions: readonly RegionPlan[],
  { mesh = true, connect = "all" }: RegionNetworksArgs,
): readonly Pair[] {
  const mayWrite = ({ region }: RegionPlan) => connect === "all" || connect.writers.includes(region);
  return regions.flatMap((one, index) =>
    regions
      .slice(index + 1)
      .filter((other) => mesh && (mayWrite(one) || mayWrite(other)))
      .map((other): Pair => [one, other]),
  );
}

function haveHubs([one, other]: Pair): boolean {
  return one.hub !== undefined && other.hub !== undefined;
}

/** Regions with each other, in the order of their names, then with peers. A pair has one name, whoever was there first. */
export function planPeerings(
  name: string,
  regions: readonly RegionPlan[],
  pairs: readonly Pair[],
  { publicRoutes = false, peers = {} }: RegionNetworksArgs,
): PeeringPlan[] {
  const side = (region: RegionPlan) => regionSide(region, publicRoutes);
  const others = Object.keys(peers).sort();
  return [
    ...pairs.filter((pair) => !haveHubs(pair)).map(([one, other]) => peering(name, side(one), side(other))),
    ...others.flatMap((other) => {
      const peer = peers[other]!;
      return regions
        .filter(({ region }) => peer.regions?.includes(region) ?? true)
        .map((region) => peering(name, side(region), peerSide(other, peer), peer));
    }),
  ];
}

/** The regions that reach others through a gateway. */
export function planHubs(
  name: string,
  pairs: readonly Pair[],
  { publicRoutes = false }: RegionNetworksArgs,
): HubPlan[] {
  const throughHubs = pairs
    .filter(haveHubs)
    .flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
  return [...new Set(throughHubs.map(([region]) => region))].map((region) => ({
    prefix: `${name}-${region.region}`,
    region,
    hub: region.hub!,
    tables: regionSide(region, publicRoutes).tables,
    destinations: Object.fromEntries(
      throughHubs.filter(([from]) => from === region).map(([, to]) => [to.region, to.cidrBlock]),
    ),
  }));
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
          ...new Set(Object.values(made.privateTables)),
          "database",
          ...(publicRoutes && made.wishes.publicSubnets ? ["public"] : []),
        ];
  return { name, awsRegion, cidrBlock, tables };
}

function peerSide(name: string, { awsRegion, cidrBlock, routeTableIds }: PeerArgs): PeeringSide {
  return { name, awsRegion, cidrBlock, tables: tablesOf(routeTableIds) };
}

function tablesOf(routeTableIds: Record<string, unknown> = {}): string[] {
  return Object.keys(routeTableIds).sort();
}
