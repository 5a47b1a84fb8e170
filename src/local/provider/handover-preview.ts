import { announce, dangersOf } from "../../handover/announcement";
import { handoverSteps } from "../../handover/steps";
import type { Activity } from "../../topology-plan";
import { leftBehind } from "../left-behind";
import type { HandoverInputs } from "./inputs";

/** The inputs of a handover with what its preview shows: the steps, and what is put at risk. */
export function previewOf(olds: Partial<HandoverInputs>, news: HandoverInputs): HandoverInputs {
  const change = {
    from: olds.primary,
    to: news.primary,
    before: activities(olds),
    after: activities(news),
  };
  return announce(olds, news, {
    steps: [...handoverSteps(change), ...leftBehind(change)],
    dangers: dangersOf({
      ...change,
      durability: olds.durability,
      fateOf: (region) => fateOf(olds.regions?.[region]?.folder, olds.keepData === true),
    }),
  });
}

function fateOf(folder: string | undefined, keepData: boolean): string | undefined {
  return keepData ? undefined : `its data${folder === undefined ? "" : ` in ${folder}`} is deleted`;
}

function activities({ regions = {}, lost = [] }: Partial<HandoverInputs>): Record<string, Activity> {
  return Object.fromEntries([
    ...Object.entries(regions).map(
      ([name, { hibernated }]) => [name, hibernated ? "hibernated" : "active"] as const,
    ),
    ...lost.map((name) => [name, "lost"] as const),
  ]);
}
