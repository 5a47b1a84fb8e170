import type { Client } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { noUpstream, upstreamFile } from "../postgres/configuration";
import { readIfThere, regionFiles, writePrivateFile, type RegionFiles } from "../postgres/folders";
import { serverProcesses, signalProcess } from "../postgres/processes";
import { reloadServer } from "../postgres/server";
import { waitUntil } from "./handover-task";

type Folders = Readonly<Record<string, { readonly folder: string }>>;

/**
 * Notes which server each region follows. The function that it gives turns all of them there again: a handover that is
 * refused changes nothing.
 */
export async function rememberUpstreams(regions: Folders): Promise<() => Promise<void>> {
  const remembered = await Promise.all(
    Object.values(regions).map(async ({ folder }) => {
      const files = regionFiles(folder);
      return { files, content: await readIfThere(upstreamFile(files)).catch(() => undefined) };
    }),
  );
  return async () => {
    // One region that cannot be turned keeps no other from it. The refusal itself is what the user is told.
    await Promise.allSettled(
      remembered.map(async ({ files, content }) => {
        if (content !== undefined && (await writePrivateFile(upstreamFile(files), content))) {
          await reloadServer(files);
        }
      }),
    );
  };
}

/** Tells a reader to follow no server; `waitUntilCutOff` waits until it does so. */
export async function cutOff(region: string, files: RegionFiles): Promise<void> {
  if (await writePrivateFile(upstreamFile(files), noUpstream(region))) {
    await reloadServer(files);
  }
}

/** Waits until a reader that was cut off receives nothing, so that it confirms no commit of the lost writer any more. */
export async function waitUntilCutOff(client: Client, region: string, files: RegionFiles): Promise<void> {
  const begin = Date.now();
  let looks = 0;
  await waitUntil(cutSeconds, `${region} still receives from the lost writer`, async () => {
    const { rows } = await client.query<{ cut: boolean; receiver: number | null }>(
      "SELECT current_setting('primary_conninfo') = '' AS cut, (SELECT pid FROM pg_stat_wal_receiver) AS receiver",
    );
    const { cut, receiver } = rows[0]!;
    if (receiver !== null && Date.now() - begin > replayBusySeconds * 1000) {
      await endReceiver(receiver, files);
    }
    // Twice: the process that starts receivers reads its configuration a moment later than this session.
    looks = cut && receiver === null ? looks + 1 : 0;
    await sleep(looks === 1 ? 20 : 0);
    return looks === 2;
  });
}

const cutSeconds = 10;

/** The process that replays ends the receiver, and cannot while its replay is paused or waits for a report. */
const replayBusySeconds = 1;

async function endReceiver(pid: number, { data }: RegionFiles): Promise<void> {
  const { all } = await serverProcesses(data);
  const receiver = all.find((each) => each.pid === pid);
  if (receiver !== undefined) {
    await signalProcess(receiver, "SIGTERM");
  }
}
