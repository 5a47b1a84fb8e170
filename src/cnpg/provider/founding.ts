import type { dynamic } from "@pulumi/pulumi";
import { checkAdoption } from "../../kubernetes/adoption";
import { decidedOnceFailures } from "../rules/decided-once";
import type { FoundingInputs } from "./inputs";

/** What the first update decided. Everything of a region waits for it, so nothing is done before a refusal. */
export const founding: dynamic.ResourceProvider<FoundingInputs, FoundingInputs> = {
  async check(olds: Partial<FoundingInputs>, news) {
    const first = olds.primary === undefined ? news : (olds as FoundingInputs);
    const failures = decidedOnceFailures(first, news);
    if (failures.length > 0) {
      return { inputs: news, failures };
    }
    // State of 0.1.0 has a founding and no list: all that is there counts as created by it.
    const isUpgrade = olds.primary !== undefined && olds.objects === undefined;
    const checked = await checkAdoption(isUpgrade ? { ...olds, objects: news.objects ?? {} } : olds, news);
    return { inputs: { ...checked.inputs, primary: first.primary }, failures: checked.failures };
  },

  async diff() {
    return { changes: false };
  },

  async create(inputs) {
    // The kubeconfigs are looked at in `check` alone.
    return { id: "founding", outs: { ...inputs, clusters: {} } };
  },
};
