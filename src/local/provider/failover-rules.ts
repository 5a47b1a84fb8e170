import type { dynamic } from "@pulumi/pulumi";
import type { HandoverInputs } from "./inputs";

/**
 * What two states of the arguments alone tell of a failover that could lose commits: it is refused in the preview.
 * With `durability: "region"` one reader's confirmation is enough for a commit, so that every reader must be asked.
 *
 * @param olds Empty where there was none.
 */
export function failoverFailures(
  olds: Partial<HandoverInputs>,
  news: HandoverInputs,
): dynamic.CheckFailure[] {
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

function unasked(region: string, { primary, regions }: HandoverInputs): string {
  const remedy =
    regions[region] === undefined
      ? `keep ${region} in regions now, and remove it in the next update`
      : `set hibernated of ${region} to false now, and hibernate it in the next update`;
  return (
    `${region} may have confirmed commits that ${primary} does not have, and must be asked in an update that fails ` +
    `over: ${remedy}. If ${region} is gone too, name it in lost: what it alone has confirmed is lost with it`
  );
}
