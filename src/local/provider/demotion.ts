import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { encodeToken, formatLsn } from "../../handover/token";
import { readControlFile } from "../postgres/control-file";
import { regionFiles, removeFile, writePrivateFile, type RegionFiles } from "../postgres/folders";
import type { Programs } from "../postgres/programs";
import { conditionOf, reloadServer, startServer, stopServer, wasShutDown } from "../postgres/server";
import { withSession } from "../postgres/session";
import { ensureSlot } from "../postgres/slots";
import type { ServerInputs, ServerOutputs } from "./inputs";
import { fullDisk, whatHinders } from "./following";
import { keepPlaceAtPrimary, loginTo, loginToPrimary, pointAt } from "./region";
import { rememberUpstreams } from "./upstreams";

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
  await shutDown(inputs, previous, files, programs);
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
  await removeFile(files.writer);
  if (inputs.activity === "active") {
    // Writes wait for the handover: it does not need this server to answer.
    await startServer(files, programs, "now");
  }
}

/**
 * Shuts the writer down so that its control file says where it ends. A server that is killed meanwhile may have
 * acknowledged what its last checkpoint does not speak of: it is started, recovers, and is shut down again.
 */
async function shutDown(
  inputs: ServerInputs,
  previous: ServerOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if ((await conditionOf(files)).pid === undefined && !(await wasShutDown(files))) {
      await startServer(files, programs);
    }
    if ((await conditionOf(files)).pid !== undefined) {
      await requireNextWriter(inputs, previous);
      await keepPlaceAtPrimary(inputs, previous?.superuserPassword);
      await withSession(loginTo(inputs, previous?.superuserPassword), async (client) => {
        await client.query("CHECKPOINT");
        await dropSilentReaders(client);
      }).catch(unlessGone(files));
      await stopInOrder(files);
    }
    if (await wasShutDown(files)) {
      return;
    }
  }
  throw new Error(
    `the writer stays in ${inputs.region}: its server ended ${attempts} times before it was shut down in order, ` +
      `so nobody knows where it stopped. Its log is ${files.log}`,
  );
}

const attempts = 3;

/** A server that ends while it is asked is looked at again. */
function unlessGone(files: RegionFiles): (error: Error) => Promise<void> {
  return async (error) => {
    if ((await conditionOf(files)).pid !== undefined) {
      throw error;
    }
  };
}

/**
 * Stops the writer. Once its control file says that it was shut down, everything is on its disk, and it only waits for
 * readers to confirm that; one of them may be silent. The next writer gets what it lacks from the standby.
 */
async function stopInOrder(files: RegionFiles): Promise<void> {
  let isOver = false;
  const stopping = stopServer(files).finally(() => (isOver = true));
  stopping.catch(() => undefined);
  while (!isOver && !(await wasShutDown(files))) {
    await sleep(10);
  }
  await Promise.race([stopping, sleep(confirmationSeconds * 1000)]);
  if (!isOver) {
    await stopServer(files, "immediate");
  }
  await stopping;
}

const confirmationSeconds = 1;

/** A shutdown waits for every reader that is connected, and for one that says nothing until `wal_sender_timeout`. */
async function dropSilentReaders(client: Client): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_replication
      WHERE coalesce(reply_time, backend_start) < clock_timestamp() - interval '${silentSeconds} s'`,
  );
}

/** Readers report every second: `wal_receiver_status_interval`. */
const silentSeconds = 5;

/** Before a demotion: the region that is to write must be about to have everything, and be able to write. */
async function requireNextWriter(inputs: ServerInputs, previous: ServerOutputs | undefined): Promise<void> {
  const { region, primary } = inputs;
  const writer = loginTo(inputs, previous?.superuserPassword);
  await withSession(writer, (client) => ensureSlot(client, primary.region));
  const turnBack = await rememberUpstreams({ [primary.region]: primary });
  await turnHere(inputs);
  const obstacle =
    (await fullDisk(primary.folder).catch(() => undefined)) ??
    (await whatHinders(
      writer,
      loginToPrimary(inputs, previous?.superuserPassword),
      preflightSeconds,
      preflightBytes,
    ));
  if (obstacle !== undefined) {
    await turnBack();
    throw new Error(
      `the writer stays in ${region}: ${primary.region} ${obstacle}. Nothing was demoted. ` +
        `Run pulumi up with primary ${region} to repair that, and move the writer then`,
    );
  }
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
