import type { dynamic } from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";
import { checkAdoption, type LiveObject, type ReadObject } from "../../kubernetes/adoption";
import type { ObjectsInputs, RegionObjects } from "../../kubernetes/objects";

/**
 * The objects of a component in every region's cluster: `check` refuses to adopt one of somebody else, in the preview
 * already. Everything of a region waits for it.
 */
export const objects: dynamic.ResourceProvider<ObjectsInputs, ObjectsInputs> = {
  async check(olds: ObjectsInputs, news: ObjectsInputs) {
    const { objects, failures } = await checkObjects(olds, news);
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

/** The objects to remember, and the refusals. */
export function checkObjects(
  olds: ObjectsInputs,
  news: ObjectsInputs,
  read?: ReadObject,
): ReturnType<typeof checkAdoption> {
  // A component of 0.1.0 has no list: what Pulumi created counts as its own, and nothing else does.
  return olds.objects === undefined
    ? checkAdoption({ objects: objectsOfLost(news) }, news, isByPulumi, read)
    : checkAdoption(olds, news, undefined, read);
}

/** A region that is lost already when the list begins: its cluster cannot be asked, and its objects are in the state. */
function objectsOfLost({ objects = {}, clusters = {} }: ObjectsInputs): RegionObjects {
  return Object.fromEntries(Object.entries(objects).filter(([region]) => clusters[region] === undefined));
}

function isByPulumi({ metadata: { managedFields = [] } }: LiveObject): boolean {
  return managedFields.some(({ manager }) => /^(pulumi-kubernetes|multi-region-postgres$)/.test(manager));
}
