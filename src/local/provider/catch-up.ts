import type { Client } from "pg";
import { formatLsn, parseLsn } from "../../handover/token";
import type { HandoverReport } from "../../topology";
import { replayedAll } from "../../postgres/following";
import { regionFiles } from "../postgres/folders";
import { conditionOf, reloadServer } from "../postgres/server";
import { withSession } from "../postgres/session";
import { ensureSlot } from "../postgres/slots";
import { loginTo, waitUntil, type Task } from "./handover-task";
import type { HandoverInputs } from "./inputs";
import { pointAt } from "./region";
import { cutOff, waitUntilCutOff } from "./upstreams";

/** How long a region may take to receive, and to replay, what it lacks. */
export const catchUpSeconds = 30;

/**
 * Before a failover: the next writer gets what any reader has received. With `durability: "region"` that is everything
 * that was acknowledged, whichever reader confirmed it.
 *
 * The readers are cut off from the lost writer first. It may live and be out of reach: a commit that a reader confirms
 * after it was asked would be acknowledged and lost.
 *
 * @param before The regions at the last update. A region that is new and has no data yet has confirmed nothing.
 */
export async function catchUp(
  client: Client,
  task: Task,
  everyReaderCounts: boolean,
  before: HandoverInputs["regions"],
): Promise<HandoverReport["arrived"]> {
  const { primary, regions } = task;
  const readers = await readersOf(task, before);
  await Promise.allSettled(
    [primary, ...readers].map((region) => cutOff(region, regionFiles(regions[region]!.folder))),
  );
  await waitUntilCutOff(client, primary, regionFiles(regions[primary]!.folder));
  const answers = await Promise.allSettled(readers.map((region) => receivedByReader(task, region)));
  const received = answers.map((answer, index) => ({
    region: readers[index]!,
    lsn:
      answer.status === "fulfilled"
        ? answer.value
        : unasked(task, readers[index]!, answer.reason as Error, everyReaderCounts),
  }));
  const furthest = received.sort((a, b) => (a.lsn < b.lsn ? 1 : -1))[0];
  if (furthest !== undefined && furthest.lsn > (await receivedBy(client))) {
    await fetchFrom(client, task, furthest);
  }
  await waitUntil(catchUpSeconds, `${primary} has not replayed all that it received`, async () => {
    const { rows } = await client.query<{ done: boolean }>(`SELECT ${replayedAll} AS done`);
    return rows[0]!.done;
  });
  const { rows } = await client.query<{ at: Date | null }>("SELECT pg_last_xact_replay_timestamp() AS at");
  const { at } = rows[0]!;
  return {
    lsn: formatLsn(await receivedBy(client)),
    ...(at === null ? {} : { lastCommitAt: at.toISOString() }),
  };
}

async function readersOf({ primary, regions }: Task, before: HandoverInputs["regions"]): Promise<string[]> {
  const others = Object.keys(regions).filter((region) => region !== primary && !regions[region]!.hibernated);
  const conditions = await Promise.all(
    others.map((region) => conditionOf(regionFiles(regions[region]!.folder))),
  );
  return others.filter((region, index) => {
    const { initialised, fenced } = conditions[index]!;
    // A region that rejoins in this update was lost until now: it has confirmed nothing of this writer's.
    return before[region] !== undefined || (initialised && !fenced);
  });
}

function receivedByReader(task: Task, region: string): Promise<bigint> {
  return withSession(loginTo(task, region), async (client) => {
    await waitUntilCutOff(client, region, regionFiles(task.regions[region]!.folder));
    return receivedBy(client);
  });
}

/** A reader that cannot be asked. With `durability: "local"` the promise is for what the others received. */
function unasked({ primary }: Task, region: string, { message }: Error, everyReaderCounts: boolean): bigint {
  if (everyReaderCounts) {
    throw new Error(
      `${primary} is not promoted: ${region} may hold commits that no other region has, and cannot be asked: ` +
        `${message}. If ${region} is gone too, name it in lost: what ${region} alone holds is lost then`,
    );
  }
  console.warn(
    `warning: ${region} cannot be asked what it has received: ${message}. ` +
      `If it has received more than ${primary}, ${primary} is promoted without that`,
  );
  return 0n;
}

async function fetchFrom(
  client: Client,
  task: Task,
  { region, lsn }: { readonly region: string; readonly lsn: bigint },
): Promise<void> {
  const { primary, regions } = task;
  const { folder, host, port } = regions[region]!;
  const files = regionFiles(regions[primary]!.folder);
  await withSession(loginTo(task, region), (session) => ensureSlot(session, primary));
  await pointAt({ region, folder, host, port }, primary, files);
  await reloadServer(files);
  await waitUntil(
    catchUpSeconds,
    `${region} has more than ${primary}, and ${primary} has not received it`,
    async () => (await receivedBy(client)) >= lsn,
  );
}

async function receivedBy(client: Client): Promise<bigint> {
  const { rows } = await client.query<{ lsn: string | null }>(
    "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) AS lsn",
  );
  return parseLsn(rows[0]?.lsn ?? "0/0");
}
