import { InputPropertiesError, Output } from "@pulumi/pulumi";

/** One input that is refused: where it is, and what is wrong with it. Lower case, without a full stop. */
export interface Failure {
  /** As Pulumi writes property paths: `regions.rome`, `regions["rome-2"].port`, `lost[0]`. */
  readonly propertyPath: string;
  /** The value given and what is allowed. Never the value of a secret. */
  readonly reason: string;
}

/** What plain JavaScript may pass where TypeScript promises a type. */
export type Unknowns = Readonly<Record<string, unknown>>;

/**
 * Throws one error that lists every failure, or returns.
 *
 * @param component The type and name of the resource, such as `LocalPostgres "db"`.
 */
export function refuseIfAny(component: string, failures: Iterable<Failure>): void {
  const errors = [...failures].map(({ propertyPath, reason }) => ({ propertyPath, reason }));
  if (errors.length === 0) {
    return;
  }
  const count = errors.length === 1 ? "1 input is refused" : `${errors.length} inputs are refused`;
  const lines = errors.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`);
  const refusal = new InputPropertiesError({
    message: [`${component}: ${count}`, ...lines].join("\n"),
    errors,
  });
  // Pulumi prints the stack of every error that reaches the top of a program, unless it has the mark of a `RunError`.
  throw Object.defineProperty(refusal, "__pulumiRunError", { value: true });
}

/** The path of a property of what is at `path`; `""` is the arguments themselves. */
export function at(path: string, key: string | number): string {
  if (typeof key === "number") {
    return `${path}[${key}]`;
  }
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) {
    return `${path}[${JSON.stringify(key)}]`;
  }
  return path === "" ? key : `${path}.${key}`;
}

/** A value as a message shows it. Not for secrets. */
export function shown(value: unknown): string {
  if (Output.isInstance(value)) {
    return "an output";
  }
  if (isPromise(value)) {
    return "a promise";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "string") {
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  }
  return typeof value === "function" || (typeof value === "object" && value !== null)
    ? `${typeof value === "function" ? "a" : "an"} ${typeof value}`
    : String(value);
}

/** Whether a value is known while the program runs: neither an output nor a promise. */
export function isPlain(value: unknown): boolean {
  return !Output.isInstance(value) && !isPromise(value);
}

/** Whether a value is a plain object of properties. */
export function isRecord(value: unknown): value is Unknowns {
  return typeof value === "object" && value !== null && !Array.isArray(value) && isPlain(value);
}

/** Refuses outputs and promises where the value decides what is created. */
export function* unknownYet(path: string, value: unknown): Generator<Failure> {
  if (!isPlain(value)) {
    yield { propertyPath: path, reason: `must be known before the deployment, not ${shown(value)}` };
  }
}

/**
 * Refuses a value that is not known yet or fails `test`. `undefined` passes: the property is optional.
 *
 * @param expected What is allowed, such as `a whole number`.
 */
export function* mismatch(
  path: string,
  value: unknown,
  test: (value: unknown) => boolean,
  expected: string,
): Generator<Failure> {
  if (!isPlain(value)) {
    yield* unknownYet(path, value);
  } else if (value !== undefined && !test(value)) {
    yield { propertyPath: path, reason: `must be ${expected}, not ${shown(value)}` };
  }
}

/** Refuses all but an object. */
export function notObject(path: string, value: unknown, of = "properties"): Generator<Failure> {
  return mismatch(path, value, isRecord, `an object of ${of}`);
}

/** Refuses all but a list. */
export function notList(path: string, value: unknown, of: string): Generator<Failure> {
  return mismatch(path, value, Array.isArray, `a list of ${of}`);
}

/** Refuses all but the texts listed. */
export function notOneOf(path: string, value: unknown, allowed: readonly string[]): Generator<Failure> {
  return mismatch(path, value, (given) => allowed.includes(given as string), `one of ${allowed.join(", ")}`);
}

/** Refuses all but true and false. */
export function notBoolean(path: string, value: unknown): Generator<Failure> {
  return mismatch(path, value, (given) => typeof given === "boolean", "true or false");
}

/** Refuses all but whole numbers from `least` to `most`, both included. */
export function notWholeNumber(
  path: string,
  value: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): Generator<Failure> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  const within = (given: unknown) =>
    Number.isSafeInteger(given) && (given as number) >= least && (given as number) <= most;
  return mismatch(path, value, within, `a whole number ${range}`);
}

/** Refuses properties that are not known, and suggests the one that was probably meant. */
export function* unknownProperties(
  path: string,
  value: Unknowns,
  known: readonly string[],
): Generator<Failure> {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      const meant = nearest(key, known);
      const hint = meant === undefined ? `must be one of ${known.join(", ")}` : `did you mean "${meant}"?`;
      yield { propertyPath: at(path, key), reason: `unknown property, ${hint}` };
    }
  }
}

/** The candidate that a typing mistake or two away reads like `text`, if there is one. */
function nearest(text: string, candidates: readonly string[]): string | undefined {
  const lower = text.toLowerCase();
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(lower, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((one, other) => one.distance - other.distance);
  return best?.candidate;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}

/** How many letters were added, dropped, changed or swapped with the next. */
function editDistance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    const [above, current] = [rows[row - 1]!, [row]];
    for (let column = 1; column <= other.length; column++) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      const swapped = one[row - 2] === other[column - 1] && one[row - 1] === other[column - 2];
      current.push(
        Math.min(
          above[column]! + 1,
          current[column - 1]! + 1,
          above[column - 1]! + change,
          swapped && row > 1 && column > 1 ? rows[row - 2]![column - 2]! + 1 : Infinity,
        ),
      );
    }
    rows.push(current);
  }
  return rows[one.length]![other.length]!;
}
