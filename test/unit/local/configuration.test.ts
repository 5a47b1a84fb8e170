import * as fc from "fast-check";
import {
  accountNames,
  hostBasedAuthentication,
  replicationConnection,
  serverConfiguration,
  slotName,
  upstreamConfiguration,
  type ServerSettings,
} from "../../../src/local/postgres/configuration";
import { socketFolder } from "../../../src/local/postgres/socket";
import { regionFiles } from "../../../src/local/postgres/folders";
import { regionNames } from "./arbitraries";

const files = regionFiles("/data/rome");
const settings: ServerSettings = {
  region: "rome",
  host: "localhost",
  port: 5501,
  durability: "local",
  peers: ["dublin", "lisbon-2"],
  parameters: {},
};
const upstream = { region: "lisbon-2", host: "127.0.0.1", port: 5502 };

describe("postgresql.conf", () => {
  it("is written whole", () => {
    const parameters = { work_mem: "8MB", "auto_explain.log_min_duration": "50" };
    expect(serverConfiguration({ ...settings, durability: "region", parameters }, files)).toBe(
      [
        "# Written by pulumi up: changes made here are lost.",
        "wal_level = 'replica'",
        "max_connections = '100'",
        "shared_buffers = '32MB'",
        "max_wal_senders = '24'",
        "max_replication_slots = '24'",
        "wal_keep_size = '256MB'",
        "max_slot_wal_keep_size = '2GB'",
        "wal_receiver_status_interval = '1s'",
        "log_min_messages = 'warning'",
        "log_line_prefix = '%m [%p] '",
        "work_mem = '8MB'",
        "auto_explain.log_min_duration = '50'",
        "listen_addresses = 'localhost'",
        "port = '5501'",
        `unix_socket_directories = '${socketFolder("/data/rome")}'`,
        "unix_socket_permissions = '0700'",
        "ssl = 'on'",
        "ssl_ca_file = '/data/rome/tls/ca.crt'",
        "ssl_cert_file = '/data/rome/tls/server.crt'",
        "ssl_key_file = '/data/rome/tls/server.key'",
        "password_encryption = 'scram-sha-256'",
        "hot_standby = 'on'",
        "wal_log_hints = 'on'",
        "recovery_target_timeline = 'latest'",
        "synchronous_commit = 'on'",
        `synchronous_standby_names = 'ANY 1 ("dublin", "lisbon-2")'`,
        "cluster_name = 'rome'",
        "include = 'upstream.conf'",
        "",
      ].join("\n"),
    );
  });

  it("waits for any one of the other regions where durability is region, and for none where it is local", () => {
    const names = (changes: Partial<ServerSettings>) =>
      read(serverConfiguration({ ...settings, ...changes }, files)).get("synchronous_standby_names");
    expect(names({ durability: "local" })).toBe("");
    expect(names({ durability: "region" })).toBe('ANY 1 ("dublin", "lisbon-2")');
    expect(names({ durability: "region", peers: ["dublin"] })).toBe('ANY 1 ("dublin")');
  });

  it("takes the user's parameters in the place of its defaults, each of them once", () => {
    const parameters = { shared_buffers: "1GB", wal_level: "logical", max_wal_senders: "30" };
    const text = serverConfiguration({ ...settings, parameters }, files);
    expect([...read(text)]).toEqual(expect.arrayContaining(Object.entries(parameters)));
    expect(text.match(/^(shared_buffers|wal_level|max_wal_senders) = /gm)).toHaveLength(3);
  });

  it("lets no parameter weaken what the topology relies on", () => {
    const spoilt = { port: "1", ssl: "off", synchronous_commit: "off", wal_log_hints: "off" };
    expect(read(serverConfiguration({ ...settings, parameters: spoilt }, files))).toEqual(
      read(serverConfiguration(settings, files)),
    );
  });

  it("does not depend on how many regions there are where a change needs a restart", () => {
    const reloadable = new Set(["synchronous_standby_names"]);
    const fixed = (peers: string[]) =>
      [...read(serverConfiguration({ ...settings, durability: "region", peers }, files))].filter(
        ([name]) => !reloadable.has(name),
      );
    fc.assert(
      fc.property(fc.array(regionNames, { minLength: 1 }), (peers) =>
        expect(fixed(peers)).toEqual(fixed(["dublin"])),
      ),
    );
  });

  it("gives PostgreSQL a value with quotes as the user wrote it", () => {
    const values = fc.string().map((text) => text.replace(/[\\\n\r\0]/g, "'"));
    fc.assert(
      fc.property(values, (value) => {
        const text = serverConfiguration({ ...settings, parameters: { search_path: value } }, files);
        expect(read(text).get("search_path")).toBe(value);
      }),
    );
  });

  // PostgreSQL takes a backslash in a quoted value for the start of an escape.
  it("gives PostgreSQL a value with backslashes as the user wrote it", () => {
    fc.assert(
      fc.property(lines, (value) => {
        const text = serverConfiguration({ ...settings, parameters: { search_path: value } }, files);
        expect(read(text).get("search_path")).toBe(value);
      }),
    );
  });
});

