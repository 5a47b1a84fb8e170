import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { encodeToken, formatLsn } from "../../handover/token";
import { applyCatalog, catalogRoles } from "../postgres/catalog";
import { readControlFile } from "../postgres/control-file";
import {
  makePrivateFolder,
  putInPlace,
  readIfThere,
  removeRegion,
  writePublicFile,
  regionFiles,
  whyNotWritable,
  writePrivateFile,
  type RegionFiles,
} from "../postgres/folders";
import { whyPortIsTaken } from "../postgres/port";
import { findPrograms, type Programs } from "../postgres/programs";
import { scramVerifier } from "../postgres/scram";
import {
  conditionOf,
  initialise,
  setSuperuserVerifier,
  startServer,
  stopServer,
  wasShutDown,
} from "../postgres/server";
import { withSession } from "../postgres/session";
import { dropSlot, ensureSlot } from "../postgres/slots";
import { sameInputs } from "./same-inputs";
import type { ServerInputs, ServerOutputs } from "./inputs";
import {
  configure,
  isWriter,
  loginTo,
  loginToPrimary,
  parametersUntilWriterFollows,
  pointAt,
  takeUpConfiguration,
} from "./region";

/**
 * A region's server. Applied as a reader, it certainly does not write when this is done: a writer is demoted,
 * or fenced. Applied as the writer, it does: an empty founding region is initialised, and everything else has
 * been promoted by the handover before.
 */
export const server: dynamic.ResourceProvider<ServerInputs, ServerOutputs> = {
  async check(olds, news) {
    return { inputs: news, failures: await failuresOf(olds, news) };
  },

  async diff(_id, olds, news) {
    return { changes: !sameInputs(olds, news) || (await needsWork(news)) };
  },

  async create(inputs) {
    return { id: inputs.folder, outs: await apply(inputs, undefined) };
  },

  async update(_id, olds, news) {
    return { outs: await apply(news, olds) };
  },

  async read(id, outputs) {
    return { id, props: { ...outputs!, ...(await observe(outputs!)) } };
  },

  async delete(_id, outputs) {
    const files = regionFiles(outputs.folder);
    await stopServer(files, outputs.keepData && outputs.activity !== "lost" ? "fast" : "immediate");
    if (outputs.role === "reader") {
      // A stack that is destroyed has no writer by now, and none that would keep anything.
      await withSession(loginToPrimary(outputs), (client) => dropSlot(client, outputs.region)).catch(
        () => undefined,
      );
    }
    if (!outputs.keepData) {
      await removeRegion(files);
    }
  },
};

async function failuresOf(
  olds: ServerInputs | undefined,
  news: ServerInputs,
): Promise<dynamic.CheckFailure[]> {
  const decidedOnce = (["folder", "database", "owner"] as const)
    .filter((property) => olds?.[property] !== undefined && olds[property] !== news[property])
    .map((property) => ({
      property,
      reason: `cannot change from ${olds![property]} to ${news[property]}: it would replace the database`,
    }));
  const writer = olds?.primary?.region;
  const forgotten =
    writer !== undefined && !news.declared.includes(writer)
      ? [
          {
            property: "primary",
            reason:
              `${writer} is the writer, and is no longer in regions: its database would be deleted. ` +
              "Move the writer first, and remove the region in the next update",
          },
        ]
      : [];
  if (decidedOnce.length + forgotten.length > 0 || news.activity === "lost") {
    return [...decidedOnce, ...forgotten];
  }
  const owner = (await readIfThere(regionFiles(news.folder).owner).catch(() => undefined))?.trim();
  if (owner !== undefined && owner !== news.topology) {
    return [
      { property: "folder", reason: `belongs to the topology ${owner}: give this one a dataDir of its own` },
    ];
  }
  const notWritable = await whyNotWritable(news.folder);
  if (notWritable !== undefined) {
    return [{ property: "folder", reason: `is not usable: ${notWritable}` }];
  }
  const taken = news.activity === "active" ? await whyPortIsTaken(news, regionFiles(news.folder)) : undefined;
  return taken === undefined ? [] : [{ property: "port", reason: taken }];
}

