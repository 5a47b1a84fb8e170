import { isHibernated } from "../kubernetes/live-cluster";
import { leavingRefusals, writersCopies } from "./failover-rules";
import type { TopologyInputs } from "./inputs";
import type { Seen } from "./regions";

/**
 * Refuses a failover that could not end well before any region is turned to the next writer: the regions that have to
 * be asked how far they are must answer.
 *
 * @param olds What the last update declared: it may have been abandoned half-way.
 */
export async function requireFailover(
  target: Seen,
  seen: readonly Seen[],
  news: TopologyInputs,
  olds: Partial<TopologyInputs>,
): Promise<void> {
  const stays = `${target.name} is not promoted, and every region stays as it is`;
  const isStrict = [olds.durability, news.durability].includes("region");
  const stopping = seen.flatMap(({ name, activity, live }) =>
    isStrict && activity === "hibernated" && live !== undefined && !isHibernated(live) ? [name] : [],
  );
  const [refusal] = leavingRefusals([...writersCopies(olds, news), ...stopping], target.name);
  if (refusal !== undefined) {
    throw new Error(`${stays}: ${refusal.reason}`);
  }
  const asked = seen.filter(({ activity, live }) => activity === "active" && live !== undefined);
  const silent = await Promise.all(
    asked.filter((each) => each === target || isStrict).map(async (each) => silenceOf(each)),
  );
  const reasons = silent.flatMap((reason) => reason ?? []);
  if (reasons.length > 0) {
    throw new Error(
      `${stays}: ${reasons.join("; ")}. Wait until these regions answer. A region that is gone is named in lost: ` +
        "what it alone has confirmed is lost with it",
    );
  }
}

/** Why a region cannot be asked how far it is. */
async function silenceOf({ name, region, live }: Seen): Promise<string | undefined> {
  try {
    const session = await region.psql(live!);
    try {
      await session.query("SELECT 1 AS one");
      return undefined;
    } finally {
      session.close();
    }
  } catch (error) {
    return `${name} cannot be asked how far it is: ${(error as Error).message}`;
  }
}
