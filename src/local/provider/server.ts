import { dirname, join } from "node:path";
import type { dynamic } from "@pulumi/pulumi";
import { applyCatalog, catalogRoles } from "../postgres/catalog";
import {
  exists,
  makePrivateFolder,
  putInPlace,
  readIfThere,
  regionFiles,
  removeFile,
  removeFolders,
  writePrivateFile,
  type RegionFiles,
} from "../postgres/folders";
import { claim, isMarked, removeRegion } from "../postgres/topology-folder";
import { findPrograms, type Programs } from "../postgres/programs";
import { scramVerifier } from "../postgres/scram";
import { conditionOf, initialise, setSuperuserVerifier, stopServer } from "../postgres/server";
import { withSession } from "../postgres/session";
import { dropSlot } from "../postgres/slots";
import { removeSocketFolder } from "../postgres/socket";
import { demote } from "./demotion";
import { whyNotEmpty } from "./existing-data";
import { failedBeforeHandover } from "./half-way";
import { fence, fenceLost, isUnfenced } from "./fence";
import type { ServerInputs, ServerOutputs } from "./inputs";
import {
  configure,
  configureReader,
  isWriter,
  keepPlaceAtPrimary,
  loginTo,
  loginToPrimary,
  pointAt,
} from "./region";
import { namesOf } from "../../region-set";
import { sameInputs } from "../../same-inputs";
import { highestWhileAway } from "./reader-parameters";
import { serverFailures } from "./server-checks";
import { takeUp } from "./take-up";
import { writeCertificates } from "./trust";
import { creating, markUnfinished } from "./unfinished";
import { claimTopologyOf } from "./update-lock";
import { beginUpdate, isUnrecorded, sameUpdate } from "./update-record";

/**
 * A region's server. Applied as a reader, it certainly does not write when this is done: a writer is demoted,
 * or fenced. Applied as the writer, it does: an empty founding region is initialised, and everything else has
 * been promoted by the handover before.
 */
export const server: dynamic.ResourceProvider<ServerInputs, ServerOutputs> = {
  async check(olds, news) {
    // Of a resource that is new Pulumi gives no inputs, as an empty object.
    const before = Object.keys(olds).length === 0 ? undefined : olds;
    return { inputs: news, failures: await serverFailures(before, news) };
  },

  async diff(_id, olds, news) {
    return {
      changes:
        !sameInputs(olds, news) ||
        olds.status === "unfinished" ||
        // What cannot be read is told by the update.
        (await needsWork(olds, news).catch(() => true)),
    };
  },

  async create(inputs) {
    return { id: inputs.folder, outs: await creating(inputs, () => apply(inputs, undefined)) };
  },

  async update(_id, olds, news) {
    const previous = olds.status === "unfinished" ? undefined : olds;
    const outs = await apply(news, previous).catch(async (error: Error) => {
      throw previous === undefined ? error : await failedBeforeHandover(error, previous, news);
    });
    return { outs };
  },

  async read(id, outputs) {
    const seen = outputs!.status === "unfinished" ? {} : await observe(outputs!);
    return { id, props: { ...outputs!, ...seen } };
  },

  async delete(_id, outputs) {
    const files = regionFiles(outputs.folder);
    const owner = { topology: outputs.topology };
    if (!(await isMarked(files, owner))) {
      if (await exists(files.folder)) {
        console.warn(
          `warning: ${outputs.folder} is not marked as ${outputs.topology}'s: nothing is changed there`,
        );
      }
      return;
    }
    await claimTopologyOf(outputs.folder, outputs.topology);
    await stopServer(files, outputs.keepData && outputs.activity !== "lost" ? "fast" : "immediate");
    if (outputs.role === "reader") {
      await givePlaceUp(outputs);
    }
    if (outputs.keepData) {
      await removeSocketFolder(outputs.folder);
    } else {
      const left = await removeRegion(files, owner);
      if (left.length > 0) {
        console.warn(`warning: ${outputs.region}: these were not made here, and stay: ${left.join(", ")}`);
      }
    }
  },
};

/** The writer keeps no log for a region that is deleted. In a stack that is destroyed the writer is deleted first. */
async function givePlaceUp(outputs: ServerOutputs): Promise<void> {
  const { region, primary } = outputs;
  const { pid } = await conditionOf(regionFiles(primary.folder));
  if (pid === undefined) {
    return; // `LocalReplication` of the writer drops the slot once the writer runs.
  }
  await withSession(loginToPrimary(outputs), (client) => dropSlot(client, region)).catch((error: Error) =>
    console.warn(
      `warning: ${primary.region} may still keep write-ahead log for ${region}, which is deleted: ${error.message}`,
    ),
  );
}

