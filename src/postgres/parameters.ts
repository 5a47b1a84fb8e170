import { unknownValue } from "@pulumi/pulumi/runtime";

/** The parameters that are new or have another value, as far as a preview knows them. */
export function changedParameters(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => value !== unknownValue && before[name] !== value),
  );
}

/** What a server that loaded libraries said against parameters, by name. */
export function libraryRefusals(
  output: string,
  parameters: Readonly<Record<string, string>>,
): Map<string, string> {
  const refused = new Map<string, string>();
  for (const [, said = ""] of output.matchAll(/(?:WARNING|ERROR|FATAL):\s+(.*)/g)) {
    const library = /^could not (?:access file|load library) "([^"]*)"/.exec(said)?.[1];
    const named = /parameter(?: name)? "([^"]*)"/.exec(said)?.[1];
    const names = Object.keys(parameters).filter((name) =>
      library === undefined
        ? name === named
        : name.endsWith("_preload_libraries") && parameters[name]!.includes(library),
    );
    names.forEach((name) => refused.set(name, said.replace(/, removing it$/, "")));
  }
  return refused;
}

/** What PostgreSQL says against parameters, in one line; undefined where it fails for another reason. */
export function refusalIn(errors: string): string | undefined {
  const lines = errors
    .split("\n")
    .map((line) => line.replace(/^.*?(FATAL|ERROR|LOG|HINT|DETAIL|WARNING):\s+/, "$1: "))
    .map((line) => line.replace(/ in file "[^"]*" line \d+/, ""));
  const [refusal] = lines.filter((line) =>
    /^(FATAL|ERROR|LOG): .*(parameter|invalid value|outside the valid)/.test(line),
  );
  const hints = lines.filter((line) => /^(HINT|DETAIL): /.test(line));
  return refusal === undefined
    ? undefined
    : [refusal, ...hints].map((line) => line.replace(/^\w+: /, "").replace(/\.$/, "")).join("; ");
}
