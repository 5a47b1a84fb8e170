import type { Client } from "pg";
import { slotName } from "./configuration";

/** Makes the slot by which a region follows this server, if there is none. */
export async function ensureSlot(client: Client, region: string): Promise<void> {
  await client.query(
    `SELECT pg_create_physical_replication_slot($1)
      WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)`,
    [slotName(region)],
  );
}

/** Makes a region's slot afresh: from now on the log is kept for the clone that is about to be made. */
export async function renewSlot(client: Client, region: string): Promise<void> {
  await dropSlot(client, region);
  await client.query("SELECT pg_create_physical_replication_slot($1, true)", [slotName(region)]);
}

/** Drops the slot of a region that is gone. */
export async function dropSlot(client: Client, region: string): Promise<void> {
  await dropSlots(client, "slot_type = 'physical' AND slot_name = $1", slotName(region));
}

/**
 * Drops the slots of regions that do not follow this server: each keeps write-ahead log for a reader that
 * will not come for it.
 */
export async function dropOtherSlots(client: Client, followers: readonly string[]): Promise<void> {
  await dropSlots(
    client,
    "slot_type = 'physical' AND starts_with(slot_name, 'region_') AND slot_name <> ALL ($1)",
    followers.map(slotName),
  );
}

/**
 * Drops the logical slots of a server that was the writer: no handover moves them, and each keeps write-ahead log, and rows
 * that vacuum would remove, for a subscriber that follows the next writer. A slot that a reader made for itself stays.
 */
export async function dropLogicalSlots(client: Client): Promise<void> {
  await dropSlots(client, "slot_type = 'logical' AND NOT temporary");
}

async function dropSlots(client: Client, condition: string, parameter?: string | string[]): Promise<void> {
  const { rows } = await client.query<{ slot_name: string; active_pid: number | null }>(
    `SELECT slot_name, active_pid FROM pg_replication_slots WHERE ${condition}`,
    parameter === undefined ? [] : [parameter],
  );
  for (const { slot_name, active_pid } of rows) {
    if (active_pid !== null) {
      await client.query("SELECT pg_terminate_backend($1, 5000)", [active_pid]);
    }
    await client.query(
      `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
        WHERE slot_name = $1 AND NOT active`,
      [slot_name],
    );
  }
}

/** Whether the log that a region has yet to receive is gone: it was away for more than `max_slot_wal_keep_size`. */
export async function isSlotLost(client: Client, region: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_replication_slots WHERE slot_name = $1 AND wal_status = 'lost'",
    [slotName(region)],
  );
  return rowCount === 1;
}