/** Whether the world has moved away from what was applied: a reboot, a kill, a promotion by hand. */
async function needsWork(inputs: ServerInputs): Promise<boolean> {
  if (inputs.activity === "lost") {
    return false;
  }
  const { status, observedRole } = await observe(inputs);
  if (inputs.activity === "hibernated") {
    return status === "running";
  }
  if (status === "prepared") {
    return inputs.role === "writer";
  }
  return status !== "running" || observedRole !== inputs.role;
}

async function observe(inputs: ServerInputs): Promise<Pick<ServerOutputs, "status" | "observedRole">> {
  if (inputs.activity === "lost") {
    return { status: "lost", observedRole: "none" };
  }
  const { initialised, standby, fenced, pid } = await conditionOf(regionFiles(inputs.folder));
  if (pid !== undefined) {
    return { status: "running", observedRole: standby ? "reader" : "writer" };
  }
  if (inputs.activity === "hibernated") {
    return { status: "hibernated", observedRole: "none" };
  }
  return { status: initialised && !fenced ? "stopped" : "prepared", observedRole: "none" };
}

async function apply(inputs: ServerInputs, previous: ServerOutputs | undefined): Promise<ServerOutputs> {
  const files = regionFiles(inputs.folder);
  if (inputs.activity === "lost") {
    // Its folder may be out of reach, and `up` must not fail on what is lost.
    await fence(files).catch(() => undefined);
    return { ...inputs, ...(await observe(inputs)), version: previous?.version ?? "" };
  }
  const programs = await findPrograms(inputs.binDir);
  await makePrivateFolder(inputs.folder);
  await writePrivateFile(files.owner, `${inputs.topology}\n`);
  await refuseOtherVersion(files, programs);
  await writeCertificates(inputs, files);
  await (inputs.role === "writer" ? applyWriter : applyReader)(inputs, previous, files, programs);
  return { ...inputs, ...(await observe(inputs)), version: programs.version };
}

async function refuseOtherVersion(files: RegionFiles, programs: Programs): Promise<void> {
  const made = (await readIfThere(join(files.data, "PG_VERSION")))?.trim();
  if (made !== undefined && Number.parseInt(programs.version, 10) !== Number(made)) {
    throw new Error(
      `the data in ${files.folder} was made by PostgreSQL ${made}, and the programs found are ` +
        `${programs.version}: set binDir to where PostgreSQL ${made} is`,
    );
  }
}

async function writeCertificates(inputs: ServerInputs, files: RegionFiles): Promise<void> {
  await writePublicFile(files.publicCa, inputs.caCertificate);
  await makePrivateFolder(join(files.folder, "tls"));
  await writePrivateFile(files.ca, inputs.caCertificate);
  await writePrivateFile(files.serverCertificate, inputs.certificate);
  await writePrivateFile(files.serverKey, inputs.privateKey);
  await writePrivateFile(files.replicationCertificate, inputs.replicationCertificate);
  await writePrivateFile(files.replicationKey, inputs.replicationKey);
}

