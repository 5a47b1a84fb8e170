import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { libpqEnvironment, libpqUri, parseLibpqUri, type Connection } from "../../src/endpoints";

const connection: Connection = {
  endpoints: [
    { host: "rome.example.com", port: 5432 },
    { host: "2001:db8::7", port: 6432 },
  ],
  username: "app",
  password: "p@ss:w/rd?#% &",
  database: "app",
  target: "read-write",
};

const timeouts =
  "connect_timeout=3&tcp_user_timeout=5000&keepalives=1&keepalives_idle=5&keepalives_interval=2&keepalives_count=2";

const names = fc.stringMatching(/^[a-z_][a-z0-9_]{0,62}$/);
const hosts = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.constant("localhost"));
const connections: fc.Arbitrary<Connection> = fc.record(
  {
    endpoints: fc.array(fc.record({ host: hosts, port: fc.integer({ min: 1, max: 65535 }) }), {
      minLength: 1,
    }),
    username: names,
    password: fc.string({ unit: "grapheme-ascii", minLength: 1 }),
    database: names,
    target: fc.constantFrom("read-write", "any"),
    caFile: fc.string({ unit: "grapheme-ascii", minLength: 1 }).map((name) => `/etc/${name}.pem`),
  },
  { requiredKeys: ["endpoints", "username", "password", "database", "target"] },
);

describe("libpqUri", () => {
  it("lists every host and asks for the writer, verified and impatient", () => {
    expect(libpqUri(connection)).toBe(
      "postgresql://app:p%40ss%3Aw%2Frd%3F%23%25%20%26@rome.example.com:5432,[2001:db8::7]:6432/app" +
        `?sslmode=verify-full&target_session_attrs=read-write&${timeouts}`,
    );
  });

  it("names the authority's file where there is one", () => {
    expect(libpqUri({ ...connection, target: "any", caFile: "/etc/ca of mine.pem" })).toContain(
      `?sslmode=verify-full&sslrootcert=%2Fetc%2Fca%20of%20mine.pem&target_session_attrs=any&${timeouts}`,
    );
  });

  it("is a URI whatever the password", () => {
    fc.assert(
      fc.property(connections, (any) => {
        expect(libpqUri(any)).toMatch(
          /^postgresql:\/\/[\w.~!*'()%-]+:[\w.~!*'()%-]+@[^/?#@]+\/\w+\?[^?#@\s]+$/,
        );
      }),
    );
  });
});

describe("parseLibpqUri", () => {
  it("gives back what libpqUri was made of", () => {
    fc.assert(fc.property(connections, (any) => expect(parseLibpqUri(libpqUri(any))).toEqual(any)));
  });

  it("reads the short scheme, and takes any server where the writer is not asked for", () => {
    expect(parseLibpqUri("postgres://a:b@h:1/d?sslmode=require")).toEqual({
      endpoints: [{ host: "h", port: 1 }],
      username: "a",
      password: "b",
      database: "d",
      target: "any",
    });
  });

  it.each(["", "postgresql://h:1/d?x=1", "mysql://a:b@h:1/d?x=1", "postgresql://a:b@h:1/d"])(
    "refuses %j",
    (text) => {
      expect(() => parseLibpqUri(text)).toThrow("not a connection string of the form");
    },
  );

  it("never repeats the password of what it refuses", () => {
    expect(() => parseLibpqUri("postgresql://a:hunter2@h/d?x=1")).toThrow(/^not a host and a port: h$/);
    expect(() => parseLibpqUri("postgresql://a:hunter2@h:1")).toThrow(/^(?!.*hunter2)/);
    expect(() => parseLibpqUri("postgresql://a:hunter2@x@h:1/d?x=1")).toThrow(/^(?!.*hunter2)/);
  });
});

describe("libpqEnvironment", () => {
  it("says field by field what the connection string says", () => {
    expect(libpqEnvironment({ ...connection, caFile: "/ca.pem" })).toEqual({
      PGHOST: "rome.example.com,2001:db8::7",
      PGPORT: "5432,6432",
      PGDATABASE: "app",
      PGUSER: "app",
      PGPASSWORD: "p@ss:w/rd?#% &",
      PGSSLMODE: "verify-full",
      PGTARGETSESSIONATTRS: "read-write",
      PGCONNECT_TIMEOUT: "3",
      PGSSLROOTCERT: "/ca.pem",
    });
  });

  it("names no authority's file where there is none", () => {
    expect(libpqEnvironment(connection)).not.toHaveProperty("PGSSLROOTCERT");
  });
});

const hasPsql = spawnSync("psql", ["--version"]).status === 0;

/** Nothing listens on port 1, so a connection string that is understood ends in a refused connection. */
(hasPsql ? describe : describe.skip)("psql", () => {
  const complaint = (uri: string) => spawnSync("psql", [uri, "-c", ""], { encoding: "utf8" }).stderr;
  const local = {
    ...connection,
    endpoints: [
      { host: "127.0.0.1", port: 1 },
      { host: "::1", port: 1 },
    ],
  };

  it("understands the connection string and tries every host", () => {
    const output = complaint(libpqUri({ ...local, caFile: "/nowhere/ca.pem" }));
    expect(output).toMatch(/server at "127\.0\.0\.1", port 1 failed/);
    expect(output).toMatch(/server at "::1", port 1 failed/);
    expect(output).not.toMatch(/invalid|missing/);
  });

  it("understands the connection string of any password", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1 }), (password) => {
        expect(complaint(libpqUri({ ...local, password }))).toMatch(/port 1 failed/);
      }),
      { numRuns: 10 },
    );
  });

  it("would complain about a setting that it does not know", () => {
    expect(complaint(`${libpqUri(local)}&no_such_setting=1`)).toMatch(/invalid URI query parameter/);
  });
});
