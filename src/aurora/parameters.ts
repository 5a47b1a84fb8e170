/** A parameter of a parameter group. */
export interface GroupParameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/** Those that take effect with a restart alone: AWS refuses to apply them at once. */
const needRestart = new Set([
  "autovacuum_freeze_max_age",
  "autovacuum_max_workers",
  "huge_pages",
  "max_connections",
  "max_files_per_process",
  "max_locks_per_transaction",
  "max_logical_replication_workers",
  "max_pred_locks_per_transaction",
  "max_prepared_transactions",
  "max_replication_slots",
  "max_wal_senders",
  "max_worker_processes",
  "pg_stat_statements.max",
  "rds.logical_replication",
  "shared_buffers",
  "shared_preload_libraries",
  "superuser_reserved_connections",
  "track_activity_query_size",
  "track_commit_timestamp",
  "wal_buffers",
]);

/** What every region's cluster has: alike, since a promotion takes nothing along from the old writer. */
export function clusterParameters(
  wishes: Readonly<Record<string, string>>,
  recoveryPointSeconds: number | undefined,
): GroupParameter[] {
  const values: Record<string, string> = {
    log_min_duration_statement: "1000",
    log_statement: "ddl",
    ...wishes,
    "rds.force_ssl": "1",
    ...(recoveryPointSeconds === undefined ? {} : { "rds.global_db_rpo": String(recoveryPointSeconds) }),
  };
  return Object.keys(values)
    .sort()
    .map((name) => ({
      name,
      value: values[name]!,
      applyMethod: needRestart.has(name) ? "pending-reboot" : "immediate",
    }));
}

/** A value as AWS takes it: what PostgreSQL calls on is 1. */
export function parameterText(value: string | number | boolean): string {
  return typeof value === "boolean" ? (value ? "1" : "0") : String(value);
}
