import { setTimeout as sleep } from "node:timers/promises";
import { encodeToken, formatLsn } from "../../handover/token";
import { readControlFile } from "../postgres/control-file";
import { regionFiles, writePrivateFile, type RegionFiles } from "../postgres/folders";
import type { Programs } from "../postgres/programs";
import { conditionOf, reloadServer, startServer, stopServer, wasShutDown } from "../postgres/server";
import { withSession } from "../postgres/session";
import { ensureSlot } from "../postgres/slots";
import type { ServerInputs, ServerOutputs } from "./inputs";
import { keepPlaceAtPrimary, loginTo, pointAt } from "./region";

/**
 * Makes the writer a reader: a clean shutdown, whose checkpoint is the token for the next writer, and a start as
 * a standby. Where it is interrupted, it goes on from what is on disk.
 */
export async function demote(
  inputs: ServerInputs,
  previous: ServerOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
): Promise<void> {
  const { pid } = await conditionOf(files);
  if (pid === undefined && !(await wasShutDown(files))) {
    // It crashed: what it acknowledged is only whole once it has recovered.
    await startServer(files, programs);
  }
  if ((await conditionOf(files)).pid !== undefined) {
    await waitUntilPrimaryStreams(inputs, previous);
    await keepPlaceAtPrimary(inputs, previous?.superuserPassword);
    await withSession(loginTo(inputs, previous?.superuserPassword), (client) => client.query("CHECKPOINT"));
    await stopServer(files);
  }
  const { systemIdentifier, timeline, checkpoint } = await readControlFile(files.data);
  const token = encodeToken({
    systemIdentifier: String(systemIdentifier),
    timeline,
    checkpoint: formatLsn(checkpoint),
    region: inputs.region,
  });
  await writePrivateFile(files.demotion, token);
  await pointAt(inputs.primary, inputs.region, files);
  await writePrivateFile(files.standbySignal, "");
  if (inputs.activity === "active") {
    // Writes wait for the handover: it does not need this server to answer.
    await startServer(files, programs, "now");
  }
}

/** Before a demotion: the region that is to write must be about to have everything. */
async function waitUntilPrimaryStreams(
  inputs: ServerInputs,
  previous: ServerOutputs | undefined,
): Promise<void> {
  const { region, primary } = inputs;
  await withSession(loginTo(inputs, previous?.superuserPassword), async (client) => {
    await ensureSlot(client, primary.region);
    await turnHere(inputs);
    for (const end = Date.now() + preflightSeconds * 1000; ; await sleep(50)) {
      const { rows } = await client.query<{ behind: string }>(
        `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn) AS behind FROM pg_stat_replication
          WHERE application_name = $1 AND state = 'streaming'`,
        [primary.region],
      );
      const behind = rows[0] === undefined ? undefined : Number(rows[0].behind);
      if (behind !== undefined && behind <= preflightBytes) {
        return;
      }
      if (Date.now() > end) {
        const reason =
          behind === undefined ? `does not stream from ${region}` : `is ${behind} bytes behind ${region}`;
        throw new Error(
          `the writer stays in ${region}: ${primary.region} ${reason} after ${preflightSeconds} s. ` +
            `Run pulumi up with primary ${region} to mend that, and move the writer then`,
        );
      }
    }
  });
}

/** An update that was killed may have turned the next writer to another region. */
async function turnHere({ region, folder, host, port, primary }: ServerInputs): Promise<void> {
  const files = regionFiles(primary.folder);
  const { initialised, standby, fenced } = await conditionOf(files);
  if (
    initialised &&
    standby &&
    !fenced &&
    (await pointAt({ region, folder, host, port }, primary.region, files))
  ) {
    await reloadServer(files);
  }
}

const preflightSeconds = 15;
const preflightBytes = 1 << 20;
