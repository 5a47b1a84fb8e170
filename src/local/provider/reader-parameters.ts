import { neverBelowTheWriter } from "../../never-below-the-writer";
import type { Activity } from "../../topology-plan";
import { defaultParameters } from "../postgres/configuration";

type Parameters = Readonly<Record<string, string>>;

/** What a state keeps of a region that does not follow: hibernated, or lost. */
export interface Away {
  /** The highest values that were declared since: the log that the region has yet to replay may speak of each. */
  readonly highest?: Parameters;
}

/** PostgreSQL's own, from 15 to 18. */
const defaults: Parameters = {
  max_worker_processes: "8",
  max_prepared_transactions: "0",
  max_locks_per_transaction: "64",
  ...defaultParameters,
};

/** Of the parameters that must not be below the writer's, the highest values that were declared while a region is away. */
export function highestWhileAway(
  { activity, parameters }: { readonly activity: Activity; readonly parameters: Parameters },
  { highest = {} }: Away = {},
): Away {
  if (activity === "active") {
    return {};
  }
  const values = neverBelowTheWriter.map((name) => [
    name,
    highestOf(valueOf(name, parameters), highest[name]),
  ]);
  return { highest: Object.fromEntries(values) as Parameters };
}

/**
 * The parameters of a reader until it has replayed all that the writer wrote. Where one of those that must not be below the
 * writer's was lowered, the reader keeps what it had, and where it was raised and lowered again meanwhile, it takes that:
 * with less PostgreSQL does not start, or stops replaying.
 *
 * @param configuration The reader's `postgresql.conf`.
 */
export function parametersUntilReplayed(
  declared: Parameters,
  configuration: string,
  { highest = {} }: Away = {},
): Record<string, string> {
  const kept = neverBelowTheWriter.flatMap((name) => {
    const had = new RegExp(`^${name} = '(\\d+)'$`, "m").exec(configuration)?.[1];
    const wanted = valueOf(name, declared);
    const needed = highestOf(wanted, had, highest[name]);
    return needed === wanted ? [] : [[name, needed]];
  });
  return { ...declared, ...(Object.fromEntries(kept) as Record<string, string>) };
}

function valueOf(name: string, parameters: Parameters): string {
  return parameters[name] ?? defaults[name]!;
}

/** The first of the highest: a value that is declared stays as it is written. */
function highestOf(...values: (string | undefined)[]): string {
  return values
    .filter((value) => value !== undefined)
    .reduce((highest, value) => (Number(value) > Number(highest) ? value : highest));
}
