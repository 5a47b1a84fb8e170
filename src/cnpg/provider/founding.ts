import type { dynamic } from "@pulumi/pulumi";
import { checkAdoption } from "../../kubernetes/adoption";
import { decidedOnceFailures } from "../rules/decided-once";
import { identify } from "./identities";
import type { FoundingInputs, FoundingNews, FoundingRegion } from "./inputs";

/** What the first update decided. Everything of a region waits for it, so nothing is done before a refusal. */
export const founding: dynamic.ResourceProvider<FoundingInputs, FoundingInputs> = {
  async check(olds: Partial<FoundingInputs>, news: FoundingInputs) {
    const { regions = {}, clusters = {}, component = "", ...inputs } = news as FoundingNews;
    const first = olds.primary === undefined ? inputs : (olds as FoundingInputs);
    const { identities, failures } = await identify(
      reachable(regions, clusters),
      first.namespace,
      inputs.primary === "",
      olds.identities ?? {},
    );
    const checked = { ...inputs, primary: first.primary, identities };
    const refused = [...decidedOnceFailures(first, inputs), ...failures];
    if (refused.length > 0) {
      return { inputs: checked, failures: refused };
    }
    // State of 0.1.0 has a founding and no list.
    const isUpgrade = olds.primary !== undefined && olds.objects === undefined;
    const { failures: taken, ...adopted } = await checkAdoption(
      olds,
      { ...inputs, clusters, component },
      isUpgrade,
    );
    return { inputs: { ...checked, ...adopted }, failures: taken };
  },

  /** Nothing changes but at the first update of a state that has no owner. */
  async diff(_id, olds) {
    return { changes: olds.objectOwner === undefined };
  },

  async create(inputs) {
    return { id: "founding", outs: inputs };
  },

  async update(_id, _olds, news) {
    return { outs: news };
  },
};

/** A preview may not know yet how a region will be reached. A lost one is not: what was found of it is remembered. */
function reachable(
  regions: FoundingNews["regions"],
  clusters: NonNullable<FoundingNews["clusters"]>,
): Record<string, FoundingRegion> {
  return Object.fromEntries(
    Object.entries(regions).flatMap(([name, region]) => {
      const access = clusters[name];
      return access === undefined || typeof access === "object" ? [[name, { ...region, access }]] : [];
    }),
  );
}
