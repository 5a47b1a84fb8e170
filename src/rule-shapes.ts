import {
  at,
  isPlain,
  isRecord,
  notList,
  notObject,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "./rules";
import { notHolder } from "./secrets/rules";

/** Refuses all but an object, its unknown properties, and what `inside` refuses. `undefined` passes. */
export function* objectFailures(
  path: string,
  value: unknown,
  known: readonly string[],
  inside: (properties: Unknowns) => Iterable<Failure>,
): Generator<Failure> {
  yield* notObject(path, value);
  if (isRecord(value)) {
    yield* unknownProperties(path, value, known);
    yield* inside(value);
  }
}

/** Refuses all but a list, and what `inside` refuses of its items. `undefined` passes. */
export function* listFailures(
  path: string,
  value: unknown,
  of: string,
  inside: (path: string, item: unknown) => Iterable<Failure>,
): Generator<Failure> {
  yield* notList(path, value, of);
  for (const [index, item] of Array.isArray(value) ? value.entries() : []) {
    yield* inside(at(path, index), item ?? null);
  }
}

/** Refuses that there is nothing. */
export function* missing(propertyPath: string, value: unknown, expected: string): Generator<Failure> {
  if (value === undefined) {
    yield { propertyPath, reason: `is missing: must be ${expected}` };
  }
}

/** Refuses all but a text of at least one character, known or not, without showing it. `undefined` passes. */
export function* notSecretText(propertyPath: string, value: unknown, expected: string): Generator<Failure> {
  if (value === "") {
    yield { propertyPath, reason: `must be ${expected}, not an empty text` };
  } else if (isPlain(value) && typeof value !== "string") {
    yield* notHolder(propertyPath, value, expected);
  }
}

/** Refuses all but an object, without showing a text in its place. `undefined` passes. */
export function* notSecretObject(propertyPath: string, value: unknown, of: string): Generator<Failure> {
  if (!isRecord(value)) {
    yield* notHolder(propertyPath, value, `an object of ${of}`);
  }
}
