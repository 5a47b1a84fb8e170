/** A parameter of a parameter group. */
export interface GroupParameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/**
 * Those that take effect with a restart alone: AWS refuses to apply them at once. PostgreSQL's own of the context
 * `postmaster`, in 14 to 18, as `postgres --describe-config` tells them.
 */
const ofServerStart = [
  "archive_mode",
  "autovacuum_freeze_max_age",
  "autovacuum_max_workers",
  "autovacuum_multixact_freeze_max_age",
  "autovacuum_worker_slots",
  "bonjour",
  "bonjour_name",
  "cluster_name",
  "commit_timestamp_buffers",
  "data_directory",
  "data_sync_retry",
  "dynamic_shared_memory_type",
  "event_source",
  "external_pid_file",
  "hba_file",
  "hot_standby",
  "huge_page_size",
  "huge_pages",
  "ident_file",
  "io_max_combine_limit",
  "io_max_concurrency",
  "io_method",
  "jit_provider",
  "listen_addresses",
  "logging_collector",
  "max_active_replication_origins",
  "max_connections",
  "max_files_per_process",
  "max_locks_per_transaction",
  "max_logical_replication_workers",
  "max_notify_queue_pages",
  "max_pred_locks_per_transaction",
  "max_prepared_transactions",
  "max_replication_slots",
  "max_wal_senders",
  "max_worker_processes",
  "min_dynamic_shared_memory",
  "multixact_member_buffers",
  "multixact_offset_buffers",
  "notify_buffers",
  "old_snapshot_threshold",
  "port",
  "recovery_target",
  "recovery_target_action",
  "recovery_target_inclusive",
  "recovery_target_lsn",
  "recovery_target_name",
  "recovery_target_time",
  "recovery_target_timeline",
  "recovery_target_xid",
  "reserved_connections",
  "serializable_buffers",
  "shared_buffers",
  "shared_memory_type",
  "shared_preload_libraries",
  "subtransaction_buffers",
  "superuser_reserved_connections",
  "track_activity_query_size",
  "track_commit_timestamp",
  "transaction_buffers",
  "unix_socket_directories",
  "unix_socket_group",
  "unix_socket_permissions",
  "wal_buffers",
  "wal_decode_buffer_size",
  "wal_level",
  "wal_log_hints",
];

/** The same of AWS and of extensions, as each documents it. */
const ofExtensions = [
  "apg_plan_mgmt.max_databases",
  "apg_plan_mgmt.max_plans",
  "cron.database_name",
  "cron.log_run",
  "cron.log_statement",
  "cron.max_running_jobs",
  "cron.use_background_workers",
  "pg_prewarm.autoprewarm",
  "pg_stat_statements.max",
  "rds.enable_plan_management",
  "rds.logical_replication",
];

const needRestart = new Set([...ofServerStart, ...ofExtensions]);

/**
 * What every region's cluster has: alike, since a promotion takes nothing along from the old writer.
 *
 * @param recoveryPointSeconds The writer's alone: see `recoveryPointOf`.
 */
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
