import { setTimeout as sleep } from "node:timers/promises";
import { replicationRole } from "../../roles";
import { TransientError } from "../../kubernetes/transient";
import { lastingPsql } from "../kubernetes/lasting-psql";
import { isWriter, type LiveCluster } from "../kubernetes/live-cluster";
import { literal, quoted, type Psql } from "../kubernetes/psql";
import type { RegionCluster } from "../kubernetes/region";
import { externalWriterCluster } from "../manifests/names";
import type { ExternalWriterAccess } from "./inputs";
import { requireHealth, type Seen } from "./regions";
import { preflightBytes, preflightSeconds } from "./streaming";

const reachSeconds = 30;

/** What regions wrote themselves would be gone if they followed somebody else. */
export function requireFollowers(seen: readonly Seen[]): void {
  const writers = seen.filter(({ live }) => live !== undefined && isWriter(live));
  if (writers.length > 0) {
    const names = writers.map(({ name }) => name).join(", ");
    throw new Error(
      `${names} would lose what it has written: a topology that has a writer of its own follows none outside. ` +
        "Take externalWriter away",
    );
  }
}

/**
 * A region may leave the writer outside that it follows once it has what that one has sent, or if that one is gone.
 *
 * @param access How the writer outside was reached: unknown where this was found to be so by an update that was killed.
 */
export async function requirePromotion(
  target: Seen,
  seen: readonly Seen[],
  access: ExternalWriterAccess | undefined,
): Promise<void> {
  const stays = `${target.name} goes on following`;
  const active = seen.filter(({ activity }) => activity === "active");
  requireHealth(active, stays);
  const first = active.find(({ live }) => live!.spec.replica.source === externalWriterCluster);
  if (first !== undefined && first !== target) {
    throw new Error(
      `${stays}: ${first.name} has what arrives, and ${target.name} follows it. Run pulumi up with primary ` +
        `${first.name}, or with externalWriter and primary ${target.name} first`,
    );
  }
  const session = await target.region.psql(target.live!);
  try {
    if (access !== undefined) {
      await requireDatabase(session, access);
    }
    if (first !== undefined) {
      await requireArrival(target, session, stays);
    }
  } finally {
    session.close();
  }
}

async function requireArrival(target: Seen, session: Psql, stays: string): Promise<void> {
  for (const end = Date.now() + preflightSeconds * 1000; ; await sleep(100)) {
    const [receiver] = await session.query<{ behind: number }>(
      `SELECT pg_wal_lsn_diff(latest_end_lsn, pg_last_wal_replay_lsn())::float8 AS behind
         FROM pg_stat_wal_receiver WHERE status = 'streaming'`,
    );
    if (receiver === undefined ? await isGone(target) : receiver.behind <= preflightBytes) {
      return;
    }
    if (Date.now() > end) {
      const state =
        receiver === undefined
          ? "it does not stream from the writer outside, which answers"
          : `it is ${receiver.behind} bytes behind the writer outside`;
      throw new Error(
        `${stays}: after ${preflightSeconds} s ${state}. Mend that, or stop the writer outside`,
      );
    }
  }
}

/** Whether nobody answers where a region looks for the writer outside. Whoever refuses it does answer. */
async function isGone({ region, live }: Seen): Promise<boolean> {
  const session = await region.psqlOnce(live!);
  try {
    await session.connect(`${await conninfoOf(session)} dbname='postgres'`);
    return false;
  } catch (error) {
    return /refused|timeout expired|timed out|unreachable|No route|could not translate/.test(
      (error as Error).message,
    );
  } finally {
    session.close();
  }
}

/** By which the region connects to whom it follows, with the files that the operator has put there for that. */
async function conninfoOf(session: Psql): Promise<string> {
  const [row] = await session.query<{ conninfo: string }>(
    "SELECT setting AS conninfo FROM pg_settings WHERE name = 'primary_conninfo'",
  );
  return row!.conninfo;
}

/** psql at the writer outside as its superuser, out of the region that follows it. It outlives a restart of either. */
export async function sessionOutside(
  { name, region, live }: Seen,
  access: ExternalWriterAccess,
): Promise<Psql> {
  const session = lastingPsql(
    async () => openOutside(region, (await region.read()) ?? live!, access),
    reachSeconds,
  );
  try {
    await session.opened();
    return session;
  } catch (error) {
    session.close();
    const { host, port, username } = access;
    throw new Error(
      `${name} does not reach ${host}:${port} as ${username}: ${(error as Error).message}. ` +
        "If the writer there is gone for good, take externalWriter away",
      { cause: error },
    );
  }
}

async function openOutside(
  region: RegionCluster,
  live: LiveCluster,
  { host, port, username, password }: ExternalWriterAccess,
): Promise<Psql> {
  const session = await region.psqlOnce(live);
  try {
    const conninfo = await conninfoOf(session);
    if (!conninfo.includes(`host='${host}'`) || !conninfo.includes(`port='${port}'`)) {
      throw new TransientError("it has not turned there yet", false);
    }
    await session.connect(
      `${conninfo} dbname='postgres' user=${quoted(username)} password=${quoted(password)}`,
    );
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

/** A copy is of no use to a topology whose database it does not hold. */
export async function requireDatabase(
  session: Psql,
  { host, port, database, owner }: ExternalWriterAccess,
): Promise<void> {
  const [found] = await session.query<{ database: boolean; owner: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_database WHERE datname = ${literal(database)}) AS database,
            EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(owner)} AND rolcanlogin) AS owner`,
  );
  const absent = [
    ...(found!.database ? [] : [`no database ${database}`]),
    ...(found!.owner ? [] : [`no role ${owner} that can log in`]),
  ];
  if (absent.length > 0) {
    throw new Error(`${host}:${port} has ${absent.join(" and ")}: what is the topology's must be there`);
  }
}

/**
 * The regions follow each other as a role of the operator's, which it makes where it promotes somebody: outside it may
 * be missing, with what pg_rewind needs.
 */
export async function ensureReplicationRole(session: Psql): Promise<void> {
  const [role] = await session.query<{ ready: boolean }>(
    `SELECT rolcanlogin AND rolreplication AS ready FROM pg_roles WHERE rolname = '${replicationRole}'`,
  );
  if (role?.ready !== true) {
    await session.run(
      `BEGIN; ${role === undefined ? "CREATE" : "ALTER"} ROLE ${replicationRole} LOGIN REPLICATION;
       GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean),
         pg_read_binary_file(text), pg_read_binary_file(text, bigint, bigint, boolean) TO ${replicationRole}; COMMIT`,
    );
  }
}
