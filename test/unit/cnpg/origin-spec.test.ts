import type { CnpgPostgresArgs } from "../../../src/cnpg/args";
import { bootstrapSpec, originClusters, originData } from "../../../src/cnpg/manifests/origin-spec";
import type { ImportArgs, InitSqlArgs, OriginServerArgs } from "../../../src/cnpg/origin-args";
import { planTopology } from "../../../src/cnpg/plan";

const plan = planTopology("db", {
  primary: "rome",
  regions: { rome: { kubeconfig: "rome.yaml", host: "rome.example.com" } },
  database: { name: "shop", owner: "shop_keeper" },
});
const application = { database: "shop", owner: "shop_keeper", secret: { name: "db-role-shop-keeper" } };
const server: OriginServerArgs = { host: "old.example.com", user: "mover", password: "secret" };
const store = { destinationPath: "s3://backups/old", serverName: "old" };
const statements: InitSqlArgs = { statements: ["CREATE TABLE one ()", "CREATE TABLE two ()"] };

function founded(origin?: CnpgPostgresArgs["origin"], initSql?: InitSqlArgs) {
  return bootstrapSpec(plan, { ...(origin && { origin }), ...(initSql && { initSql }) }, true);
}

describe("how a region's database came to be", () => {
  it("is from nothing in the region that founds the topology", () => {
    expect(founded()).toEqual({ initdb: application });
  });

  it("has the locale that is wished for collation and classes too, which the operator makes C", () => {
    const initdb = { locale: "de_DE.UTF-8", dataChecksums: true, walSegmentSizeMegabytes: 64 } as const;
    expect(bootstrapSpec(plan, { initdb }, true)).toEqual({
      initdb: {
        ...application,
        locale: "de_DE.UTF-8",
        localeCollate: "de_DE.UTF-8",
        localeCType: "de_DE.UTF-8",
        dataChecksums: true,
        walSegmentSize: 64,
      },
    });
  });

  it("is from nothing and what SQL makes", () => {
    expect(founded(undefined, { ...statements, configMaps: [{ name: "init", key: "a.sql" }] })).toEqual({
      initdb: {
        ...application,
        postInitApplicationSQL: statements.statements,
        postInitApplicationSQLRefs: { configMapRefs: [{ name: "init", key: "a.sql" }] },
      },
    });
  });

  it("is by an import of one database, with SQL that is run after it", () => {
    const wishes: ImportArgs = { ...server, databases: ["old-shop"] };
    expect(founded({ import: wishes }, statements)).toEqual({
      initdb: {
        ...application,
        import: {
          type: "microservice",
          databases: ["old-shop"],
          source: { externalCluster: "origin" },
          postImportApplicationSQL: statements.statements,
        },
      },
    });
  });

  it("is by an import of databases and roles as they are", () => {
    expect(
      founded({ import: { ...server, type: "monolith", databases: ["*"], roles: ["clerk"] } }),
    ).toMatchObject({ initdb: { import: { type: "monolith", databases: ["*"], roles: ["clerk"] } } });
  });

  it("is as a copy of a server", () => {
    expect(founded({ clone: server })).toEqual({ pg_basebackup: { ...application, source: "origin" } });
  });

  it("is from backups, up to a time or to the end", () => {
    expect(founded({ recovery: store })).toEqual({ recovery: { ...application, source: "origin" } });
    const targetTime = "2026-01-31T12:00:00Z";
    expect(founded({ recovery: { ...store, targetTime } })).toEqual({
      recovery: { ...application, source: "origin", recoveryTarget: { targetTime } },
    });
  });

  it("is as a copy of the primary in every other region, whatever the topology was founded with", () => {
    expect(bootstrapSpec(plan, { origin: { clone: server }, initSql: statements }, false)).toEqual({
      pg_basebackup: { ...application, source: "upstream" },
    });
  });
});

describe("where the data came from", () => {
  it("is known to no cluster, where it came from nowhere", () => {
    expect(originClusters("db", undefined)).toEqual([]);
  });

  it("is a server that is verified, and logged in to from a secret", () => {
    const given: OriginServerArgs = {
      ...server,
      caCertificate: "authority",
      clientCertificate: { certificate: "certificate", privateKey: "private" },
    };
    const [spec] = originClusters("db", { clone: given });
    const from = (key: string) => ({ name: "db-origin", key });
    expect(spec).toEqual({
      name: "origin",
      connectionParameters: {
        host: "old.example.com",
        port: "5432",
        user: "mover",
        dbname: "postgres",
        sslmode: "verify-full",
      },
      password: from("password"),
      sslCert: from("tls.crt"),
      sslKey: from("tls.key"),
      sslRootCert: from("ca.crt"),
    });
    expect(originData(given)).toEqual({
      password: "secret",
      "tls.crt": "certificate",
      "tls.key": "private",
      "ca.crt": "authority",
    });
  });

  it("has of the secret what was given", () => {
    const given: OriginServerArgs = { ...server, port: 6432, sslMode: "require" };
    const [spec] = originClusters("db", { import: { ...given, databases: ["shop"] } });
    expect(spec).toEqual({
      name: "origin",
      connectionParameters: {
        host: "old.example.com",
        port: "6432",
        user: "mover",
        dbname: "postgres",
        sslmode: "require",
      },
      password: { name: "db-origin", key: "password" },
    });
    expect(originData(given)).toEqual({ password: "secret" });
  });

  it("is a folder of a store", () => {
    expect(originClusters("db", { recovery: store })).toEqual([
      {
        name: "origin",
        plugin: {
          name: "barman-cloud.cloudnative-pg.io",
          parameters: { barmanObjectName: "db-origin", serverName: "old" },
        },
      },
    ]);
  });
});
