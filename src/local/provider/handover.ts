import type { dynamic } from "@pulumi/pulumi";
import type { Client } from "pg";
import { withoutDangers } from "../../handover/announcement";
import { decide, type Decision, type Observation } from "../../handover/decide";
import { absentTarget } from "../../handover/absent-target";
import { decodeToken, judgeToken, parseLsn, type DemotionToken, type Position } from "../../handover/token";
import type { HandoverReport } from "../../topology";
import { readControlFile } from "../postgres/control-file";
import { readIfThere, regionFiles, removeFile, writePrivateFile } from "../postgres/folders";
import { conditionOf, reloadServer } from "../postgres/server";
import { withSession } from "../postgres/session";
import { ensureSlot } from "../postgres/slots";
import { sameInputs } from "../../same-inputs";
import { catchUp, catchUpSeconds } from "./catch-up";
import { failoverFailures } from "./failover-rules";
import { failedFailover, takeFenceBack } from "./half-way";
import type { HandoverInputs, HandoverOutputs } from "./inputs";
import { loginTo, waitUntil, type Task } from "./handover-task";
import { previewOf } from "./handover-preview";
import { pointAt } from "./region";
import { removeUnfinished } from "./unfinished";
import { claimTopologyOf } from "./update-lock";
import { rememberUpstreams } from "./upstreams";

/**
 * The passing of the writer's role: it comes after every reader, the old writer among them, and before the
 * writer. It alone sees the writer that was and the one to be.
 */
export const handover: dynamic.ResourceProvider<HandoverInputs, HandoverOutputs> = {
  async check(olds, news) {
    const { primary, lost } = news;
    const reason = absentTarget({ writer: olds.primary, primary, lost, was: absenceOf(primary, olds) });
    const absent = reason === undefined ? [] : [{ property: "primary", reason }];
    return { inputs: previewOf(olds, news), failures: [...absent, ...failoverFailures(olds, news)] };
  },

  async diff(_id, olds, news) {
    const target = news.regions[news.primary];
    const asleep = target !== undefined && (await conditionOf(regionFiles(target.folder))).standby;
    return { changes: asleep || !sameInputs(olds, news) };
  },

  async create(inputs) {
    return { id: "handover", outs: withoutDangers({ ...inputs, report: await handOver(inputs, undefined) }) };
  },

  async update(_id, olds, news) {
    return { outs: withoutDangers({ ...news, report: await handOver(news, olds) }) };
  },

  // A deletion of the whole topology. The handover is the one resource that is in the state whatever step the first
  // update was killed at, once a server may run.
  async delete(_id, outputs) {
    await removeUnfinished(outputs);
  },
};

function absenceOf(region: string, { lost = [], regions = {} }: Partial<HandoverInputs>) {
  if (lost.includes(region)) {
    return "lost";
  }
  return regions[region]?.hibernated === true ? "hibernated" : undefined;
}

async function handOver(news: HandoverInputs, olds: HandoverOutputs | undefined): Promise<HandoverReport> {
  const { primary, lost } = news;
  await claimTopologyOf(news.regions[primary]!.folder);
  const last = olds?.report;
  const previous = last?.to;
  if (previous === primary) {
    await takeFenceBack(news);
  }
  const { action, arrived } = await passRole(news, olds).catch(async (error: Error) => {
    const isFailover = previous !== undefined && previous !== primary && lost.includes(previous);
    throw isFailover ? await failedFailover(error, news, previous) : error;
  });
  if (last !== undefined && previous === primary) {
    return last;
  }
  return {
    kind: kindOf(action, previous, lost),
    ...(previous === undefined ? {} : { from: previous }),
    to: primary,
    at: new Date().toISOString(),
    ...(arrived === undefined ? {} : { arrived }),
  };
}

interface Passed {
  readonly action: Decision["action"];
  readonly arrived?: HandoverReport["arrived"];
}

async function passRole(news: HandoverInputs, olds: HandoverOutputs | undefined): Promise<Passed> {
  const task = { ...news, previousPassword: olds?.superuserPassword };
  const { primary, lost } = news;
  const observations = await observe(news);
  const decision = decide({ previous: olds?.report.to, primary, lost, observations });
  const { action } = decision;
  switch (action) {
    case "refuse":
      throw new Error(decision.reason);
    case "none":
      return { action };
    case "switchover":
      await promote(task, (client) => waitForToken(client, primary, decision.token));
      return { action };
    case "resume":
      await promote(task, async () => undefined);
      return { action };
    case "failover": {
      const everyReaderCounts = [news.durability, olds?.durability].includes("region");
      return {
        action,
        arrived: await promote(task, (client) =>
          catchUp(client, task, everyReaderCounts, olds?.regions ?? {}),
        ),
      };
    }
  }
}

function kindOf(
  action: Decision["action"],
  previous: string | undefined,
  lost: readonly string[],
): HandoverReport["kind"] {
  if (previous === undefined) {
    return action === "failover" ? "failover" : "founding";
  }
  return lost.includes(previous) ? "failover" : "switchover";
}

