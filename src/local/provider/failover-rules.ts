import type { dynamic } from "@pulumi/pulumi";
import { namesOf } from "../../region-set";
import type { HandoverInputs, ServerInputs } from "./inputs";

/** What the arguments tell of a failover. */
type Declared = Pick<HandoverInputs, "primary" | "durability" | "lost"> & {
  /** The regions that are not lost. */
  readonly regions: Readonly<Record<string, { readonly hibernated: boolean }>>;
};

/**
 * What two states of the arguments alone tell of a failover that could lose commits: it is refused in the preview.
 * With `durability: "region"` one reader's confirmation is enough for a commit, so that every reader must be asked.
 *
 * @param olds Empty where there was none.
 */
export function failoverFailures(olds: Partial<Declared>, news: Declared): dynamic.CheckFailure[] {
  const writer = olds.primary;
  const isFailover = writer !== undefined && writer !== news.primary && news.lost.includes(writer);
  if (!isFailover || ![olds.durability, news.durability].includes("region")) {
    return [];
  }
  return Object.keys({ ...olds.regions, ...news.regions })
    .filter((region) => region !== writer && region !== news.primary && !news.lost.includes(region))
    .filter((region) => news.regions[region]?.hibernated !== false)
    .map((region) => ({ property: "regions", reason: unasked(region, news) }));
}

/**
 * The same, as a server that is lost or hibernated knows it. Without a preview it is fenced, or stopped, before the
 * handover is checked.
 */
export function serverFailoverFailures(
  olds: ServerInputs | undefined,
  news: ServerInputs,
): dynamic.CheckFailure[] {
  if (olds === undefined || news.lost === undefined) {
    return [];
  }
  const lost = namesOf(news.lost);
  const present = namesOf(news.declared).filter((region) => !lost.includes(region));
  return failoverFailures(
    { primary: olds.primary.region, durability: olds.durability, regions: ofServer(olds, activeIn(olds)) },
    { primary: news.primary.region, durability: news.durability, lost, regions: ofServer(news, present) },
  );
}

function ofServer(inputs: ServerInputs, regions: readonly string[]): Declared["regions"] {
  const active = activeIn(inputs);
  return Object.fromEntries(regions.map((region) => [region, { hibernated: !active.includes(region) }]));
}

function activeIn({ region, activity, peers }: ServerInputs): string[] {
  return [...namesOf(peers), ...(activity === "active" ? [region] : [])];
}

function unasked(region: string, { primary, regions }: Declared): string {
  const remedy =
    regions[region] === undefined
      ? `keep ${region} in regions now, and remove it in the next update`
      : `set hibernated of ${region} to false now, and hibernate it in the next update`;
  return (
    `${region} may have confirmed commits that ${primary} does not have, and must be asked in an update that fails ` +
    `over: ${remedy}. If ${region} is gone too, name it in lost: what it alone has confirmed is lost with it`
  );
}
