import type { dynamic } from "@pulumi/pulumi";
import { unknownValue } from "@pulumi/pulumi/runtime";
import { decidedOnceFailures } from "../rules/decided-once";
import { identify } from "./identities";
import type { FoundingInputs, FoundingNews, FoundingRegion } from "./inputs";

/** What the first update decided. Everything of a region waits for it, so nothing is done before a refusal. */
export const founding: dynamic.ResourceProvider<FoundingInputs, FoundingInputs> = {
  async check(olds: Partial<FoundingInputs>, news: FoundingInputs) {
    const { regions = {}, ...inputs } = news as FoundingNews;
    const first = olds.primary === undefined ? inputs : (olds as FoundingInputs);
    const { identities, failures } = await identify(
      knownRegions(regions),
      first.namespace,
      inputs.primary === "",
      olds.identities ?? {},
    );
    return {
      inputs: { ...inputs, primary: first.primary, identities },
      failures: [...decidedOnceFailures(first, inputs), ...failures],
    };
  },

  async diff() {
    return { changes: false };
  },

  async create(inputs) {
    return { id: "founding", outs: inputs };
  },
};

/** A preview may not know yet how a region will be reached. */
function knownRegions(regions: FoundingNews["regions"]): Record<string, FoundingRegion> {
  return Object.fromEntries(
    Object.entries(regions).filter(
      ([, { kubeconfig, context }]) => kubeconfig !== unknownValue && context !== unknownValue,
    ),
  );
}
