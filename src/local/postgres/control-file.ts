import { join } from "node:path";
import { readBytesIfThere } from "./folders";

/** How a server was left, or runs, by its control file. */
export type ClusterState =
  | "starting"
  | "shut down"
  | "shut down in recovery"
  | "shutting down"
  | "in crash recovery"
  | "in archive recovery"
  | "in production";

/** What PostgreSQL keeps in `global/pg_control`, as far as a handover needs it. */
export interface ControlFile {
  /** The identity of the database, alike in all its copies. */
  readonly systemIdentifier: bigint;
  readonly state: ClusterState;
  /** Where the latest checkpoint's record begins. */
  readonly checkpoint: bigint;
  /** The timeline of the latest checkpoint. */
  readonly timeline: number;
}

/** Their order is that of PostgreSQL's enum `DBState`. */
const states: readonly ClusterState[] = [
  "starting",
  "shut down",
  "shut down in recovery",
  "shutting down",
  "in crash recovery",
  "in archive recovery",
  "in production",
];

/**
 * Reads the control file of a data folder. `pg_controldata` does the same, but the packages that carry
 * PostgreSQL for Node do not have it, and a handover waits while this runs.
 */
export async function readControlFile(dataFolder: string): Promise<ControlFile> {
  const path = join(dataFolder, "global", "pg_control");
  const bytes = await readBytesIfThere(path);
  if (bytes === undefined) {
    throw new Error(`${path} is not there: the folder holds no database`);
  }
  return parseControlFile(bytes);
}

/** The first fields of `ControlFileData`: they have kept their places from PostgreSQL 11 to 18. */
export function parseControlFile(bytes: Buffer): ControlFile {
  if (bytes.length < 56) {
    throw new Error("pg_control is too short to be a control file");
  }
  const version = bytes.readUInt32LE(8);
  if (version < 1100 || version > 1900) {
    throw new Error(`pg_control has version ${version}; versions 1100 to 1900 are known`);
  }
  const state = states[bytes.readInt32LE(16)];
  if (state === undefined) {
    throw new Error("pg_control has a state that is not known");
  }
  return {
    systemIdentifier: bytes.readBigUInt64LE(0),
    state,
    checkpoint: bytes.readBigUInt64LE(32),
    timeline: bytes.readUInt32LE(48),
  };
}