describe("upstream.conf", () => {
  it("has a reader try often in a handover, and seldom once it streams", () => {
    const interval = (text: string) => read(text).get("wal_retrieve_retry_interval");
    expect(interval(upstreamConfiguration("rome", upstream, files))).toBe("100ms");
    expect(interval(upstreamConfiguration("rome", upstream, files, "seldom"))).toBe("5s");
  });

  it("is written whole", () => {
    expect(upstreamConfiguration("rome-2", upstream, files)).toBe(
      "wal_retrieve_retry_interval = '100ms'\n" +
        "primary_conninfo = 'host=''127.0.0.1'' port=''5502'' user=''streaming_replica'' " +
        "application_name=''rome-2'' sslmode=''verify-full'' sslrootcert=''/data/rome/tls/ca.crt'' " +
        "sslcert=''/data/rome/tls/replication.crt'' sslkey=''/data/rome/tls/replication.key'' " +
        "connect_timeout=''3'' tcp_user_timeout=''5000'' keepalives_idle=''5'' keepalives_interval=''2'' " +
        "keepalives_count=''2'''\n" +
        "primary_slot_name = 'region_rome_2'\n",
    );
  });

  it("holds no password", () => {
    expect(upstreamConfiguration("rome", upstream, files)).not.toMatch(/passw|secret/i);
  });

  it("leads to the certificates, whatever the folder is called", () => {
    fc.assert(
      fc.property(lines, (name) => {
        const odd = regionFiles(`/data/${name}/rome`);
        const conninfo = read(upstreamConfiguration("rome", upstream, odd)).get("primary_conninfo")!;
        expect(readConninfo(conninfo).get("sslkey")).toBe(odd.replicationKey);
      }),
    );
  });
});

describe("the connection of a reader to its writer", () => {
  it("reads back by libpq's rules as what was meant, whatever the folder is called", () => {
    fc.assert(
      fc.property(lines, (name) => {
        const odd = regionFiles(`/data/${name}/rome`);
        expect([...readConninfo(replicationConnection("rome", upstream, odd))]).toEqual(
          expect.arrayContaining([
            ["host", "127.0.0.1"],
            ["port", "5502"],
            ["application_name", "rome"],
            ["sslmode", "verify-full"],
            ["sslrootcert", odd.ca],
            ["sslcert", odd.replicationCertificate],
            ["sslkey", odd.replicationKey],
          ]),
        );
      }),
    );
  });

  it("gives up on a writer that does not answer within seconds", () => {
    const connection = readConninfo(replicationConnection("rome", upstream, files));
    expect(connection.get("connect_timeout")).toBe("3");
    expect(connection.get("tcp_user_timeout")).toBe("5000");
  });
});

describe("a slot", () => {
  it("is named by its region in what PostgreSQL allows", () => {
    expect(slotName("rome")).toBe("region_rome");
    expect(slotName("eu-west-1")).toBe("region_eu_west_1");
    fc.assert(fc.property(regionNames, (name) => expect(slotName(name)).toMatch(/^[a-z0-9_]{1,63}$/)));
  });

  it("is never another region's", () => {
    // Names that differ by a hyphen alone are the ones that could collide.
    const close = fc.stringMatching(/^[ab](-?[ab]){0,5}$/);
    const names = fc.oneof(regionNames, close);
    fc.assert(
      fc.property(names, names, (one, other) => {
        expect(slotName(one) === slotName(other)).toBe(one === other);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("pg_hba.conf", () => {
  it("is written whole", () => {
    expect(hostBasedAuthentication()).toBe(
      "# Written by pulumi up: changes made here are lost.\n" +
        "local all postgres peer map=pulumi\n" +
        "hostssl replication,postgres streaming_replica all cert\n" +
        "hostssl all streaming_replica all reject\n" +
        "hostssl all all all scram-sha-256\n",
    );
  });
});

describe("pg_ident.conf", () => {
  it("lets the account that runs Pulumi be the superuser, and no other", () => {
    expect(accountNames("alice smith")).toBe(
      '# Written by pulumi up: changes made here are lost.\npulumi "alice smith" postgres\n',
    );
  });
});

/** What a file or a folder may be called, and a parameter's value be: anything on one line. */
const lines = fc
  .oneof(
    fc.string(),
    fc.array(fc.constantFrom("'", "\\", "a", "b", " ", "=")).map((signs) => signs.join("")),
  )
  .map((text) => text.replace(/[\n\r\0/]/g, "_"));

/** Reads settings as PostgreSQL does: the lexer's text in quotes, then DeescapeQuotedString of guc-file.l. */
function read(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line !== "" && !line.startsWith("#")) {
      const match = /^([a-z_][a-z0-9_.]*) = '((?:[^'\\]|\\.|'')*)'$/.exec(line);
      if (match === null) {
        throw new Error(`syntax error: ${line}`);
      }
      found.set(match[1]!, match[2]!.replace(/\\([0-7]{1,3})|\\(.)|''/g, unescape));
    }
  }
  return found;
}

function unescape(whole: string, octal: string | undefined, sign: string | undefined): string {
  if (octal !== undefined) {
    return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
  }
  const named: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
  return sign === undefined ? whole.slice(1) : (named[sign] ?? sign);
}

/** Reads a connection string as libpq does: conninfo_parse of fe-connect.c. */
function readConninfo(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const setting = /\s*([a-z_]+)='((?:[^'\\]|\\.)*)'/y;
  while (setting.lastIndex < text.length) {
    const from = setting.lastIndex;
    const match = setting.exec(text);
    if (match === null) {
      throw new Error(`not a setting: ${text.slice(from)}`);
    }
    found.set(match[1]!, match[2]!.replace(/\\(.)/g, "$1"));
  }
  return found;
}
