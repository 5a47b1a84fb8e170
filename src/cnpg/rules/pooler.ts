import {
  at,
  isRecord,
  mismatch,
  notOneOf,
  notObject,
  notWholeNumber,
  shown,
  type Failure,
  type Unknowns,
} from "../../rules";
import type { PoolerArgs, PoolersArgs } from "../pooler-args";
import { objectFailures } from "../../rule-shapes";

// The compiler keeps these lists complete.
const poolersProperties: Record<keyof PoolersArgs, true> = { readWrite: true, readOnly: true };
const poolerProperties: Record<keyof PoolerArgs, true> = {
  instances: true,
  port: true,
  poolMode: true,
  parameters: true,
};

/** The operator's `AllowedPgbouncerGenericConfigurationParameters`. */
const parameters = [
  ...["application_name_add_host", "auth_type", "autodb_idle_timeout", "cancel_wait_timeout"],
  ...["client_idle_timeout", "client_login_timeout", "client_tls_ciphers", "client_tls_sslmode"],
  ...["client_tls13_ciphers", "default_pool_size", "disable_pqexec", "dns_max_ttl", "dns_nxdomain_ttl"],
  ...["idle_transaction_timeout", "ignore_startup_parameters", "listen_backlog", "log_connections"],
  ...["log_disconnections", "log_pooler_errors", "log_stats", "max_client_conn", "max_db_connections"],
  ...["max_packet_size", "max_prepared_statements", "max_user_connections", "min_pool_size", "pkt_buf"],
  ...["query_timeout", "query_wait_timeout", "reserve_pool_size", "reserve_pool_timeout", "sbuf_loopcnt"],
  ...["server_check_delay", "server_check_query", "server_connect_timeout", "server_fast_close"],
  ...["server_idle_timeout", "server_lifetime", "server_login_retry", "server_reset_query"],
  ...["server_reset_query_always", "server_round_robin", "server_tls_ciphers", "server_tls13_ciphers"],
  ...["server_tls_protocols", "server_tls_sslmode", "stats_period", "suspend_timeout", "tcp_defer_accept"],
  ...["tcp_socket_buffer", "tcp_keepalive", "tcp_keepcnt", "tcp_keepidle", "tcp_keepintvl"],
  ...["tcp_user_timeout", "track_extra_parameters", "verbose"],
];

/** What is wrong with the poolers of a region, or with those of all, by themselves. */
export function poolersFailures(path: string, poolers: unknown): Generator<Failure> {
  return objectFailures(path, poolers, Object.keys(poolersProperties), function* ({ readWrite, readOnly }) {
    yield* poolerFailures(at(path, "readWrite"), readWrite);
    yield* poolerFailures(at(path, "readOnly"), readOnly);
  });
}

function poolerFailures(path: string, pooler: unknown): Generator<Failure> {
  return objectFailures(path, pooler, Object.keys(poolerProperties), function* (given) {
    const own = (property: keyof PoolerArgs) => [at(path, property), given[property]] as const;
    yield* notWholeNumber(...own("instances"), 1, 100);
    yield* notWholeNumber(...own("port"), 1, 65_535);
    yield* notOneOf(...own("poolMode"), ["session", "transaction"]);
    yield* parametersFailures(...own("parameters"));
  });
}

/** As the operator's `validatePgbouncerGenericParameters`. A value is one line of pgbouncer.ini. */
function* parametersFailures(path: string, given: unknown): Generator<Failure> {
  yield* notObject(path, given, "settings, by name");
  for (const [name, value] of Object.entries(isRecord(given) ? given : {})) {
    if (!parameters.includes(name)) {
      const reason = `must be a setting of PgBouncer that the operator lets through, not ${shown(name)}`;
      yield { propertyPath: at(path, name), reason };
    } else {
      yield* mismatch(at(path, name), value ?? null, isSetting, "a number or one line of ASCII text");
    }
  }
}

function isSetting(value: unknown): boolean {
  return typeof value === "number"
    ? Number.isFinite(value)
    : typeof value === "string" && /^[\x20-\x7e]*$/.test(value);
}

/** A wish of a region, and where that is said. */
interface Wish {
  readonly path: string;
  readonly value: unknown;
}

/** Behind a read-only pooler are the instances that do not lead: there have to be some. */
export function* readOnlyPoolerFailures(poolers: Wish, instances: Wish): Generator<Failure> {
  const { readOnly }: Unknowns = isRecord(poolers.value) ? poolers.value : {};
  const count = instances.value ?? 1;
  if (readOnly !== undefined && count === 1) {
    const known = instances.value === undefined ? "1 by default" : `1 by ${instances.path}`;
    const reason = `must not be given where there is no instance but the one that leads: instances is ${known}`;
    yield { propertyPath: at(poolers.path, "readOnly"), reason };
  }
}
