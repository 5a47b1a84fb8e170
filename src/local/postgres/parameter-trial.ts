import { refusalIn } from "../../postgres/parameters";
import { serverAccount } from "./account";
import { parameterLines } from "./configuration";
import type { Programs } from "./programs";
import { run } from "./run";

/**
 * What PostgreSQL says against each of some parameters, by name: `postgres -C` reads a scratch file, starts no server and
 * changes nothing. A parameter of a library (`auto_explain.log_analyze`) passes whatever it is, since PostgreSQL loads no
 * library for this: see `refusedByLibraries`.
 */
export async function refusedParameters(
  parameters: Readonly<Record<string, string>>,
  programs: Programs,
): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  if (await isTaken(parameters, programs)) {
    return refused;
  }
  for (const [name, value] of Object.entries(parameters)) {
    const refusal = await answerTo({ [name]: value }, programs);
    if (refusal !== undefined) {
      refused.set(name, refusal);
    }
  }
  return refused;
}

async function isTaken(parameters: Readonly<Record<string, string>>, programs: Programs): Promise<boolean> {
  return attempt(parameters, programs).then(
    () => true,
    () => false,
  );
}

async function answerTo(
  parameter: Readonly<Record<string, string>>,
  programs: Programs,
): Promise<string | undefined> {
  return attempt(parameter, programs).then(
    () => undefined,
    // Another failure, such as a full disk, says nothing of the parameter.
    (error: Error) => refusalIn(error.message),
  );
}

/** By a file: the arguments of a process are there for everyone to read. */
async function attempt(parameters: Readonly<Record<string, string>>, programs: Programs): Promise<void> {
  const line =
    "umask 077; folder=$(mktemp -d) && trap 'rm -rf -- \"$folder\"' EXIT && " +
    'cat >"$folder/postgresql.conf" && "$1" -C port -D "$folder"';
  await run("/bin/sh", ["-c", line, "sh", programs.postgres], {
    account: await serverAccount(),
    cwd: "/",
    input: parameterLines(parameters),
  });
}
