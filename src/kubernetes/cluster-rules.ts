import { at, isPlain, isRecord, mismatch, notObject, shown, type Failure, type Unknowns } from "../rules";
import { isNetwork, isQualifiedName } from "./formats";

/** What a kubeconfig is given as. */
export const kubeconfig = "a kubeconfig: its text or the path of a file";

/** Refuses all but a CIDR block. */
export function networkFailures(path: string, network: unknown): Generator<Failure> {
  return mismatch(path, network, isNetwork, "a CIDR block such as 203.0.113.0/24");
}

/** Refuses all but annotations. */
export function* annotationsFailures(path: string, annotations: unknown): Generator<Failure> {
  yield* notObject(path, annotations, "texts, by key");
  for (const [key, value] of Object.entries(isRecord(annotations) ? annotations : {})) {
    if (!isQualifiedName(key)) {
      const reason = `must be named by the key of an annotation, such as example.com/name, not ${shown(key)}`;
      yield { propertyPath: at(path, key), reason };
    } else if (isPlain(value)) {
      yield* mismatch(at(path, key), value, (given) => typeof given === "string", "a text");
    }
  }
}

/** Two regions of one cluster would be one region. */
export function clustersFailures(regions: Unknowns): Generator<Failure> {
  return repeated(
    regions,
    "kubeconfig",
    ({ kubeconfig, context = "" }) =>
      typeof kubeconfig === "string" && typeof context === "string" ? `${context} ${kubeconfig}` : undefined,
    (other) => `must be of another cluster, or have another context, than that of ${other}`,
  );
}

/** Refuses that a region is where another one is. What is undefined is nowhere. */
export function* repeated(
  regions: Unknowns,
  property: string,
  placeOf: (region: Unknowns) => string | undefined,
  reasonOf: (other: string) => string,
): Generator<Failure> {
  const taken = new Map<string | undefined, string>();
  for (const [name, region] of Object.entries(regions)) {
    const place = isRecord(region) ? placeOf(region) : undefined;
    const other = place === undefined ? undefined : taken.get(place);
    if (other !== undefined) {
      yield { propertyPath: at(at("regions", name), property), reason: reasonOf(other) };
    }
    taken.set(place, name);
  }
}
