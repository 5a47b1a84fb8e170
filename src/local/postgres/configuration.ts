import { join } from "node:path";
import { replicationRole, superuser } from "../../roles";
import type { Durability } from "../../topology";
import type { RegionFiles } from "./folders";
import { socketFolder } from "./socket";

/** Where a reader gets its write-ahead log from. */
export interface Upstream {
  readonly region: string;
  readonly host: string;
  readonly port: number;
}

export interface ServerSettings {
  readonly region: string;
  readonly host: string;
  readonly port: number;
  readonly durability: Durability;
  /** The other regions that take part now: whichever acknowledges a commit under `durability: "region"`. */
  readonly peers: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Small enough for several servers on a laptop. `max_replication_slots` and `max_wal_senders` have room for
 * eleven regions twice over, so that adding one restarts nothing. A reader that is away may be behind by
 * `wal_keep_size` without its slot, and by `max_slot_wal_keep_size` with it: that is also the most disk that
 * it can cost the writer.
 */
export const defaultParameters: Readonly<Record<string, string>> = {
  max_connections: "100",
  shared_buffers: "32MB",
  max_wal_senders: "24",
  max_replication_slots: "24",
  wal_keep_size: "256MB",
  max_slot_wal_keep_size: "2GB",
  wal_receiver_status_interval: "1s",
  log_min_messages: "warning",
  log_line_prefix: "%m [%p] ",
};

const header = "# Written by pulumi up: changes made here are lost.";

/** postgresql.conf, whole. */
export function serverConfiguration(settings: ServerSettings, files: RegionFiles): string {
  const managed: Record<string, string> = {
    listen_addresses: settings.host,
    port: String(settings.port),
    unix_socket_directories: socketFolder(files.folder),
    unix_socket_permissions: "0700",
    ssl: "on",
    ssl_ca_file: files.ca,
    ssl_cert_file: files.serverCertificate,
    ssl_key_file: files.serverKey,
    password_encryption: "scram-sha-256",
    hot_standby: "on",
    wal_log_hints: "on",
    recovery_target_timeline: "latest",
    synchronous_commit: "on",
    synchronous_standby_names: synchronousStandbys(settings),
    cluster_name: settings.region,
  };
  const parameters = { wal_level: "replica", ...defaultParameters, ...settings.parameters, ...managed };
  return `${header}\n${parameterLines(parameters)}include = 'upstream.conf'\n`;
}

/** Parameters as lines of a configuration file. */
export function parameterLines(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${quote(value)}\n`)
    .join("");
}

export function configurationFile({ data }: RegionFiles): string {
  return join(data, "postgresql.conf");
}

/**
 * How often a reader tries to reach the server that it follows. Each failure is two entries in its log: ten times a
 * second is 280 MB a day, so that is for a handover alone, in which writes may wait for it.
 */
export type Retries = "often" | "seldom";

const retryIntervals: Readonly<Record<Retries, string>> = { often: "100ms", seldom: "5s" };

/** upstream.conf: apart, because a handover turns it round while the rest stays. */
export function upstreamConfiguration(
  region: string,
  upstream: Upstream,
  files: RegionFiles,
  retries: Retries = "often",
): string {
  return (
    `wal_retrieve_retry_interval = ${quote(retryIntervals[retries])}\n` +
    `primary_conninfo = ${quote(replicationConnection(region, upstream, files))}\n` +
    `primary_slot_name = ${quote(slotName(region))}\n`
  );
}

/** upstream.conf of a reader that follows no server for a while. */
export function noUpstream(region: string): string {
  return `primary_conninfo = ''\nprimary_slot_name = ${quote(slotName(region))}\n`;
}

export function upstreamFile({ data }: RegionFiles): string {
  return join(data, "upstream.conf");
}

/** How a region's server logs in to another one: by certificate, so that no password is on disk. */
export function replicationConnection(region: string, upstream: Upstream, files: RegionFiles): string {
  const settings = {
    host: upstream.host,
    port: String(upstream.port),
    user: replicationRole,
    application_name: region,
    sslmode: "verify-full",
    sslrootcert: files.ca,
    sslcert: files.replicationCertificate,
    sslkey: files.replicationKey,
    connect_timeout: "3",
    tcp_user_timeout: "5000",
    keepalives_idle: "5",
    keepalives_interval: "2",
    keepalives_count: "2",
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}='${value.replace(/[\\']/g, "\\$&")}'`)
    .join(" ");
}

/** Slots are named by region; a slot's name takes no hyphen, and a region's no underscore. */
export function slotName(region: string): string {
  return `region_${region.replaceAll("-", "_")}`;
}

/**
 * pg_hba.conf, whole: TLS for everyone, a certificate for replication, a password for the rest. The socket lets in the
 * account that runs Pulumi, as superuser: no password, certificate or port that is being changed shuts it out.
 */
export function hostBasedAuthentication(): string {
  return [
    header,
    `local all ${superuser} peer map=${accountMap}`,
    `hostssl replication,postgres ${replicationRole} all cert`,
    `hostssl all ${replicationRole} all reject`,
    "hostssl all all all scram-sha-256",
    "",
  ].join("\n");
}

/** pg_ident.conf, whole: the account that runs Pulumi. */
export function accountNames(account: string): string {
  return `${header}\n${accountMap} "${account.replaceAll('"', '""')}" ${superuser}\n`;
}

const accountMap = "pulumi";

function synchronousStandbys({ durability, peers }: ServerSettings): string {
  return durability === "region" ? `ANY 1 (${peers.map((peer) => `"${peer}"`).join(", ")})` : "";
}

function quote(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
