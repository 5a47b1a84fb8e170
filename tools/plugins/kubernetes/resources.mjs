// @ts-check
import { checkedInputs } from "./check.mjs";
import { create } from "./create.mjs";
import { remove } from "./delete.mjs";
import { diff } from "./diff.mjs";
import { read } from "./read.mjs";
import { update } from "./update.mjs";

/**
 * What the provider does with the objects of one type.
 * @param {import("./context.mjs").Context} context
 * @returns {import("../lib/serve.mjs").ResourceType}
 */
export function objectsOf(context) {
  const { provider, type, engine } = context;
  return {
    async check(request) {
      if (provider.unreachable !== undefined && provider.options.skipUpdateUnreachable) {
        engine.warn(
          request.urn,
          "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...",
        );
        return { inputs: request.olds, failures: [] };
      }
      return { inputs: await checkedInputs(provider, type, request), failures: [] };
    },
    diff: (request) => diff(context, request),
    create: (request) => create(context, request),
    read: (request) => read(context, request),
    update: (request) => update(context, request),
    delete: (request) => remove(context, request),
  };
}
