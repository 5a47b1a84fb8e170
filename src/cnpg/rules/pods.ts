import { annotationsFailures } from "../../kubernetes/cluster-rules";
import { isLabelValue, isQualifiedName, isSubdomain } from "../../kubernetes/formats";
import { objectFailures } from "../../rule-shapes";
import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notObject,
  notWholeNumber,
  shown,
  type Failure,
  type Unknowns,
} from "../../rules";
import type { InheritedMetadataArgs, PodArgs } from "../pod-args";

// The compiler keeps these lists complete.
export const podProperties: Record<keyof PodArgs, true> = {
  priorityClass: true,
  startDelaySeconds: true,
  stopDelaySeconds: true,
  inheritedMetadata: true,
  env: true,
  serviceAccountAnnotations: true,
};
const metadataProperties: Record<keyof InheritedMetadataArgs, true> = { labels: true, annotations: true };

const most = 2 ** 31 - 1;

/** How pods run. */
export function* podFailures(path: string, wishes: Unknowns): Generator<Failure> {
  const own = (property: keyof PodArgs) => [at(path, property), wishes[property]] as const;
  const priorityClass = "the name of a PriorityClass: lower-case letters, digits, hyphens and dots";
  yield* mismatch(...own("priorityClass"), isSubdomain, priorityClass);
  yield* notWholeNumber(...own("startDelaySeconds"), 1, most);
  yield* notWholeNumber(...own("stopDelaySeconds"), 1, most);
  const [metadataPath, metadata] = own("inheritedMetadata");
  yield* objectFailures(metadataPath, metadata, Object.keys(metadataProperties), function* (given) {
    yield* labelsFailures(at(metadataPath, "labels"), given["labels"]);
    yield* annotationsFailures(at(metadataPath, "annotations"), given["annotations"]);
    for (const property of Object.keys(metadataProperties)) {
      yield* operatorsFailures(at(metadataPath, property), given[property]);
    }
  });
  yield* environmentFailures(...own("env"));
  yield* annotationsFailures(...own("serviceAccountAnnotations"));
}

/** Refuses all but labels. */
function* labelsFailures(path: string, labels: unknown): Generator<Failure> {
  yield* notObject(path, labels, "labels' values, by key");
  for (const [key, value] of Object.entries(isRecord(labels) ? labels : {})) {
    if (!isQualifiedName(key)) {
      const reason = `must be named by the key of a label, such as example.com/team, not ${shown(key)}`;
      yield { propertyPath: at(path, key), reason };
    } else {
      const expected = "a label's value: up to 63 letters, digits, hyphens, underscores and dots";
      yield* mismatch(at(path, key), value, isLabelValue, expected);
    }
  }
}

/** By its own labels and annotations the operator finds what it made. */
function* operatorsFailures(path: string, given: unknown): Generator<Failure> {
  for (const key of Object.keys(isRecord(given) ? given : {}).filter((each) => each.startsWith("cnpg.io/"))) {
    yield {
      propertyPath: at(path, key),
      reason: "must not begin with cnpg.io/, which the operator keeps for itself",
    };
  }
}

function* environmentFailures(path: string, environment: unknown): Generator<Failure> {
  yield* notObject(path, environment, "texts, by name");
  for (const [name, value] of Object.entries(isRecord(environment) ? environment : {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      const reason = `must be named by letters, digits and underscores, not a digit first, not ${shown(name)}`;
      yield { propertyPath: at(path, name), reason };
    } else if (isReserved(name)) {
      yield { propertyPath: at(path, name), reason: "is set by the operator" };
    } else if (isPlain(value)) {
      yield* mismatch(at(path, name), value ?? null, (given) => typeof given === "string", "a text");
    }
  }
}

/** As the operator's `IsReservedEnvironmentVariable`. */
function isReserved(name: string): boolean {
  return /^(CNPG_|PG|(POD_NAME|NAMESPACE|CLUSTER_NAME)$)/i.test(name);
}
