import type { Durability, Role, TopologyArgs } from "./topology";

/** Whether a region takes part: `lost` ones are not contacted, `hibernated` ones are stopped on purpose. */
export type Activity = "active" | "hibernated" | "lost";

/** One region, as far as it follows from what every engine takes. */
export interface RegionPlan {
  readonly region: string;
  readonly role: Role;
  readonly activity: Activity;
  /** The other regions that can acknowledge a commit of this one, if it writes. */
  readonly peers: readonly string[];
}

/** What follows from valid arguments alone. */
export interface TopologyPlan<Region extends RegionPlan> {
  readonly regions: readonly Region[];
  readonly primary: Region;
  readonly readers: readonly Region[];
  /** The regions whose places in the writer's log are kept. */
  readonly followers: readonly string[];
  /** In the order in which a client that writes should try them: what is lost may come back as a writer. */
  readonly byPreference: readonly Region[];
  readonly durability: Durability;
  readonly database: string;
  readonly owner: string;
}

/**
 * Plans a topology. Regions are in the order of their names, so that their order is no input.
 *
 * @param details What the engine adds to a region.
 */
export function planRegions<RegionArgs extends { hibernated?: boolean }, Details extends object>(
  args: TopologyArgs<RegionArgs>,
  details: (region: RegionArgs, name: string) => Details,
): TopologyPlan<RegionPlan & Details> {
  const names = Object.keys(args.regions).sort();
  const active = names.filter((name) => activityOf(name, args) === "active");
  const regions = names.map((region) => ({
    region,
    role: region === args.primary ? ("writer" as const) : ("reader" as const),
    activity: activityOf(region, args),
    peers: active.filter((name) => name !== region),
    ...details(args.regions[region]!, region),
  }));
  const primary = regions.find(({ role }) => role === "writer")!;
  const readers = regions.filter(({ role }) => role === "reader");
  const lost = readers.filter(({ activity }) => activity === "lost");
  const present = readers.filter(({ activity }) => activity !== "lost");
  const database = args.database?.name ?? "app";
  return {
    regions,
    primary,
    readers,
    followers: present.map(({ region }) => region),
    byPreference: [primary, ...present, ...lost],
    durability: args.durability ?? "local",
    database,
    owner: args.database?.owner ?? database,
  };
}

function activityOf(region: string, args: TopologyArgs<{ hibernated?: boolean }>): Activity {
  if (args.lost?.includes(region) === true) {
    return "lost";
  }
  return args.regions[region]?.hibernated === true ? "hibernated" : "active";
}
