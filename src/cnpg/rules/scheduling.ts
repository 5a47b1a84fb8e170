import {
  at,
  isRecord,
  mismatch,
  notBoolean,
  notObject,
  notOneOf,
  notWholeNumber,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../../rules";
import type { AffinityArgs, ResourcesArgs } from "../args";
import { isLabelValue, isQualifiedName, quantityOf } from "./formats";
import { listFailures, missing, objectFailures } from "./shapes";

// The compiler keeps these lists complete.
const resourcesProperties: Record<keyof ResourcesArgs, true> = { requests: true, limits: true };
const affinityProperties: Record<keyof AffinityArgs, true> = {
  enablePodAntiAffinity: true,
  podAntiAffinityType: true,
  topologyKey: true,
  nodeSelector: true,
  tolerations: true,
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

/** What every node has. Of these a container may get more than is set aside for it. */
const nodeResources = ["cpu", "memory", "ephemeral-storage"];

/** What a container asks for, and what it gets at most. */
export function resourcesFailures(path: string, resources: unknown): Generator<Failure> {
  return objectFailures(path, resources, Object.keys(resourcesProperties), function* (given) {
    const [requests, limits] = [given["requests"], given["limits"]];
    yield* quantitiesFailures(at(path, "requests"), requests);
    yield* quantitiesFailures(at(path, "limits"), limits);
    yield* hugePagesFailures(path, [...keysOf(requests), ...keysOf(limits)]);
    if (isRecord(requests) && (limits === undefined || isRecord(limits))) {
      yield* excessFailures(at(path, "requests"), requests, limits ?? {});
    }
  });
}

function* quantitiesFailures(path: string, quantities: unknown): Generator<Failure> {
  yield* notObject(path, quantities, "quantities, by resource");
  for (const [resource, quantity] of Object.entries(isRecord(quantities) ? quantities : {})) {
    if (!nodeResources.includes(resource) && !isWhole(resource)) {
      yield* unknownProperties(path, { [resource]: quantity }, nodeResources);
    }
    const isQuantity = (given: unknown) => quantityOf(given) !== undefined;
    yield* mismatch(at(path, resource), quantity, isQuantity, "a Kubernetes quantity such as 500m or 1Gi");
  }
}

function* hugePagesFailures(propertyPath: string, resources: readonly string[]): Generator<Failure> {
  if (resources.some(isHugePages) && !resources.includes("cpu") && !resources.includes("memory")) {
    yield { propertyPath, reason: "must say cpu or memory beside huge pages" };
  }
}

/** As the operator's `validateResources`, and as Kubernetes. */
function* excessFailures(path: string, requests: Unknowns, limits: Unknowns): Generator<Failure> {
  for (const [resource, request] of Object.entries(requests)) {
    const limit = limits[resource];
    const [least, most] = [quantityOf(request), quantityOf(limit)];
    const itsLimit = `its limit, ${limit === undefined ? "which is missing" : shown(limit)}`;
    if (least === undefined || (most === undefined && limit !== undefined)) {
      continue;
    }
    if (nodeResources.includes(resource) && most !== undefined && least > most) {
      const reason = `must be at most ${itsLimit}, not ${shown(request)}`;
      yield { propertyPath: at(path, resource), reason };
    } else if (isWhole(resource) && least !== most) {
      const reason = `must be equal to ${itsLimit}, not ${shown(request)}`;
      yield { propertyPath: at(path, resource), reason };
    }
  }
}

/** Of huge pages and of devices a container gets what it asks for, neither more nor less. */
function isWhole(resource: string): boolean {
  return isHugePages(resource) || (resource.includes("/") && isQualifiedName(resource));
}

function isHugePages(resource: string): boolean {
  return /^hugepages-\d+[KMG]i$/.test(resource);
}

function keysOf(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : [];
}

/** On which nodes instances run. */
export function affinityFailures(path: string, affinity: unknown): Generator<Failure> {
  return objectFailures(path, affinity, Object.keys(affinityProperties), function* (given) {
    const own = (property: keyof AffinityArgs) => [at(path, property), given[property]] as const;
    yield* notBoolean(...own("enablePodAntiAffinity"));
    yield* notOneOf(...own("podAntiAffinityType"), ["preferred", "required"]);
    yield* mismatch(...own("topologyKey"), isQualifiedName, labelKey);
    yield* nodeSelectorFailures(...own("nodeSelector"));
    yield* listFailures(...own("tolerations"), "objects", tolerationFailures);
  });
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
