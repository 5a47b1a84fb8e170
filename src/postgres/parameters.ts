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
