import {
  at,
  isRecord,
  mismatch,
  notBoolean,
  notObject,
  notOneOf,
  notWholeNumber,
  shown,
  type Failure,
  type Unknowns,
} from "../../rules";
import type { AffinityArgs } from "../args";
import { isLabelValue, isQualifiedName } from "../../kubernetes/formats";
import { listFailures, missing, objectFailures } from "../../rule-shapes";

// The compiler keeps these lists complete.
const affinityProperties: Record<keyof AffinityArgs, true> = {
  enablePodAntiAffinity: true,
  podAntiAffinityType: true,
  topologyKey: true,
  nodeSelector: true,
  tolerations: true,
  nodeAffinity: true,
  additionalPodAffinity: true,
  additionalPodAntiAffinity: true,
};

// Kubernetes' own.
const tolerationProperties = ["key", "operator", "value", "effect", "tolerationSeconds"];
const spreadProperties = [
  "maxSkew",
  "topologyKey",
  "whenUnsatisfiable",
  "labelSelector",
  "matchLabelKeys",
  "minDomains",
  "nodeAffinityPolicy",
  "nodeTaintsPolicy",
];

/** On which nodes instances run. */
export function affinityFailures(path: string, affinity: unknown): Generator<Failure> {
  return objectFailures(path, affinity, Object.keys(affinityProperties), function* (given) {
    const own = (property: keyof AffinityArgs) => [at(path, property), given[property]] as const;
    yield* notBoolean(...own("enablePodAntiAffinity"));
    yield* notOneOf(...own("podAntiAffinityType"), ["preferred", "required"]);
    yield* mismatch(...own("topologyKey"), isQualifiedName, labelKey);
    yield* nodeSelectorFailures(...own("nodeSelector"));
    yield* listFailures(...own("tolerations"), "objects", tolerationFailures);
    for (const kind of ["nodeAffinity", "additionalPodAffinity", "additionalPodAntiAffinity"] as const) {
      yield* objectFailures(...own(kind), affinityTerms, (terms) => termsFailures(own(kind)[0], terms));
    }
  });
}

/** Kubernetes' own. The rest of an affinity is taken as it is. */
const affinityTerms = [
  "requiredDuringSchedulingIgnoredDuringExecution",
  "preferredDuringSchedulingIgnoredDuringExecution",
];

function* termsFailures(path: string, terms: Unknowns): Generator<Failure> {
  if (affinityTerms.every((each) => terms[each] === undefined)) {
    yield { propertyPath: path, reason: `must have ${affinityTerms.join(" or ")}` };
  }
}

const labelKey = "the key of a label, such as topology.kubernetes.io/zone";
const labelValue = "a label's value: up to 63 letters, digits, hyphens, underscores and dots";

function* nodeSelectorFailures(path: string, selector: unknown): Generator<Failure> {
  yield* notObject(path, selector, "labels' values, by key");
  for (const [key, value] of Object.entries(isRecord(selector) ? selector : {})) {
    if (!isQualifiedName(key)) {
      yield { propertyPath: at(path, key), reason: `must be named by ${labelKey}, not ${shown(key)}` };
    } else {
      yield* mismatch(at(path, key), value, isLabelValue, labelValue);
    }
  }
}

/** As the operator's `validateTolerations`. */
function tolerationFailures(path: string, toleration: unknown): Generator<Failure> {
  return objectFailures(path, toleration, tolerationProperties, function* (given) {
    const { key, operator = "Equal", value, effect, tolerationSeconds } = given;
    yield* mismatch(at(path, "key"), key, isQualifiedName, "the key of a taint");
    yield* notOneOf(at(path, "operator"), operator, ["Equal", "Exists"]);
    yield* mismatch(at(path, "value"), value, isLabelValue, labelValue);
    yield* notOneOf(at(path, "effect"), effect, ["NoSchedule", "PreferNoSchedule", "NoExecute"]);
    yield* notWholeNumber(at(path, "tolerationSeconds"), tolerationSeconds, 0);
    if (key === undefined && operator === "Equal") {
      yield { propertyPath: at(path, "operator"), reason: 'must be "Exists" where there is no key' };
    }
    if (operator === "Exists" && value !== undefined && value !== "") {
      yield { propertyPath: at(path, "value"), reason: 'must not be given where operator is "Exists"' };
    }
    if (tolerationSeconds !== undefined && effect !== "NoExecute") {
      yield {
        propertyPath: at(path, "effect"),
        reason: 'must be "NoExecute" where there are tolerationSeconds',
      };
    }
  });
}

/** What Kubernetes asks of a constraint: the rest of it is taken as it is. */
export function spreadFailures(path: string, constraint: unknown): Generator<Failure> {
  return objectFailures(path, constraint, spreadProperties, function* (given) {
    const { maxSkew, topologyKey, whenUnsatisfiable } = given;
    yield* missing(at(path, "maxSkew"), maxSkew, "a whole number of 1 or more");
    yield* notWholeNumber(at(path, "maxSkew"), maxSkew, 1);
    yield* missing(at(path, "topologyKey"), topologyKey, labelKey);
    yield* mismatch(at(path, "topologyKey"), topologyKey, isQualifiedName, labelKey);
    const choices = ["DoNotSchedule", "ScheduleAnyway"];
    yield* missing(at(path, "whenUnsatisfiable"), whenUnsatisfiable, `one of ${choices.join(", ")}`);
    yield* notOneOf(at(path, "whenUnsatisfiable"), whenUnsatisfiable, choices);
  });
}
