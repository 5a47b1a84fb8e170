import { neverBelowTheWriter } from "../../never-below-the-writer";
import type { KeptParameters, PreflightInputs } from "./inputs";
import type { Seen } from "./regions";

type Parameters = Readonly<Record<string, string>>;
type Name = (typeof neverBelowTheWriter)[number];

/** Where nothing is declared: CloudNativePG's own, else PostgreSQL's from 15 to 18. */
const defaults: Readonly<Record<Name, string>> = {
  max_connections: "100",
  max_worker_processes: "32",
  max_wal_senders: "10",
  max_prepared_transactions: "0",
  max_locks_per_transaction: "64",
};

/** How `pg_controldata` names them. */
const controlNames: Readonly<Record<Name, string>> = {
  max_connections: "max_connections",
  max_worker_processes: "max_worker_processes",
  max_wal_senders: "max_wal_senders",
  max_prepared_transactions: "max_prepared_xacts",
  max_locks_per_transaction: "max_locks_per_xact",
};

/**
 * What each reader keeps above what is declared. PostgreSQL refuses to start a reader with less than its writer had in
 * the log that the reader has yet to replay, and CloudNativePG restarts a reader as soon as its `Cluster` has less. So
 * a value that is lowered is lowered in the writer first, and by the next update in the readers that have replayed it.
 *
 * @param seen The regions that could be looked at.
 */
export async function keptParameters(
  olds: Partial<PreflightInputs>,
  { regions, parameters = {}, primary, externalWriter }: PreflightInputs,
  seen: readonly Seen[],
): Promise<KeptParameters> {
  const readers = Object.keys(regions).filter((name) => name !== primary || externalWriter !== undefined);
  const entries = await Promise.all(
    readers.map(async (name) => {
      const present = seen.find((each) => each.name === name && each.live !== undefined);
      const had =
        present === undefined ? { ...olds.parameters, ...olds.kept?.[name] } : parametersOf(present);
      const higher = neverBelowTheWriter.filter(
        (each) => Number(valueOf(each, had)) > Number(valueOf(each, parameters)),
      );
      const writerHad = higher.length === 0 ? {} : await replayedParameters(present);
      const kept = higher.filter((each) => !isAtMost(writerHad[each], valueOf(each, parameters)));
      return [name, Object.fromEntries(kept.map((each) => [each, valueOf(each, had)]))] as const;
    }),
  );
  return Object.fromEntries(entries.filter(([, kept]) => Object.keys(kept).length > 0));
}

/** What is told in the output of an update. */
export function keptWarnings(kept: KeptParameters = {}): string[] {
  return Object.entries(kept).map(([region, parameters]) => {
    const values = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
    return (
      `${region} keeps ${values.join(", ")} until it has replayed that the writer has less: ` +
      "the pulumi up after that lowers it there"
    );
  });
}

function parametersOf({ live }: Seen): Parameters {
  return live!.spec.postgresql.parameters as Parameters;
}

function isAtMost(replayed: number | undefined, declared: string): boolean {
  return replayed !== undefined && replayed <= Number(declared);
}

function valueOf(name: Name, parameters: Parameters): string {
  return parameters[name] ?? defaults[name];
}

/** What the writer had, by the log that a region has replayed. Where the region cannot be asked, nothing is known. */
async function replayedParameters(seen: Seen | undefined): Promise<Partial<Record<Name, number>>> {
  if (seen?.activity !== "active") {
    return {};
  }
  const { succeeded, output } = await seen.region
    .run(seen.live!, ["pg_controldata"])
    .catch(() => ({ succeeded: false, output: "" }));
  if (!succeeded) {
    return {};
  }
  const values = neverBelowTheWriter.flatMap((name) => {
    const value = new RegExp(`^${controlNames[name]} setting:\\s+(\\d+)$`, "m").exec(output)?.[1];
    return value === undefined ? [] : [[name, Number(value)] as const];
  });
  return Object.fromEntries(values);
}
