import { setTimeout as sleep } from "node:timers/promises";
import Table from "cli-table3";
import { parseLibpqUri } from "pulumi-multi-region-postgres";
import { ask } from "./ask";
import type { DemoTopology } from "./stack";

interface ServerState {
  readonly standby: boolean;
  readonly timeline: number;
  readonly lsn: string;
}

const serverState = `
  SELECT pg_is_in_recovery() AS standby,
         CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn,
         ('x' || (SELECT max(left(name, 8)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'))::bit(32)::int
           AS timeline`;

/** Region, role, endpoint, timeline and lag, as the servers themselves tell them. */
export async function printTable(topology: DemoTopology): Promise<void> {
  const states = await Promise.all(
    Object.entries(topology.regions).map(async ([region, endpoint]) => {
      const [state] = await ask<ServerState>(topology, endpoint, "postgres", serverState).catch(() => []);
      return { region, endpoint, state };
    }),
  );
  const head = positionOf(states.find(({ state }) => state?.standby === false)?.state?.lsn);
  const table = new Table({
    head: ["region", "role", "endpoint", "timeline", "lag"],
    style: { head: [], border: [] },
  });
  for (const { region, endpoint, state } of states) {
    const role = state === undefined ? "down" : state.standby ? "reader" : "writer";
    const lag = state?.standby === true ? `${Math.max(0, head - positionOf(state.lsn))} bytes` : "";
    table.push([region, role, `${endpoint.host}:${endpoint.port}`, state?.timeline ?? "", lag]);
  }
  console.log(`\n${table.toString()}`);
}

/** Writes a row through the connection string, and reads it in each region. */
export async function sayEverywhere(topology: DemoTopology, words: string): Promise<void> {
  const { endpoints, username } = parseLibpqUri(topology.connectionUri);
  await ask(topology, endpoints[0]!, username, "CREATE TABLE IF NOT EXISTS guestbook (words text)");
  await ask(topology, endpoints[0]!, username, "INSERT INTO guestbook VALUES ($1)", [words]);
  console.log(`\n  written through connectionUri: ${words}`);
  for (const [region, endpoint] of Object.entries(topology.regions)) {
    const read = "SELECT words FROM guestbook WHERE words = $1";
    for (let rows: unknown[] = []; rows.length === 0; await sleep(20)) {
      rows = await ask(topology, endpoint, username, read, [words]).catch(() => []);
    }
    console.log(`  read in ${region}`);
  }
}

function positionOf(lsn: string | undefined): number {
  const [high, low] = (lsn ?? "0/0").split("/").map((part) => Number.parseInt(part, 16));
  return high! * 2 ** 32 + low!;
}
