import type { Topology } from "../topology";
import type { AppSettingsArgs, RegionalAppArgs } from "./args";
import type { LinkArgs } from "./link-args";
import { without } from "./without";

/** One region, as far as it follows from the arguments alone. */
export interface AppRegionPlan {
  readonly region: string;
  readonly isLost: boolean;
  /** Whether there are to be pods. */
  readonly runs: boolean;
  /** The region's own wishes before those of all regions. */
  readonly settings: AppSettingsArgs;
}

/** What follows from valid arguments. */
export interface AppPlan {
  readonly name: string;
  readonly namespace: string;
  /** In the order in which they get a new version. */
  readonly regions: readonly AppRegionPlan[];
  /** Where a migration runs: where the writer is, if the application is there. */
  readonly migrating: string;
  readonly links: readonly PlannedLink[];
}

/** A database that the pods find. */
export interface PlannedLink extends LinkArgs {
  readonly name: string;
}

/** What follows from valid arguments. */
export function planApp(name: string, args: RegionalAppArgs): AppPlan {
  const links = Object.entries(args.links ?? {}).map(([link, given]) => ({ ...asLink(given), name: link }));
  const writer = links[0] === undefined ? undefined : writerOf(links[0].to);
  const regions = orderOf(args).map((region): AppRegionPlan => {
    const own = args.regions[region]!;
    const { stopped = false } = own;
    return {
      region,
      isLost: args.lost?.includes(region) === true,
      runs: !stopped && (args.follow === undefined || region === writer),
      settings: merged(settingsOf(args), settingsOf(own)),
    };
  });
  const present = regions.filter(({ isLost }) => !isLost).map(({ region }) => region);
  return {
    name,
    namespace: args.namespace ?? name,
    regions,
    migrating: present.find((region) => region === writer) ?? present[0]!,
    links,
  };
}

/** A link is given as the database alone, or as an object that says more. */
export function asLink(given: Topology | LinkArgs): LinkArgs {
  return "to" in given ? given : { to: given };
}

/** The region that writes; none where all follow a writer outside. */
export function writerOf({ regions }: Pick<Topology, "regions">): string | undefined {
  return Object.keys(regions).find((region) => regions[region]!.role === "writer");
}

/** The regions that are neither lost nor hibernated. */
export function activeOf(topology: Topology): string[] {
  const writer = writerOf(topology);
  return [...(writer === undefined ? [] : [writer]), ...Object.keys(topology.readerEndpoints)];
}

function orderOf({ regions, order = [] }: RegionalAppArgs): string[] {
  const others = Object.keys(regions).filter((region) => !order.includes(region));
  return [...order, ...others.sort()];
}

/** What is undefined leaves what all regions have. */
function settingsOf(given: AppSettingsArgs): AppSettingsArgs {
  const { replicas, autoscaling, resources, env, service, ingress, gateway } = given;
  const settings = { replicas, autoscaling, resources, env, service, ingress, gateway };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** How many pods there are is one wish, whichever way it is said. */
function merged(common: AppSettingsArgs, own: AppSettingsArgs): AppSettingsArgs {
  const others = without(common, "replicas", "autoscaling");
  const saysHowMany = own.replicas !== undefined || own.autoscaling !== undefined;
  return { ...(saysHowMany ? others : common), ...own, env: { ...common.env, ...own.env } };
}