/** Whether the world has moved away from what was applied: a reboot, a kill, a promotion by hand, an update that failed. */
async function needsWork(olds: ServerOutputs, inputs: ServerInputs): Promise<boolean> {
  const files = regionFiles(inputs.folder);
  if (inputs.activity === "lost") {
    return isUnfenced(files);
  }
  if (!(await isPrepared(files)) || (await isUnrecorded(files.serverUpdate, olds.update))) {
    return true;
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

/** Whether all is there that a clone needs. */
async function isPrepared(files: RegionFiles): Promise<boolean> {
  const { owner, publicCa, ca, serverCertificate, serverKey, replicationCertificate, replicationKey } = files;
  const needed = [owner, publicCa, ca, serverCertificate, serverKey, replicationCertificate, replicationKey];
  return (await Promise.all(needed.map(exists))).every((present) => present);
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
  await claimTopologyOf(inputs.folder, inputs.topology);
  const files = regionFiles(inputs.folder);
  const away = highestWhileAway(inputs, previous);
  if (inputs.activity === "lost") {
    await fenceLost(inputs.region, files);
    const { version = "" } = previous ?? {};
    return { ...inputs, ...(await observe(inputs)), version, ...away, ...sameUpdate(previous) };
  }
  const programs = await findPrograms(inputs.binDir);
  await claim(files, { topology: inputs.topology, formerly: previous?.topology });
  if (previous === undefined) {
    await markUnfinished(files);
  }
  await refuseOtherVersion(files, programs);
  const { id, unrecorded } = await beginUpdate(
    files.serverUpdate,
    previous?.update,
    Object.keys(inputs.roles),
  );
  await writeCertificates(inputs, files);
  if (inputs.role === "writer") {
    await applyWriter(inputs, previous, files, programs, unrecorded?.roles ?? []);
  } else {
    await applyReader(inputs, previous, files, programs);
  }
  await removeFile(files.unfinished);
  return { ...inputs, ...(await observe(inputs)), version: programs.version, ...away, update: id };
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

async function applyWriter(
  inputs: ServerInputs,
  previous: ServerOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
  unrecordedRoles: readonly string[],
): Promise<void> {
  const { region } = inputs;
  const { initialised, standby, fenced } = await conditionOf(files);
  if (standby || fenced) {
    throw new Error(`${region} is a standby still: no handover has made it the writer`);
  }
  const verifier = await scramVerifier(inputs.superuserPassword);
  if (!initialised) {
    await refuseToStartEmpty(inputs, previous, files);
    const unfinished = `${files.data}.new`;
    await removeFolders([unfinished]);
    await makePrivateFolder(unfinished);
    await initialise(unfinished, programs, verifier);
    await putInPlace(unfinished, files.data);
  }
  await pointAt(inputs.primary, region, files);
  await configure(inputs, files);
  if (initialised && previous === undefined) {
    // Data that was kept, or a server that another state has known: this stack's password is new to it, and so may
    // be its certificates.
    await stopServer(files);
    await setSuperuserVerifier(files.data, programs, verifier);
  }
  await writePrivateFile(files.writer, "made the writer by pulumi up\n");
  await takeUp(loginTo(inputs, previous?.superuserPassword), files, programs);
  // The roles of data that another state has known are not ours to retire.
  const former = previous === undefined ? [] : [...Object.keys(previous.roles), ...unrecordedRoles];
  const roles = catalogRoles(inputs.owner, inputs.passwords, inputs.roles);
  await applyCatalog(loginTo(inputs, previous?.superuserPassword), {
    database: inputs.database,
    owner: inputs.owner,
    roles,
    retired: former.filter((name) => !(name in roles)),
  });
}

async function refuseToStartEmpty(
  inputs: ServerInputs,
  previous: ServerOutputs | undefined,
  files: RegionFiles,
): Promise<void> {
  const { region, founding, folder } = inputs;
  const reason = await whyNotEmpty(inputs, previous);
  if (reason !== undefined) {
    throw new Error(reason);
  }
  if (await exists(files.data)) {
    throw new Error(
      `${files.data} is there and holds no database that can be read: global/pg_control is missing. It is not ` +
        "replaced. Bring that file back, or rename the folder, and run pulumi up again",
    );
  }
  if (previous !== undefined && previous.role === "writer" && previous.status !== "unfinished") {
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
  const { initialised, standby, fenced, pid } = await conditionOf(files);
  if (!initialised) {
    return;
  }
  if (fenced) {
    await fence(files);
    return;
  }
  if (!standby) {
    if (await writesBesideTheWriter(inputs, previous, files)) {
      await fence(files);
      return;
    }
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
  if (await isWriter(inputs.primary.folder)) {
    await keepPlaceAtPrimary(inputs, previous?.superuserPassword);
    await pointAt(inputs.primary, inputs.region, files);
  } else if (pid !== undefined && previous !== undefined) {
    // Until the next writer writes, a reader stays with the one that it follows: the handover may be refused. It takes
    // up its configuration in `LocalReplication`, after the promotion: no writer waits for its restart.
    return;
  }
  await configureReader(inputs, files, previous);
  if (previous === undefined) {
    // A server that another state has known: it has other certificates, and would not let us in.
    await stopServer(files);
  }
  await takeUp(loginTo(inputs, previous?.superuserPassword), files, programs);
}

/**
 * Whether this region writes beside the writer, which is another region, or was until this update: somebody promoted it
 * by hand, or it was lost and out of reach when the writer was promoted.
 */
async function writesBesideTheWriter(
  { region, folder, declared }: ServerInputs,
  previous: ServerOutputs | undefined,
  files: RegionFiles,
): Promise<boolean> {
  // A region that was lost may have been out of reach when it was fenced: then its mark tells nothing.
  const wasMadeWriter = previous?.activity !== "lost" && (await exists(files.writer));
  if (previous?.role === "writer" || wasMadeWriter) {
    return false;
  }
  const others = namesOf(declared)
    .filter((other) => other !== region)
    .map((other) => join(dirname(folder), other));
  const leads = await Promise.all(
    others.map(async (other) => (await isWriter(other)) || (await exists(regionFiles(other).demotion))),
  );
  return leads.includes(true);
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
