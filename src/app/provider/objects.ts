import type { dynamic } from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";
import { checkAdoption } from "../../kubernetes/adoption";
import type { ObjectsInputs } from "../../kubernetes/objects";

/**
 * The objects of a component in every region's cluster: `check` refuses to adopt one of somebody else, in the preview
 * already. Everything of a region waits for it.
 */
export const objects: dynamic.ResourceProvider<ObjectsInputs, ObjectsInputs> = {
  async check(olds: ObjectsInputs, news: ObjectsInputs) {
    const { failures, ...inputs } = await checkAdoption(olds, news, olds.objects === undefined);
    return { inputs, failures };
  },

  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(kept(olds), kept(news)) };
  },

  async create(inputs) {
    return { id: "objects", outs: kept(inputs) };
  },

  async update(_id, _olds, news) {
    return { outs: kept(news) };
  },
};

function kept({ objects = {}, objectOwner }: ObjectsInputs): ObjectsInputs {
  return { objects, ...(objectOwner === undefined ? {} : { objectOwner }) };
}