async function applyWriter(
  inputs: ServerInputs,
  previous: ServerOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
): Promise<void> {
  const { region } = inputs;
  const { initialised, standby, fenced, pid } = await conditionOf(files);
  if (standby || fenced) {
    throw new Error(`${region} is a standby still: no handover has made it the writer`);
  }
  const verifier = await scramVerifier(inputs.superuserPassword);
  if (!initialised) {
    refuseToStartEmpty(inputs, previous);
    const unfinished = `${files.data}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await makePrivateFolder(unfinished);
    await initialise(unfinished, programs, verifier);
    await putInPlace(unfinished, files.data);
  } else if (previous === undefined && pid === undefined && (await wasShutDown(files))) {
    // Data that was kept: the passwords of this stack are new to it.
    await setSuperuserVerifier(files.data, programs, verifier);
  }
  await pointAt(inputs.primary, region, files);
  await configure(inputs, files);
  await startOrTakeUp(inputs, previous, files, programs);
  await applyCatalog(loginTo(inputs, previous?.superuserPassword), {
    database: inputs.database,
    owner: inputs.owner,
    roles: catalogRoles(inputs.owner, inputs.passwords, inputs.roles),
    retired: Object.keys(previous?.roles ?? {}).filter((name) => !(name in inputs.roles)),
  });
}

function refuseToStartEmpty(
  { region, founding, folder }: ServerInputs,
  previous: ServerOutputs | undefined,
): void {
  if (previous !== undefined && previous.role === "writer") {
    throw new Error(`the data of ${region}, the writer, is gone from ${folder}: make another region primary`);
  }
  if (founding !== region) {
    throw new Error(
      `${region} holds no data: make it a reader first, and move the writer in the next update`,
    );
  }
}

async function applyReader(
  inputs: ServerInputs,
  previous: ServerOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
): Promise<void> {
  const { initialised, standby, fenced } = await conditionOf(files);
  if (!initialised) {
    return;
  }
  if (fenced) {
    await fence(files);
    return;
  }
  if (!standby) {
    if (!(await isWriter(inputs.primary.folder))) {
      await demote(inputs, previous, files, programs);
      return;
    }
    refuseTwoWriters(inputs, previous);
    await fence(files);
    return;
  }
  if (inputs.activity === "hibernated") {
    await stopServer(files);
    return;
  }
  await keepPlaceAt(inputs, previous);
  await pointAt(inputs.primary, inputs.region, files);
  await configure(inputs, files, await parametersUntilWriterFollows(inputs, files));
  await startOrTakeUp(inputs, previous, files, programs);
}

/** What a reader wrote by itself does not count, and what a lost writer wrote neither; a writer's does. */
function refuseTwoWriters({ region, primary }: ServerInputs, previous: ServerOutputs | undefined): void {
  if (previous?.role === "writer" && previous.activity === "active") {
    throw new Error(
      `${region} and ${primary.region} both accept writes: ${primary.region} was promoted by somebody else. ` +
        `Name ${region} in lost if its writes do not count, or make it primary again`,
    );
  }
}

/**
 * Makes sure that a server does not write, now or when somebody starts it by hand: it is stopped, and comes up
 * as a standby. It may hold what the others have not, so that it must not just follow them.
 */
async function fence(files: RegionFiles): Promise<void> {
  if (!(await conditionOf(files)).initialised) {
    return;
  }
  await writePrivateFile(files.fenced, "rewind or clone before use\n");
  await writePrivateFile(files.standbySignal, "");
  await stopServer(files, "immediate");
}

async function demote(
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
    await keepPlaceAt(inputs, previous);
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

const preflightSeconds = 15;
const preflightBytes = 1 << 20;

/** The slot on the next writer keeps the log that this region has not had yet. Without it the log is kept by size. */
async function keepPlaceAt(inputs: ServerInputs, previous: ServerOutputs | undefined): Promise<void> {
  const primary = loginToPrimary(inputs, previous?.superuserPassword);
  await withSession(primary, (client) => ensureSlot(client, inputs.region)).catch(() => undefined);
}

async function startOrTakeUp(
  inputs: ServerInputs,
  previous: ServerOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
): Promise<void> {
  const moved = previous !== undefined && (previous.port !== inputs.port || previous.host !== inputs.host);
  if (moved) {
    await stopServer(files);
  }
  if ((await conditionOf(files)).pid === undefined) {
    await startServer(files, programs);
  } else {
    await takeUpConfiguration(loginTo(inputs, previous?.superuserPassword), files, programs);
  }
}
