import type { ClusterAccess } from "./access";
import { KubernetesApi } from "./api";
import {
  newObjects,
  objectsOfLost,
  parseObject,
  rememberedObjects,
  type ObjectsInputs,
  type PlannedObject,
  type RegionObjects,
} from "./objects";
import { describeOwner, judgeOwner, newOwner, type LiveObject } from "./owner";

/** A refusal, as Pulumi shows it beside the property. */
interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Reads an object of a region's cluster: undefined where it is not there. */
export type ReadObject = (access: ClusterAccess, object: PlannedObject) => Promise<LiveObject | undefined>;

/**
 * Refuses objects of another owner that are in a cluster already. Our Kubernetes providers create by server-side apply,
 * which would adopt such an object without a word, and a destruction would delete it. The component's own are there
 * where an update was killed, or a region was taken out and its objects stayed.
 *
 * @param isUpgrade Whether the state is of a version that kept no list: its objects name no owner, so all that Pulumi
 * created counts as the component's own.
 * @returns The objects and the owner to remember, and the refusals.
 */
export async function checkAdoption(
  olds: ObjectsInputs,
  news: ObjectsInputs,
  isUpgrade: boolean,
  read: ReadObject = readObject,
): Promise<{ objects: RegionObjects; objectOwner: string; failures: Failure[] }> {
  const known = isUpgrade ? { objects: objectsOfLost(news) } : olds;
  const objectOwner = olds.objectOwner ?? newOwner(news.component ?? "");
  const mayAdopt = (live: LiveObject) => {
    const owner = judgeOwner(live, objectOwner);
    return owner === "own" || (isUpgrade && owner === "unknown");
  };
  const failures = await Promise.all(
    Object.entries(newObjects(known, news)).map(([region, texts]) =>
      failuresOf(region, news.clusters![region]!, texts, mayAdopt, read),
    ),
  );
  return { objects: rememberedObjects(known, news), objectOwner, failures: failures.flat() };
}

async function failuresOf(
  region: string,
  access: ClusterAccess,
  texts: readonly string[],
  mayAdopt: (live: LiveObject) => boolean,
  read: ReadObject,
): Promise<Failure[]> {
  // In a preview the cluster may be one that the update makes: nothing can be in it.
  if (typeof access !== "object") {
    return [];
  }
  const property = `regions.${region}`;
  const looks = texts.map(async (text): Promise<Failure[]> => {
    const object = parseObject(text);
    const live = await read(access, object);
    return live === undefined || mayAdopt(live) ? [] : [{ property, reason: refusal(region, object, live) }];
  });
  try {
    return (await Promise.all(looks)).flat();
  } catch (error) {
    return [{ property, reason: error instanceof Error ? error.message : String(error) }];
  }
}

function refusal(region: string, { kind, name, namespace }: PlannedObject, live: LiveObject): string {
  const place = namespace === undefined ? "" : ` in the namespace ${namespace}`;
  const owner = describeOwner(live);
  const whose = owner === undefined ? "which this component did not create" : `and it belongs to ${owner}`;
  const advice =
    kind === "Namespace"
      ? "give another namespace, or createNamespace: false to use this one"
      : "give the component another name or another namespace";
  return `${region} has a ${kind} "${name}"${place} already, ${whose}: ${advice}`;
}

async function readObject(access: ClusterAccess, object: PlannedObject): Promise<LiveObject | undefined> {
  const api = await KubernetesApi.connect(access);
  const { apiVersion, kind, name, namespace } = object;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return api.read<LiveObject>({ apiVersion, kind, metadata });
}
