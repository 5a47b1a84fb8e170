import type { dynamic } from "@pulumi/pulumi";
import { cloneFrom, rewindTo } from "../postgres/clone";
import {
  exists,
  regionFiles,
  removeFile,
  removeFolders,
  replacedData,
  writePrivateFile,
  type RegionFiles,
} from "../postgres/folders";
import { findPrograms, type Programs } from "../postgres/programs";
import { conditionOf, reloadServer, stopServer } from "../postgres/server";
import { withSession } from "../postgres/session";
import { dropLogicalSlots, dropOtherSlots, ensureSlot, isSlotLost, renewSlot } from "../postgres/slots";
import { namesOf } from "../../region-set";
import { sameInputs } from "../../same-inputs";
import { refuseOtherDatabase } from "./existing-data";
import { judge, whatHinders } from "./following";
import type { ReplicationInputs } from "./inputs";
import { takeUp } from "./take-up";
import { trustDeclaredAlone, trustsOthers } from "./trust";
import { claimTopologyOf } from "./update-lock";
import { highestWhileAway, type Away } from "./reader-parameters";
import { beginUpdate, isUnrecorded, sameUpdate, type Updated } from "./update-record";
import { configure, configureReader, loginTo, loginToPrimary, pointAt, triesOften } from "./region";

/** How a reader came to follow the writer, when it last had to be mended. */
type Mending = "none" | "cloned" | "rewound" | "cloned: it had fallen behind too far";

export interface ReplicationOutputs extends ReplicationInputs, Away, Updated {
  readonly state: "streaming" | "not streaming" | "fallen behind too far" | "hibernated" | "lost" | "writer";
  readonly lastMending: Mending;
}

/**
 * A region's following of the writer, once there is one: applied as a reader, its server streams from the
 * writer when this is done, cloned or rewound if it must be.
 */
export const replication: dynamic.ResourceProvider<ReplicationInputs, ReplicationOutputs> = {
  async diff(_id, olds, news) {
    return {
      changes:
        !sameInputs(olds, news) ||
        // What cannot be read is told by the update.
        (await needsWork(olds, news).catch(() => true)),
    };
  },

  async create(inputs) {
    return { id: inputs.folder, outs: await apply(inputs, undefined) };
  },

  async update(_id, olds, news) {
    return { outs: await apply(news, olds) };
  },

  async read(id, outputs) {
    return { id, props: { ...outputs!, state: await stateOf(outputs!) } };
  },
};

async function needsWork(olds: ReplicationOutputs, inputs: ReplicationInputs): Promise<boolean> {
  const { activity, role, primary, region } = inputs;
  const files = regionFiles(inputs.folder);
  if (activity === "lost") {
    return false;
  }
  if ((await isUnrecorded(files.replicationUpdate, olds.update)) || (await trustsOthers(inputs))) {
    return true;
  }
  const follows = activity === "active" && role === "reader";
  return follows && ((await triesOften(primary, region, files)) || (await stateOf(inputs)) !== "streaming");
}

/** How long a reader may take to show that it follows, where nothing is changed. */
const lookSeconds = 3;

function wantedState({ role, activity }: ReplicationInputs): ReplicationOutputs["state"] {
  return activity !== "active" ? activity : role === "writer" ? "writer" : "streaming";
}

async function stateOf(inputs: ReplicationInputs): Promise<ReplicationOutputs["state"]> {
  if (inputs.activity !== "active" || inputs.role === "writer") {
    return wantedState(inputs);
  }
  try {
    return await withSession(loginToPrimary(inputs), async (client) => {
      if (await isSlotLost(client, inputs.region)) {
        return "fallen behind too far";
      }
      const obstacle = await whatHinders(loginToPrimary(inputs), loginTo(inputs), lookSeconds);
      return obstacle === undefined ? "streaming" : "not streaming";
    });
  } catch {
    return "not streaming";
  }
}

async function apply(
  inputs: ReplicationInputs,
  previous: ReplicationOutputs | undefined,
): Promise<ReplicationOutputs> {
  const { lastMending = "none" } = previous ?? {};
  const state = wantedState(inputs);
  const away = highestWhileAway(inputs, previous);
  if (state === "lost") {
    return { ...inputs, state, lastMending, ...away, ...sameUpdate(previous) };
  }
  await claimTopologyOf(inputs.folder);
  const files = regionFiles(inputs.folder);
  const { id } = await beginUpdate(files.replicationUpdate, previous?.update);
  let mending: Mending = "none";
  if (state === "writer") {
    await withSession(loginTo(inputs), (client) => dropOtherSlots(client, namesOf(inputs.followers)));
  } else if (state === "streaming") {
    mending = await follow(inputs, previous, files, await findPrograms(inputs.binDir));
    await tidyReader(inputs, previous, files);
  }
  await trustDeclaredAlone(inputs, files);
  const last = mending === "none" ? lastMending : mending;
  return { ...inputs, state, lastMending: last, ...away, update: id };
}

/** What a reader that follows the writer does not need any more. */
async function tidyReader(
  inputs: ReplicationInputs,
  previous: ReplicationOutputs | undefined,
  files: RegionFiles,
): Promise<void> {
  const wrote = previous?.role === "writer" || (await exists(files.demotion));
  await withSession(loginTo(inputs), async (client) => {
    await dropOtherSlots(client, []);
    if (wrote) {
      await dropLogicalSlots(client);
    }
  });
  if (await pointAt(inputs.primary, inputs.region, files, "seldom")) {
    await reloadServer(files);
  }
  await removeFile(files.demotion);
  // It streams, and is of the same database: what a copy took the place of has nothing to add.
  await removeFolders(await replacedData(files));
}

