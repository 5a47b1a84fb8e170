import type { ClusterAccess } from "./access";
import { KubernetesApi } from "./api";
import {
  newObjects,
  parseObject,
  rememberedObjects,
  type ObjectsInputs,
  type PlannedObject,
  type RegionObjects,
} from "./objects";

/** A refusal, as Pulumi shows it beside the property. */
interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** An object as its API server has it, as far as it is looked at. */
export interface LiveObject {
  readonly metadata: { readonly managedFields?: readonly { readonly manager: string }[] };
}

/** Reads an object of a region's cluster: undefined where it is not there. */
export type ReadObject = (access: ClusterAccess, object: PlannedObject) => Promise<LiveObject | undefined>;

/**
 * Refuses objects that are in a cluster already though no update of this component has created them. Our Kubernetes
 * providers create by server-side apply, which would adopt such an object without a word, and a destruction would
 * delete it.
 *
 * @param isOurs Whether an object may be adopted all the same.
 * @returns The objects to remember, and the refusals.
 */
export async function checkAdoption(
  olds: ObjectsInputs,
  news: ObjectsInputs,
  isOurs: (live: LiveObject) => boolean = () => false,
  read: ReadObject = readObject,
): Promise<{ objects: RegionObjects; failures: Failure[] }> {
  const failures = await Promise.all(
    Object.entries(newObjects(olds, news)).map(([region, texts]) =>
      failuresOf(region, news.clusters![region]!, texts, isOurs, read),
    ),
  );
  return { objects: rememberedObjects(olds, news), failures: failures.flat() };
}

async function failuresOf(
  region: string,
  access: ClusterAccess,
  texts: readonly string[],
  isOurs: (live: LiveObject) => boolean,
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
    return live === undefined || isOurs(live) ? [] : [{ property, reason: refusal(region, object) }];
  });
  try {
    return (await Promise.all(looks)).flat();
  } catch (error) {
    return [{ property, reason: error instanceof Error ? error.message : String(error) }];
  }
}

function refusal(region: string, { kind, name, namespace }: PlannedObject): string {
  const place = namespace === undefined ? "" : ` in the namespace ${namespace}`;
  const advice =
    kind === "Namespace"
      ? "give another namespace, or createNamespace: false to use this one"
      : "give the component another name or another namespace";
  return `${region} has a ${kind} "${name}"${place} already, which this component did not create: ${advice}`;
}

async function readObject(access: ClusterAccess, object: PlannedObject): Promise<LiveObject | undefined> {
  const api = await KubernetesApi.connect(access);
  const { apiVersion, kind, name, namespace } = object;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return api.read<LiveObject>({ apiVersion, kind, metadata });
}
