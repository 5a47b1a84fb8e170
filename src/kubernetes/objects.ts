import type * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "./access";
import type { DeclaredCluster } from "./cluster-options";

/** An object that a component creates in a region. */
export interface PlannedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Absent where the kind has none. */
  readonly namespace?: string;
}

/** By region: API version, kind, and namespace and name, as a text each. */
export type RegionObjects = Readonly<Record<string, readonly string[]>>;

/** The objects that a component creates in each region, and where they are. State of 0.1.0 has neither. */
export interface ObjectsInputs {
  readonly objects?: RegionObjects;
  /** By region, without the lost ones: looked at, and not kept. */
  readonly clusters?: Readonly<Record<string, ClusterAccess>>;
  /** The URN of the component: looked at, and not kept. */
  readonly component?: string;
  /** The owner that each object names: absent in the state of old versions. */
  readonly objectOwner?: string;
}

/** A planned object as a text, which a diff shows and which is easily compared. */
export function objectText({ apiVersion, kind, name, namespace }: PlannedObject): string {
  return `${apiVersion} ${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** The object that a text of `objectText` stands for. */
export function parseObject(text: string): PlannedObject {
  const [apiVersion, kind, path] = text.split(" ") as [string, string, string];
  const [first, second] = path.split("/") as [string, string | undefined];
  return second === undefined
    ? { apiVersion, kind, name: first }
    : { apiVersion, kind, namespace: first, name: second };
}

/** The objects of one region whose creation comes next: a lost region keeps those that it had. */
export function newObjects(olds: ObjectsInputs, news: ObjectsInputs): Record<string, string[]> {
  const regions = Object.keys(news.clusters ?? {});
  return Object.fromEntries(
    regions.map((region) => {
      const [known, planned] = [olds.objects?.[region] ?? [], news.objects?.[region] ?? []];
      // In a preview a namespace may be unknown, and the list with it: it is a text then.
      return [region, typeof planned === "string" ? [] : planned.filter((text) => !known.includes(text))];
    }),
  );
}

/** The inputs to remember. What is planned for a lost region is not created, so it stays new until it comes back. */
export function rememberedObjects(olds: ObjectsInputs, news: ObjectsInputs): RegionObjects {
  return Object.fromEntries(
    Object.entries(news.objects ?? {}).map(([region, planned]) => [
      region,
      news.clusters?.[region] === undefined ? (olds.objects?.[region] ?? []) : planned,
    ]),
  );
}

/** The objects of the lost regions: their clusters cannot be asked. */
export function objectsOfLost({ objects = {}, clusters = {} }: ObjectsInputs): RegionObjects {
  return Object.fromEntries(Object.entries(objects).filter(([region]) => clusters[region] === undefined));
}

/** A region as a component plans it. */
export interface PlannedRegion {
  readonly region: string;
  readonly isLost: boolean;
  readonly cluster: DeclaredCluster;
  readonly objects: pulumi.Input<readonly PlannedObject[]>;
}

/** What the provider of a component's objects is given. */
export interface DeclaredObjects {
  readonly objects: Record<string, pulumi.Output<string[]>>;
  readonly clusters: Record<string, pulumi.Output<ClusterAccess>>;
  readonly component: pulumi.Output<string>;
}
