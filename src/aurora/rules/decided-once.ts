import { at } from "../../rules";
import type { HandoverInputs } from "../provider/inputs";

interface Refusal {
  readonly property: string;
  readonly reason: string;
}

/** Compares what is wanted now with what was applied last: what would be another database, or end half-way. */
export function decidedOnceFailures(olds: Partial<HandoverInputs>, news: HandoverInputs): Refusal[] {
  const { regions } = olds;
  return regions === undefined
    ? []
    : [
        ...databaseFailures(olds as HandoverInputs, news),
        ...membersFailures(regions, news.regions),
        ...arrivalFailures(olds as HandoverInputs, news),
        ...departureFailures(olds as HandoverInputs, news),
        ...upgradeFailures(olds as HandoverInputs, news),
      ];
}

function databaseFailures(olds: HandoverInputs, news: HandoverInputs): Refusal[] {
  return (["globalDatabaseId", "follows", "database", "owner"] as const)
    .filter((property) => olds[property] !== news[property])
    .filter((property) => property !== "follows" || olds.globalDatabaseId === news.globalDatabaseId)
    .map((property) => ({
      property,
      reason: `must stay "${olds[property]}", since another one would be another database, not "${news[property]}"`,
    }));
}

function membersFailures(olds: HandoverInputs["regions"], news: HandoverInputs["regions"]): Refusal[] {
  return Object.keys(news).flatMap((region) => {
    const [first, now] = [olds[region], news[region]!];
    return (["awsRegion", "cluster"] as const).flatMap((property) =>
      first === undefined || first[property] === now[property]
        ? []
        : [
            {
              property: at(at("regions", region), property),
              reason: notMoved(first[property], now[property]),
            },
          ],
    );
  });
}

function notMoved(first: string, now: string): string {
  return `must stay "${first}", since another one would be another database, not "${now}": remove the region, and add it afterwards`;
}

/** AWS copies a region from the one that writes then, and has to be told which that is. */
function arrivalFailures(olds: HandoverInputs, news: HandoverInputs): Refusal[] {
  const arriving = Object.keys(news.regions).filter((region) => olds.regions[region] === undefined);
  return olds.primary === news.primary
    ? []
    : arriving.map((region) => ({
        property: at("regions", region),
        reason: `must be added in an update of its own: in this one the writer moves from ${olds.primary} to ${news.primary}`,
      }));
}

/** What Pulumi would refuse to delete, or delete while the writer moves from there, is refused in the preview. */
function departureFailures({ primary, follows, regions }: HandoverInputs, news: HandoverInputs): Refusal[] {
  const leaving = Object.keys(regions).filter((region) => news.regions[region] === undefined);
  return leaving.flatMap((region) => {
    const property = at("regions", region);
    const { activity, mayBeDeleted = false } = regions[region]!;
    const unprotect = `set deletionProtection: false in ${region} and run pulumi up`;
    if (region === primary && !follows && activity !== "lost") {
      const first = mayBeDeleted ? "" : `, ${unprotect}`;
      const reason = `must stay while the writer moves from it to ${news.primary}: run pulumi up with it${first}, and take it out of regions then`;
      return [{ property, reason }];
    }
    const reason = `must stay, since its cluster is protected from deletion: ${unprotect}, and take it out of regions then, which deletes its data`;
    return mayBeDeleted || activity === "lost" ? [] : [{ property, reason }];
  });
}

/** AWS upgrades all members or none. */
function upgradeFailures(olds: HandoverInputs, news: HandoverInputs): Refusal[] {
  const lost = Object.keys(news.regions).filter((region) => news.regions[region]!.activity === "lost");
  return lost.length === 0 || olds.engineVersion === news.engineVersion
    ? []
    : [
        {
          property: "engineVersion",
          reason: `must stay "${olds.engineVersion}" while ${lost.join(", ")} is lost, not "${news.engineVersion}"`,
        },
      ];
}
