import type { dynamic } from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";
import { checkAdoption, type LiveObject } from "../../kubernetes/adoption";
import type { ObjectsInputs } from "../../kubernetes/objects";

/**
 * The objects of a component in every region's cluster: `check` refuses to adopt one of somebody else, in the preview
 * already. Everything of a region waits for it.
 */
export const objects: dynamic.ResourceProvider<ObjectsInputs, ObjectsInputs> = {
  async check(olds: ObjectsInputs, news) {
    // A component of 0.1.0 has no list: what Pulumi created counts as its own, and nothing else does.
    const isOurs = olds.objects === undefined ? isByPulumi : undefined;
    const { objects, failures } = await checkAdoption(olds, news, isOurs);
    return { inputs: { objects }, failures };
  },

  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(olds.objects, news.objects) };
  },

  async create(inputs) {
    return { id: "objects", outs: { objects: inputs.objects ?? {} } };
  },

  async update(_id, _olds, news) {
    return { outs: { objects: news.objects ?? {} } };
  },
};

function isByPulumi({ metadata: { managedFields = [] } }: LiveObject): boolean {
  return managedFields.some(({ manager }) => /^(pulumi-kubernetes|multi-region-postgres$)/.test(manager));
}