async function follow(
  inputs: ReplicationInputs,
  previous: ReplicationOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
): Promise<Mending> {
  const { initialised, fenced } = await conditionOf(files);
  const fallenBehind = (await stateOf(inputs)) === "fallen behind too far";
  if (initialised && !fenced && !fallenBehind) {
    await run(inputs, previous, files, programs);
    if (await streamsWithin(inputs, patienceSeconds)) {
      return asDeclared(inputs, files, programs, "none");
    }
  }
  await refuseOtherDatabase(inputs);
  if (initialised && !fenced) {
    await refuseToDiscard(inputs);
  }
  await stopServer(files, "immediate");
  if (fenced && (await rewind(inputs, previous, files, programs))) {
    return asDeclared(inputs, files, programs, "rewound");
  }
  await cloneAfresh(inputs, files, programs);
  await run(inputs, undefined, files, programs);
  return streaming(inputs, fallenBehind ? "cloned: it had fallen behind too far" : "cloned");
}

/** Whether a region that was fenced follows the writer with its own data, rewound. A copy takes less for granted. */
async function rewind(
  inputs: ReplicationInputs,
  previous: ReplicationOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
): Promise<boolean> {
  if (!(await rewindTo(loginToPrimary(inputs), inputs.region, files, programs))) {
    return false;
  }
  const runs = await run(inputs, previous, files, programs).then(
    () => true,
    () => false,
  );
  if (runs && (await streamsWithin(inputs, patienceSeconds))) {
    return true;
  }
  await stopServer(files, "immediate");
  return false;
}

/** A copy of the writer takes the place of a reader's data only where the reader holds nothing that the writer lacks. */
async function refuseToDiscard(inputs: ReplicationInputs): Promise<void> {
  const { region, primary } = inputs;
  const verdict = await judge(loginToPrimary(inputs), loginTo(inputs));
  if (verdict === undefined || verdict.kind === "cannot follow") {
    return;
  }
  throw new Error(
    `${region} holds what ${primary.region}, the writer, does not: ${verdict.reason}. Nothing was deleted. ` +
      `To go on with what ${region} holds, and lose what ${primary.region} alone holds: pulumi up with primary ` +
      `${region} and lost [${primary.region}]. To lose what ${region} alone holds: pulumi up with lost [${region}], ` +
      `then take it out of lost: it comes back as a copy of ${primary.region}`,
  );
}

/** How long a reader that runs may take to reach the writer before it is taken for one that cannot follow. */
const patienceSeconds = 10;
const afterCloningSeconds = 120;

async function streaming(inputs: ReplicationInputs, mending: Mending): Promise<Mending> {
  if (await streamsWithin(inputs, afterCloningSeconds)) {
    return mending;
  }
  const { log } = regionFiles(inputs.folder);
  const { region } = inputs.primary;
  throw new Error(
    (await stateOf(inputs)) === "fallen behind too far"
      ? `${inputs.region} fell behind too far while it was cloned: ${region} wrote more than ` +
          `max_slot_wal_keep_size meanwhile. Raise it in parameters, and run pulumi up again. Its log is ${log}`
      : `${inputs.region} does not stream from ${region} after ${afterCloningSeconds} s: its log is ${log}`,
  );
}

async function cloneAfresh(inputs: ReplicationInputs, files: RegionFiles, programs: Programs): Promise<void> {
  const writer = { ...loginToPrimary(inputs), data: regionFiles(inputs.primary.folder).data };
  await withSession(writer, (client) => renewSlot(client, inputs.region));
  await cloneFrom(writer, inputs.region, files, programs);
}

async function run(
  inputs: ReplicationInputs,
  previous: ReplicationOutputs | undefined,
  files: RegionFiles,
  programs: Programs,
): Promise<void> {
  await writePrivateFile(files.standbySignal, "");
  await pointAt(inputs.primary, inputs.region, files);
  await configureReader(inputs, files, previous);
  await Promise.all([files.fenced, files.writer].map(removeFile));
  await withSession(loginToPrimary(inputs), (client) => ensureSlot(client, inputs.region));
  await takeUp(loginTo(inputs), files, programs);
}

/**
 * What was lowered is taken up once the reader has replayed that the writer has been lowered: before, PostgreSQL does not
 * start.
 */
async function asDeclared(
  inputs: ReplicationInputs,
  files: RegionFiles,
  programs: Programs,
  mending: Mending,
): Promise<Mending> {
  if (!(await configure(inputs, files))) {
    return mending;
  }
  await takeUp(loginTo(inputs), files, programs);
  return streaming(inputs, mending);
}

/** Waits while the reader catches up, however long; gives up on one that does not even connect. */
async function streamsWithin(inputs: ReplicationInputs, seconds: number): Promise<boolean> {
  return withSession(loginToPrimary(inputs), async (client) => {
    for (let end = Date.now() + seconds * 1000; Date.now() < end;) {
      if ((await whatHinders(loginToPrimary(inputs), loginTo(inputs), 1)) === undefined) {
        return true;
      }
      if (await isSlotLost(client, inputs.region)) {
        return false; // It connects again and again, and asks for log that is gone.
      }
      const { rowCount } = await client.query(
        "SELECT FROM pg_stat_replication WHERE application_name = $1 AND state = 'catchup'",
        [inputs.region],
      );
      if (rowCount === 1) {
        end = Date.now() + seconds * 1000;
      }
    }
    return false;
  });
}
