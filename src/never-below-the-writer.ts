/** PostgreSQL refuses a reader with less of these than its writer. */
export const neverBelowTheWriter = [
  "max_connections",
  "max_worker_processes",
  "max_wal_senders",
  "max_prepared_transactions",
  "max_locks_per_transaction",
] as const;
