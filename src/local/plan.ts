import { join } from "node:path";
import type { Durability, Role } from "../topology";
import type { LocalPostgresArgs } from "./args";
import type { Activity } from "./provider/inputs";

/** One region, as far as it follows from the arguments alone. */
export interface RegionPlan {
  readonly region: string;
  readonly role: Role;
  readonly activity: Activity;
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** The other regions that can acknowledge a commit of this one, if it writes. */
  readonly peers: readonly string[];
}

export interface TopologyPlan {
  readonly regions: readonly RegionPlan[];
  readonly primary: RegionPlan;
  readonly readers: readonly RegionPlan[];
  /** The regions whose places in the writer's log are kept. */
  readonly followers: readonly string[];
  /** In the order in which a client that writes should try them: what is lost may come back as a writer. */
  readonly byPreference: readonly RegionPlan[];
  readonly durability: Durability;
  readonly database: string;
  readonly owner: string;
}

/** What follows from valid arguments. Regions are in the order of their names, so that their order is no input. */
export function planTopology(args: LocalPostgresArgs, dataDir: string): TopologyPlan {
  const names = Object.keys(args.regions).sort();
  const activities = new Map(names.map((name) => [name, activityOf(name, args)]));
  const active = names.filter((name) => activities.get(name) === "active");
  const regions = names.map((region): RegionPlan => {
    const { host, port } = args.regions[region]!;
    return {
      region,
      role: region === args.primary ? "writer" : "reader",
      activity: activities.get(region)!,
      folder: join(dataDir, region),
      host: host ?? "localhost",
      port,
      peers: active.filter((name) => name !== region),
    };
  });
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

function activityOf(region: string, args: LocalPostgresArgs): Activity {
  if (args.lost?.includes(region) === true) {
    return "lost";
  }
  return args.regions[region]?.hibernated === true ? "hibernated" : "active";
}
