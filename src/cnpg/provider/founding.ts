import type { dynamic } from "@pulumi/pulumi";
import { decidedOnceFailures } from "../rules/decided-once";
import type { FoundingInputs } from "./inputs";

/** What the first update decided. Everything of a region waits for it, so nothing is done before a refusal. */
export const founding: dynamic.ResourceProvider<FoundingInputs, FoundingInputs> = {
  async check(olds: Partial<FoundingInputs>, news) {
    const first = olds.primary === undefined ? news : (olds as FoundingInputs);
    return { inputs: { ...news, primary: first.primary }, failures: decidedOnceFailures(first, news) };
  },

  async diff() {
    return { changes: false };
  },

  async create(inputs) {
    return { id: "founding", outs: inputs };
  },
};
