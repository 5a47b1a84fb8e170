import {
  at,
  isRecord,
  mismatch,
  notObject,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../rules";
import { objectFailures } from "../rule-shapes";
import { isQualifiedName, quantityOf } from "./formats";
import type { ResourcesArgs } from "./resources-args";

// The compiler keeps this list complete.
const resourcesProperties: Record<keyof ResourcesArgs, true> = { requests: true, limits: true };

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
