import { connectionStringFamilies, connectionStrings, jdbcUrl } from "../../src/connection-strings";
import { libpqUri, type Connection } from "../../src/endpoints";

const withoutFile: Connection = {
  endpoints: [
    { host: "rome.example.com", port: 5432 },
    { host: "2001:db8::7", port: 6432 },
  ],
  username: "app",
  password: 'p@ss:w/rd"?#% &',
  database: "shop",
  target: "read-write",
};

const connection: Connection = { ...withoutFile, caFile: "/ca.crt" };

const login = "app:p%40ss%3Aw%2Frd%22%3F%23%25%20%26";
const hosts = "rome.example.com:5432,[2001:db8::7]:6432";
const verified = "sslmode=verify-full&sslrootcert=%2Fca.crt";

describe("connectionStrings", () => {
  it("holds a string for every family", () => {
    expect(Object.keys(connectionStrings(connection)).sort()).toEqual([...connectionStringFamilies].sort());
  });

  it("says the same to each family in its own words", () => {
    const { libpq, sqlalchemy, ...others } = connectionStrings(connection);
    expect(libpq).toBe(libpqUri(connection));
    expect(sqlalchemy).toMatch(
      `postgresql+psycopg://${login}@/shop?host=rome.example.com%3A5432&host=%5B2001%3Adb8%3A%3A7%5D%3A6432&${verified}&`,
    );
    expect(others).toEqual({
      pgx: `postgresql://${login}@${hosts}/shop?${verified}&target_session_attrs=read-write&connect_timeout=3`,
      asyncpg: `postgresql://${login}@${hosts}/shop?${verified}&target_session_attrs=read-write`,
      jdbc: `jdbc:postgresql://${hosts}/shop?${verified}&targetServerType=primary&connectTimeout=3&tcpKeepAlive=true`,
      npgsql:
        `Host="${hosts}";Database="shop";Username="app";Password="p@ss:w/rd""?#% &";SSL Mode="VerifyFull";` +
        'Root Certificate="/ca.crt";Target Session Attributes="primary";Timeout="3"',
      tokioPostgres: `postgresql://${login}@${hosts}/shop?sslmode=require&target_session_attrs=read-write&connect_timeout=3`,
      postgresJs: `postgresql://${login}@${hosts}/shop?sslmode=verify-full&target_session_attrs=primary&connect_timeout=3`,
      singleHost: `postgresql://${login}@rome.example.com:5432/shop?${verified}`,
    });
  });

  it("asks any server for reads", () => {
    const { postgresJs, jdbc, npgsql, pgx } = connectionStrings({ ...connection, target: "any" });
    expect(postgresJs).not.toContain("target_session_attrs");
    expect(jdbc).toContain("targetServerType=any");
    expect(npgsql).toContain('Target Session Attributes="any"');
    expect(pgx).toContain("target_session_attrs=any");
  });

  it("names no file where there is none, and checks no name where only the authority is checked", () => {
    const { pgx, npgsql } = connectionStrings({ ...withoutFile, sslMode: "verify-ca" });
    expect(pgx).toContain("?sslmode=verify-ca&target_session_attrs");
    expect(npgsql).toContain('SSL Mode="VerifyCA";Target');
  });

  it("ends no statement that runs", () => {
    for (const string of Object.values(connectionStrings(connection))) {
      expect(string).not.toMatch(/socketTimeout|statement_timeout|command.?timeout/i);
    }
  });
});

describe("jdbcUrl", () => {
  it("takes neither user nor password", () => {
    expect(jdbcUrl(connection)).toBe(connectionStrings(connection).jdbc);
    expect(jdbcUrl(connection)).not.toContain("p%40ss");
  });
});
