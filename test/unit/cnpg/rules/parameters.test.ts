import { output } from "@pulumi/pulumi";
import { type Fault, linesOf, refusesEach, spoiled, validArgs, wrong } from "./faults";

const faults: Fault[] = [
  wrong("parameters.shared_buffers", "lots", 'must be a size such as 256MB, not "lots"'),
  wrong("parameters.shared_buffers", "256mb", 'must be a size such as 256MB, not "256mb"'),
  wrong("parameters.max_wal_size", "1e3MB", 'must be a size such as 256MB, not "1e3MB"'),
  wrong(
    "parameters.max_slot_wal_keep_size",
    -1,
    "must be a size such as 2GB, less than the volume of the log: without a limit a slot fills it, not -1",
  ),
  wrong(
    "parameters.ssl_min_protocol_version",
    "TLSv1.1",
    'must be TLSv1.2 or TLSv1.3, since older ones are broken, not "TLSv1.1"',
  ),
  wrong("parameters.wal_keep_size", -1, "must be a size such as 256MB, not -1"),
  wrong("parameters.min_wal_size", "4GB", 'must be less than max_wal_size, 4096, not "4GB"'),
  [
    "checkpoints of less than the default",
    (args) => {
      delete args.parameters.min_wal_size;
      args.parameters.max_wal_size = "80MB";
    },
    'parameters.max_wal_size: must be more than min_wal_size, "80MB" by default, not "80MB"',
  ],
  wrong(
    "parameters.wal_level",
    "Logical",
    'must be "replica" or "logical", in lower case for the operator, not "Logical"',
  ),
  wrong("parameters.wal_level", "minimal", 'must be "replica" or "logical", not "minimal"'),
  wrong("parameters.sync_replication_slots", "o", 'must be on or off, not "o"'),
  wrong(
    "parameters.hot_standby_feedback",
    "of",
    "must be on where parameters of pg_failover_slots are given",
  ),
  [
    "no feedback beside failover slots",
    (args) => delete args.parameters.hot_standby_feedback,
    "parameters.hot_standby_feedback: must be on where parameters of pg_failover_slots are given",
  ],
  wrong("parameters.shared_preload_libraries", "a", "is set by the operator: give sharedPreloadLibraries"),
  [
    "a parameter of the operator's that is not known yet",
    (args) => (args.parameters.archive_command = output("cp")),
    "parameters.archive_command: is set by the operator",
  ],
  wrong("parameters.allow_alter_system", "on", "is set by the operator"),
  [
    "a parameter of the operator's namespace",
    (args) => (args.parameters["cnpg.config_sha256"] = "0"),
    'parameters["cnpg.config_sha256"]: is set by the operator',
  ],
];

/** `FixedConfigurationParameters` of CloudNativePG 1.30.0, all of them. */
const fixedByTheOperator = `
  allow_system_table_mods archive_mode bonjour bonjour_name cluster_name config_file data_directory
  data_sync_retry event_source external_pid_file hba_file hot_standby ident_file jit_provider
  listen_addresses logging_collector port primary_conninfo primary_slot_name recovery_target
  recovery_target_action recovery_target_inclusive recovery_target_lsn recovery_target_name
  recovery_target_time recovery_target_timeline recovery_target_xid restore_command
  shared_preload_libraries temp_tablespaces unix_socket_directories unix_socket_group
  unix_socket_permissions archive_cleanup_command archive_command log_destination log_directory
  log_file_mode log_filename log_rotation_age log_rotation_size log_truncate_on_rotation
  pg_failover_slots.primary_dsn pg_failover_slots.standby_slot_names promote_trigger_file
  recovery_end_command recovery_min_apply_delay restart_after_crash ssl ssl_ca_file ssl_cert_file
  ssl_crl_file ssl_dh_params_file ssl_ecdh_curve ssl_key_file ssl_passphrase_command
  ssl_passphrase_command_supports_reload ssl_prefer_server_ciphers stats_temp_directory
  synchronous_standby_names synchronized_standby_slots syslog_facility syslog_ident syslog_sequence_numbers
  syslog_split_messages
`
  .trim()
  .split(/\s+/);

describe("CnpgPostgres, of parameters,", () => {
  refusesEach(faults);

  it("takes shared buffers that fit into huge pages", () => {
    const args = spoiled(({ defaults, parameters }) => {
      parameters.shared_buffers = "2GB";
      defaults.resources = {
        requests: { memory: "1Gi", "hugepages-1Gi": "2Gi" },
        limits: { "hugepages-1Gi": "2Gi" },
      };
    });
    expect(linesOf(args)).toEqual([]);
  });

  it("takes values that are not known yet where the operator reads them too", () => {
    const names = ["shared_buffers", "min_wal_size", "max_wal_size", "hot_standby_feedback"];
    const args = spoiled(({ parameters }) => names.forEach((name) => (parameters[name] = output("256MB"))));
    expect(linesOf(args)).toEqual([]);
  });

  it.each(fixedByTheOperator)("refuses the parameter %s once", (name) => {
    const parameters = { hot_standby_feedback: "on", sync_replication_slots: "on", [name]: "1" };
    const args = { ...validArgs(), parameters };
    expect(linesOf(args)).toEqual([expect.stringMatching(/: is set by the (operator|topology)/)]);
  });
});
