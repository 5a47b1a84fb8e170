import { libraryRefusals } from "../../postgres/parameters";
import { serverAccount } from "./account";
import { parameterLines } from "./configuration";
import type { Programs } from "./programs";
import { run } from "./run";

/** The parameters that name libraries which a server loads: the first as it starts, the other one in each session. */
const preloads = ["shared_preload_libraries", "session_preload_libraries"];

/** Whether a parameter names libraries, or belongs to one, as `auto_explain.log_analyze` does. */
export function isOfLibraries(name: string): boolean {
  return preloads.includes(name) || name.includes(".");
}

/**
 * What PostgreSQL and its libraries say against the parameters of libraries, by name. A server without a database loads the
 * libraries and ends: it runs in a scratch folder, and takes nothing but the control file of the region's data. A parameter of
 * a library that is in neither list passes whatever it is.
 */
export async function refusedByLibraries(
  parameters: Readonly<Record<string, string>>,
  data: string,
  programs: Programs,
): Promise<Map<string, string>> {
  const own = Object.fromEntries(Object.entries(parameters).filter(([name]) => isOfLibraries(name)));
  const libraries = preloads.flatMap((name) => own[name] ?? []).filter((names) => names.trim() !== "");
  if (libraries.length === 0) {
    return new Map();
  }
  const trial = { ...own, shared_preload_libraries: libraries.join(", "), shared_buffers: "1MB" };
  return libraryRefusals(await answerTo(trial, data, programs), parameters);
}

async function answerTo(
  parameters: Readonly<Record<string, string>>,
  data: string,
  programs: Programs,
): Promise<string> {
  const line =
    "umask 077; ulimit -c 0; folder=$(mktemp -d) && trap 'rm -rf -- \"$folder\"' EXIT && " +
    'mkdir "$folder/global" && cp -- "$2/global/pg_control" "$folder/global/" && cp -- "$2/PG_VERSION" "$folder/" && ' +
    'cat >"$folder/postgresql.conf" && "$1" --single -D "$folder" postgres </dev/null 2>&1; exit 0';
  return run("/bin/sh", ["-c", line, "sh", programs.postgres, data], {
    account: await serverAccount(),
    cwd: "/",
    input: parameterLines(parameters),
  });
}
