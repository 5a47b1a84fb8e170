import { objectFailures } from "../../rule-shapes";
import { at, isRecord, mismatch, notOneOf, type Failure, type Unknowns } from "../../rules";
import type { InitdbArgs } from "../origin-args";

// The compiler keeps this list complete.
const initdbProperties: Record<keyof InitdbArgs, true> = {
  encoding: true,
  locale: true,
  localeProvider: true,
  icuLocale: true,
  builtinLocale: true,
  dataChecksums: true,
  walSegmentSizeMegabytes: true,
};

/** What is wrong with how the first data directory is made. */
export function* initdbFailures(
  path: string,
  { initdb, origin, externalWriter }: Unknowns,
): Generator<Failure> {
  yield* objectFailures(path, initdb, Object.keys(initdbProperties), function* (given) {
    const own = (property: keyof InitdbArgs) => [at(path, property), given[property]] as const;
    yield* mismatch(...own("encoding"), isWord, "an encoding, such as UTF8");
    for (const property of ["locale", "icuLocale", "builtinLocale"] as const) {
      yield* mismatch(...own(property), isWord, "a locale, such as de_DE.UTF-8");
    }
    yield* notOneOf(...own("localeProvider"), ["libc", "icu", "builtin"]);
    yield* mismatch(...own("dataChecksums"), (value) => value === true, "true: it cannot be turned off");
    const isSize = (value: unknown) => typeof value === "number" && sizes.includes(value);
    yield* mismatch(...own("walSegmentSizeMegabytes"), isSize, `one of ${sizes.join(", ")}`);
    yield* providerFailures(path, given, "icuLocale", "icu");
    yield* providerFailures(path, given, "builtinLocale", "builtin");
  });
  const source =
    externalWriter !== undefined
      ? "externalWriter"
      : ["clone", "recovery"]
          .map((kind) => isRecord(origin) && origin[kind] !== undefined && `origin.${kind}`)
          .find(Boolean);
  if (initdb !== undefined && source) {
    yield {
      propertyPath: path,
      reason: `must not be given beside ${source}, from which the data directory comes`,
    };
  }
}

const sizes = Array.from({ length: 11 }, (_, power) => 2 ** power);

/** As the operator's validation of the type, and as initdb. */
function* providerFailures(
  path: string,
  given: Unknowns,
  property: "icuLocale" | "builtinLocale",
  provider: string,
): Generator<Failure> {
  const isChosen = given["localeProvider"] === provider;
  if (isChosen && given[property] === undefined) {
    yield {
      propertyPath: at(path, property),
      reason: `is missing: localeProvider is "${provider}", which takes it`,
    };
  } else if (!isChosen && given[property] !== undefined) {
    yield {
      propertyPath: at(path, property),
      reason: `must not be given unless localeProvider is "${provider}"`,
    };
  }
}

/** It becomes an option of a command. */
function isWord(value: unknown): boolean {
  return typeof value === "string" && /^[A-Za-z][\w.@-]{0,62}$/.test(value);
}
