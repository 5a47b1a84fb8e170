/**
 * The command by which PostgreSQL itself says whether it would take parameters: it reads no file of the server's, changes
 * nothing, and ends at once.
 */
export function trialOf(parameters: Readonly<Record<string, string>>): string[] {
  const settings = Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["postgres", "-C", "port", "-c", "config_file=/dev/null", ...settings];
}

/** What PostgreSQL says against them, in one line; undefined where it is something else that keeps it from answering. */
export function refusalIn(errors: string): string | undefined {
  const lines = errors
    .split("\n")
    .map((line) => line.replace(/^.*?(FATAL|ERROR|LOG|HINT|DETAIL|WARNING):\s+/, "$1: "));
  const [refusal] = lines.filter((line) =>
    /^(FATAL|ERROR|LOG): .*(parameter|invalid value|outside the valid)/.test(line),
  );
  const hints = lines.filter((line) => /^(HINT|DETAIL): /.test(line));
  return refusal === undefined
    ? undefined
    : [refusal, ...hints].map((line) => line.replace(/^\w+: /, "").replace(/\.$/, "")).join("; ");
}