/** By files alone: writes wait for this. */
async function observe({ regions }: HandoverInputs): Promise<Observation[]> {
  const observations = await Promise.all(
    Object.entries(regions).map(async ([region, { folder }]): Promise<Observation[]> => {
      const files = regionFiles(folder);
      const { initialised, standby, fenced } = await conditionOf(files);
      if (!initialised || fenced) {
        return [];
      }
      const { timeline, checkpoint } = await readControlFile(files.data);
      const token = await readIfThere(files.demotion);
      return [
        {
          region,
          writable: !standby,
          reached: [timeline, checkpoint],
          ...(token === undefined ? {} : { token: decodeToken(token) }),
        },
      ];
    }),
  );
  return observations.flat();
}

/** Promotes the primary once `prepare` is satisfied, and gives the result of `prepare`. */
async function promote<T>(inputs: Task, prepare: (client: Client) => Promise<T>): Promise<T> {
  const files = regionFiles(inputs.regions[inputs.primary]!.folder);
  const turnBack = await rememberUpstreams(inputs.regions);
  const prepared = await withSession(loginTo(inputs, inputs.primary), async (client) => {
    let result: T;
    try {
      result = await prepare(client);
      await turnOthers(client, inputs);
      await writePrivateFile(files.writer, "made the writer by pulumi up\n");
    } catch (error) {
      await turnBack();
      throw error;
    }
    await client.query("SELECT pg_promote(wait => false)");
    await waitUntil(
      promotionSeconds,
      `${inputs.primary} was promoted, but does not accept writes`,
      async () => {
        const { rows } = await client.query<{ standby: boolean }>("SELECT pg_is_in_recovery() AS standby");
        return rows[0]!.standby === false;
      },
    );
    return result;
  });
  await removeFile(files.demotion);
  return prepared;
}

const promotionSeconds = 60;

/**
 * Turns the other readers to the next writer, not before it is certain that it will write: a handover that is refused
 * leaves everyone where they were. With `durability: "region"` its first commit waits for one of them.
 */
async function turnOthers(client: Client, { primary, regions }: HandoverInputs): Promise<void> {
  const { folder, host, port } = regions[primary]!;
  const others = Object.keys(regions).filter((region) => region !== primary);
  // One that cannot be turned must not keep the writer from writing: `LocalReplication` tells why, afterwards.
  await Promise.allSettled(
    others.map(async (region) => {
      const files = regionFiles(regions[region]!.folder);
      const { initialised, standby, fenced } = await conditionOf(files);
      if (!initialised || !standby || fenced) {
        return;
      }
      await ensureSlot(client, region);
      if (await pointAt({ region: primary, folder, host, port }, region, files)) {
        await reloadServer(files);
      }
    }),
  );
}

/** Waits until a standby has all that the last writer wrote; refuses a token that is not of its past. */
export async function waitForToken(
  client: Client,
  region: string,
  token: DemotionToken,
  seconds = catchUpSeconds,
): Promise<void> {
  const missing = `${region} has not received all that ${token.region} wrote, up to ${token.checkpoint}`;
  const begin = Date.now();
  await waitUntil(seconds, missing, async () => {
    const judgement = judgeToken(token, await positionOf(client));
    if (judgement.verdict === "refused") {
      throw new Error(`${region} is not promoted: ${judgement.reason}`);
    }
    if (judgement.verdict === "behind" && Date.now() - begin > conflictSeconds * 1000) {
      await endConflicts(client);
    }
    return judgement.verdict === "ready";
  });
}

/** For so long a report in the next writer may keep it from replaying while nobody writes. */
const conflictSeconds = 2;

/** Ends transactions that replay waits for: they would keep every region from writing for `max_standby_streaming_delay`. */
async function endConflicts(client: Client): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(session.pid) FROM pg_stat_activity AS session, pg_stat_activity AS replay
      WHERE replay.backend_type = 'startup'
        AND (replay.wait_event LIKE 'RecoveryConflict%' OR replay.wait_event_type IN ('Lock', 'BufferPin'))
        AND session.backend_type = 'client backend' AND session.xact_start IS NOT NULL
        AND session.pid <> pg_backend_pid()`,
  );
}

/** Which timeline a standby is on shows in the names of its log files at once, and elsewhere later. */
async function positionOf(client: Client): Promise<Position> {
  const { rows } = await client.query<{ identifier: string; timeline: string; replayed: string }>(
    `SELECT (SELECT system_identifier FROM pg_control_system()) AS identifier,
            (SELECT max(left(name, 8)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$') AS timeline,
            pg_last_wal_replay_lsn() AS replayed`,
  );
  const { identifier, timeline, replayed } = rows[0]!;
  return {
    systemIdentifier: identifier,
    timeline: Number.parseInt(timeline, 16),
    replayed: parseLsn(replayed ?? "0/0"),
  };
}
