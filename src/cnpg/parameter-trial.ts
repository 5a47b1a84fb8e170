/**
 * The command by which PostgreSQL itself says whether it would take parameters: it reads no file of the server's, changes
 * nothing, and ends at once.
 */
export function trialOf(parameters: Readonly<Record<string, string>>): string[] {
  const settings = Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["postgres", "-C", "port", "-c", "config_file=/dev/null", ...settings];
}
