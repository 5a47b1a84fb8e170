import { refusalIn } from "../../postgres/parameters";
import { trialOf } from "../parameter-trial";
import type { Seen } from "./regions";

/** A failure of `check`: which of the program's arguments it is about, and what PostgreSQL says. */
export interface ParameterFailure {
  readonly property: string;
  readonly reason: string;
}

/**
 * Asks a region's PostgreSQL whether it would take parameters: all of them, and each by itself where it would not. Where
 * no region can be asked, nothing is known.
 *
 * @param seen In the order in which they are asked: the first that has an instance answers for all.
 */
export async function parameterFailures(
  seen: readonly Seen[],
  parameters: Readonly<Record<string, string>>,
): Promise<ParameterFailure[]> {
  const place = seen.find(({ activity, live }) => activity === "active" && live?.status?.currentPrimary);
  if (place === undefined || Object.keys(parameters).length === 0) {
    return [];
  }
  if ((await refusalAt(place, parameters)) === undefined) {
    return [];
  }
  const failures: ParameterFailure[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const refusal = await refusalAt(place, { [name]: value });
    if (refusal !== undefined) {
      const reason = `is refused by PostgreSQL in ${place.name}: ${refusal}. Nothing has been changed`;
      failures.push({ property: `parameters.${name}`, reason });
    }
  }
  return failures;
}

async function refusalAt(
  { region, live }: Seen,
  parameters: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { succeeded, errors } = await region.run(live!, trialOf(parameters));
  return succeeded ? undefined : refusalIn(errors);
}
