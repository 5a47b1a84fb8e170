import { absentTarget } from "../../handover/absent-target";
import type { TopologyInputs } from "./inputs";
import { namesOfLost } from "./regions";

/** A property of the topology's arguments, and why it is refused. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}

/**
 * What two states of the arguments alone tell of an update that cannot end well: it is refused in the preview.
 *
 * @param olds Empty where there was none.
 */
export function changeRefusals(olds: Partial<TopologyInputs>, news: TopologyInputs): Refusal[] {
  const writer = olds.primary;
  const { primary } = news;
  if (writer === undefined || writer === primary) {
    return [];
  }
  const isFailover = namesOfLost(news).includes(writer);
  // A lost one may have been the writer until a failover that was not finished: the preflight looks.
  const was = olds.regions?.[primary]?.activity === "hibernated" ? "hibernated" : undefined;
  const absent = absentTarget({ writer, primary, lost: namesOfLost(news), was });
  return [
    ...(isFailover ? leavingRefusals(writersCopies(olds, news), primary) : []),
    ...(absent === undefined ? [] : [{ property: "primary", reason: absent }]),
    ...returning(olds, news).map((name) => ({ property: "lost", reason: rejoinBesideMove(name) })),
  ];
}

/** The regions that come back from being lost. The primary is one where a failover is taken back. */
function returning(olds: Partial<TopologyInputs>, { regions, primary }: TopologyInputs): string[] {
  return Object.keys(olds.regions ?? {})
    .filter((name) => olds.regions![name]!.activity === "lost" && name !== primary)
    .filter((name) => (regions[name]?.activity ?? "lost") !== "lost");
}

function rejoinBesideMove(name: string): string {
  return (
    `${name} comes back as a reader of the writer, which must not change in the same update: leave ${name} in lost now, ` +
    "and take it out in the next update"
  );
}

/**
 * The readers that leave in an update and may hold what no one else does: with `durability: "region"` one reader's
 * confirmation is enough for a commit.
 */
export function writersCopies(olds: Partial<TopologyInputs>, news: TopologyInputs): string[] {
  if (![olds.durability, news.durability].includes("region")) {
    return [];
  }
  return Object.entries(olds.regions ?? {}).flatMap(([name, { activity }]) => {
    const now = news.regions[name]?.activity;
    return activity === "active" && (now === undefined || now === "hibernated") ? [name] : [];
  });
}

export function leavingRefusals(names: readonly string[], primary: string): Refusal[] {
  return names.map((name) => ({
    property: "regions",
    reason:
      `${name} must stay active in an update that fails over: it may have confirmed commits that ${primary} does ` +
      `not have. Run pulumi up with ${name} as it was, and hibernate or remove it then; if ${name} is gone too, ` +
      "name it in lost: what it alone has confirmed is lost with it",
  }));
}
