import { at, isPlain, isRecord, mismatch, shown, type Failure, type Unknowns } from "../../rules";
import { sizeOf } from "./formats";

/** What the operator refuses of parameters, beside what every engine does. */
export function* parametersFailures(parameters: unknown): Generator<Failure> {
  if (!isRecord(parameters)) {
    return;
  }
  for (const [name, value] of Object.entries(parameters)) {
    yield* parameterFailures(at("parameters", name), name, value);
  }
  yield* failoverSlotsFailures(parameters);
  yield* walSizesFailures(parameters);
}

/**
 * The operator's `FixedConfigurationParameters`, without those that every engine refuses, and two that it overwrites
 * silently: `allow_alter_system`, and its own namespace.
 */
const fixedParameters: readonly RegExp[] = [
  /^(allow_system_table_mods|data_sync_retry|event_source|jit_provider|restart_after_crash|stats_temp_directory)$/,
  /^(archive_mode|archive_command|archive_cleanup_command|recovery_end_command|recovery_min_apply_delay)$/,
  /^(bonjour|bonjour_name|syslog_facility|syslog_ident|syslog_sequence_numbers|syslog_split_messages)$/,
  /^(logging_collector|log_destination|log_directory|log_file_mode|log_filename)$/,
  /^log_(rotation_age|rotation_size|truncate_on_rotation)$/,
  /^(temp_tablespaces|synchronized_standby_slots|pg_failover_slots\.(primary_dsn|standby_slot_names))$/,
  /^(allow_alter_system$|cnpg\.)/,
];

/** Sizes that the operator reads as well as PostgreSQL, or that this package compares with volumes. */
const sizes = ["shared_buffers", "min_wal_size", "max_wal_size", "wal_keep_size"];

/** Slots that keep the log for ever fill the volume, and PostgreSQL stops where it is full. */
const boundless = "a size such as 2GB, less than the volume of the log: without a limit a slot fills it";

/** Booleans that the operator reads as well as PostgreSQL. */
const booleans = ["hot_standby_feedback", "sync_replication_slots"];

export const isOn = (value: unknown) => /^(1|on|y|yes?|t|tr|true?)$/i.test(String(value));
const isOff = (value: unknown) => /^(0|off?|no?|f|fa|fal|false?)$/i.test(String(value));

function* parameterFailures(propertyPath: string, name: string, value: unknown): Generator<Failure> {
  if (name === "shared_preload_libraries") {
    yield { propertyPath, reason: "is set by the operator: give sharedPreloadLibraries" };
  } else if (fixedParameters.some((pattern) => pattern.test(name))) {
    yield { propertyPath, reason: "is set by the operator" };
  } else if (!isPlain(value)) {
    return;
  } else if (name === "wal_level") {
    const isLevel = (given: unknown) => given === "replica" || given === "logical";
    yield* mismatch(propertyPath, value, isLevel, '"replica" or "logical", in lower case for the operator');
  } else if (booleans.includes(name)) {
    yield* mismatch(propertyPath, value, (given) => isOn(given) || isOff(given), "on or off");
  } else if (name === "max_slot_wal_keep_size") {
    yield* mismatch(propertyPath, value, (given) => sizeOf(given) !== undefined, boundless);
  } else if (sizes.includes(name)) {
    yield* mismatch(propertyPath, value, (given) => sizeOf(given) !== undefined, "a size such as 256MB");
  }
}

/** As the operator's `validatePgFailoverSlots`. */
function* failoverSlotsFailures(parameters: Unknowns): Generator<Failure> {
  const feedback = parameters["hot_standby_feedback"];
  const isUsed = Object.keys(parameters).some((name) => name.startsWith("pg_failover_slots."));
  if (isUsed && isPlain(feedback) && (feedback === undefined || isOff(feedback))) {
    const propertyPath = "parameters.hot_standby_feedback";
    yield { propertyPath, reason: "must be on where parameters of pg_failover_slots are given" };
  }
}

/** PostgreSQL's own, for which the operator looks too. */
const defaultWalSizes = { min_wal_size: "80MB", max_wal_size: "1GB" } as const;

function* walSizesFailures(parameters: Unknowns): Generator<Failure> {
  const { min_wal_size: min, max_wal_size: max } = { ...defaultWalSizes, ...parameters };
  const [least, most] = [sizeOf(min), sizeOf(max)];
  if (least !== undefined && most !== undefined && least >= most) {
    yield parameters["min_wal_size"] === undefined
      ? {
          propertyPath: "parameters.max_wal_size",
          reason: `must be more than min_wal_size, "80MB" by default, not ${shown(max)}`,
        }
      : {
          propertyPath: "parameters.min_wal_size",
          reason: `must be less than max_wal_size, ${shown(max)}, not ${shown(min)}`,
        };
  }
}
