import type { Input } from "@pulumi/pulumi";
import type { ParameterValue } from "../../topology";

/**
 * What is set unless the user says otherwise, the last one excepted.
 *
 * - `wal_keep_size`: how much log every region keeps for regions that are away. They follow without a slot, so this
 *   alone decides how long one may be away before it is cloned afresh; it takes as much room on every volume.
 * - `max_slot_wal_keep_size`: how much log an instance of the same region that is away can keep, for each instance.
 * - `max_wal_senders`, `max_replication_slots`: room for eleven regions with their clones and instances. They need a
 *   restart, so they never depend on how many there are today; each costs some kilobytes of memory.
 * - `wal_retrieve_retry_interval`: how soon a reader turns to the new writer.
 */
export const defaultParameters: Readonly<Record<string, string>> = {
  max_replication_slots: "32",
  max_slot_wal_keep_size: "2GB",
  max_wal_senders: "32",
  wal_keep_size: "2GB",
  wal_retrieve_retry_interval: "500ms",
};

/** The parameters of every region: alike, so that no reader is ever below its writer. */
export function parameters(
  given: Readonly<Record<string, Input<ParameterValue>>> = {},
  asText: (value: Input<ParameterValue>) => Input<string>,
): Record<string, Input<string>> {
  const texts = Object.entries(given).map(([name, value]) => [name, asText(value)] as const);
  return { ...defaultParameters, ...Object.fromEntries(texts) };
}
