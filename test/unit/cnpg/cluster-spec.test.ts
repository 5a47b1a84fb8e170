import * as fc from "fast-check";
import type { CnpgClusterArgs, CnpgPostgresArgs } from "../../../src/cnpg/args";
import { clusterSpec } from "../../../src/cnpg/manifests/cluster-spec";
import type { BootstrapSpec, ClusterSpec } from "../../../src/cnpg/manifests/cluster-types";
import { parameters } from "../../../src/cnpg/manifests/parameters";
import { planTopology } from "../../../src/cnpg/plan";
import { topologies } from "./arbitraries";

const args: CnpgPostgresArgs = {
  primary: "rome",
  regions: {
    rome: { kubeconfig: "rome.yaml", host: "rome.example.com" },
    lisbon: { kubeconfig: "lisbon.yaml", host: "203.0.113.7", port: 5432 },
  },
};

// Frozen where the region is founded: it does not follow the role.
const bootstrap: BootstrapSpec = {
  initdb: { database: "app", owner: "app", secret: { name: "db-role-app" } },
};

function specOf(region: string, given: CnpgPostgresArgs = args): ClusterSpec {
  const plan = planTopology("db", given);
  return clusterSpec(
    plan,
    plan.regions.find((each) => each.region === region)!,
    {
      parameters: parameters(given.parameters, String),
      pgHba: given.pgHba ?? {},
      roles: given.roles ?? {},
      bootstrap,
      promotionToken: "token",
    },
  );
}

const common = {
  instances: 1,
  smartShutdownTimeout: 0,
  storage: { size: "10Gi" },
  postgresql: {
    parameters: {
      max_replication_slots: "32",
      max_slot_wal_keep_size: "2GB",
      max_wal_senders: "32",
      wal_keep_size: "2GB",
      wal_retrieve_retry_interval: "500ms",
    },
    pg_hba: [
      "hostssl all all 10.0.0.0/8 scram-sha-256",
      "hostssl all all 172.16.0.0/12 scram-sha-256",
      "hostssl all all 192.168.0.0/16 scram-sha-256",
      "host all all all reject",
    ],
  },
  bootstrap,
  externalClusters: [
    externalCluster("db-lisbon", "203.0.113.7", "5432"),
    externalCluster("db-rome", "rome.example.com", "30432"),
    externalCluster("upstream", "rome.example.com", "30432"),
  ],
  certificates: {
    serverCASecret: "db-ca",
    serverTLSSecret: "db-server",
    clientCASecret: "db-ca",
    replicationTLSSecret: "db-replication",
  },
  enableSuperuserAccess: true,
  superuserSecret: { name: "db-role-postgres" },
  managed: { services: { disabledDefaultServices: ["ro", "r"] } },
  primaryUpdateMethod: "restart",
  enablePDB: true,
};

function externalCluster(name: string, host: string, port: string) {
  return {
    name,
    connectionParameters: {
      host,
      port,
      user: "streaming_replica",
      dbname: "postgres",
      sslmode: "verify-full",
      connect_timeout: "3",
      tcp_user_timeout: "5000",
    },
    sslCert: { name: "db-replication", key: "tls.crt" },
    sslKey: { name: "db-replication", key: "tls.key" },
    sslRootCert: { name: "db-ca", key: "ca.crt" },
  };
}

/** Every wish, and what is seen of it in the spec. The compiler keeps the table complete. */
const wishes: { [Wish in keyof Required<CnpgClusterArgs>]: [CnpgClusterArgs[Wish], Partial<ClusterSpec>] } = {
  instances: [3, { instances: 3 }],
  image: ["pg:17", { imageName: "pg:17" }],
  imageCatalog: [
    { name: "images", major: 17 },
    {
      imageCatalogRef: {
        apiGroup: "postgresql.cnpg.io",
        kind: "ClusterImageCatalog",
        name: "images",
        major: 17,
      },
    },
  ],
  imagePullSecrets: [["one", "two"], { imagePullSecrets: [{ name: "one" }, { name: "two" }] }],
  storage: [{ size: "1Gi", storageClass: "fast" }, { storage: { size: "1Gi", storageClass: "fast" } }],
  walStorage: [{ size: "1Gi" }, { walStorage: { size: "1Gi" } }],
  resources: [{ requests: { cpu: "1" } }, { resources: { requests: { cpu: "1" } } }],
  affinity: [
    { topologyKey: "zone", tolerations: [{ operator: "Exists" }], nodeAffinity: { required: [] } },
    {
      affinity: {
        topologyKey: "zone",
        tolerations: [{ operator: "Exists" }],
        nodeAffinity: { required: [] },
      },
    },
  ],
  topologySpreadConstraints: [[{ maxSkew: 1 }], { topologySpreadConstraints: [{ maxSkew: 1 }] }],
  priorityClass: ["critical", { priorityClassName: "critical" }],
  startDelaySeconds: [600, { startDelay: 600 }],
  stopDelaySeconds: [300, { stopDelay: 300 }],
  inheritedMetadata: [
    { labels: { team: "shop" }, annotations: { note: "ours" } },
    { inheritedMetadata: { labels: { team: "shop" }, annotations: { note: "ours" } } },
  ],
  env: [
    { TZ: "UTC", LANG: "C" },
    {
      env: [
        { name: "LANG", value: "C" },
        { name: "TZ", value: "UTC" },
      ],
    },
  ],
  serviceAccountAnnotations: [
    { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/db" },
    {
      serviceAccountTemplate: {
        metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/db" } },
      },
    },
  ],
  sharedPreloadLibraries: [
    ["auto_explain"],
    { postgresql: { ...common.postgresql, shared_preload_libraries: ["auto_explain"] } },
  ],
  extensionImages: [
    { postgis: { image: "postgis:3.6", ldLibraryPath: ["system"] }, pg_ivm: {} },
    {
      postgresql: {
        ...common.postgresql,
        extensions: [
          { name: "pg_ivm" },
          { name: "postgis", image: { reference: "postgis:3.6" }, ld_library_path: ["system"] },
        ],
      },
    },
  ],
  synchronous: [
    { number: 1, dataDurability: "preferred", failoverQuorum: true },
    {
      postgresql: {
        ...common.postgresql,
        synchronous: { method: "any", number: 1, dataDurability: "preferred", failoverQuorum: true },
      },
    },
  ],
  synchronizeLogicalDecoding: [
    true,
    { replicationSlots: { highAvailability: { synchronizeLogicalDecoding: true } } },
  ],
  primaryUpdateMethod: ["switchover", { primaryUpdateMethod: "switchover" }],
  monitoring: [
    { podMonitor: true, customQueriesConfigMaps: [{ name: "queries", key: "queries.yaml" }] },
    {
      monitoring: {
        customQueriesConfigMap: [{ name: "queries", key: "queries.yaml" }],
      },
    },
  ],
  logLevel: ["debug", { logLevel: "debug" }],
  podDisruptionBudget: [false, { enablePDB: false }],
  readOnlyServices: [true, { managed: {} }],
  poolers: [{ readWrite: {}, readOnly: {} }, { managed: { services: { disabledDefaultServices: ["r"] } } }],
  backup: [
    { destinationPath: "s3://backups" },
    {
      plugins: [
        {
          name: "barman-cloud.cloudnative-pg.io",
          isWALArchiver: true,
          parameters: { barmanObjectName: "db-backup", serverName: "db-rome" },
        },
      ],
      // A promotion restarts the server, which must not wait for those who read there.
      smartShutdownTimeout: 0,
    },
  ],
};

describe("the spec of a Cluster", () => {
  it("is a writer's", () => {
    expect(specOf("rome")).toEqual({
      ...common,
      replica: { self: "db-rome", primary: "db-rome", source: "db-rome", promotionToken: "token" },
    });
  });

  it("is a reader's", () => {
    expect(specOf("lisbon")).toEqual({
      ...common,
      replica: { self: "db-lisbon", primary: "db-rome", source: "db-rome" },
    });
  });

  it("differs by the region's role in replica alone", () => {
    fc.assert(
      fc.property(topologies, (given) => {
        const { regions } = planTopology("db", given);
        for (const primary of regions.filter(({ activity }) => activity === "active")) {
          for (const { region } of regions) {
            const [before, after] = [
              specOf(region, given),
              specOf(region, { ...given, primary: primary.region }),
            ];
            expect(withoutUpstream({ ...after, replica: before.replica })).toEqual(withoutUpstream(before));
          }
        }
      }),
    );
  });

  it("is the same for every region when another is added, but for whom it knows and who confirms", () => {
    fc.assert(
      fc.property(topologies, (given) => {
        const added = { kubeconfig: "x.yaml", host: "added.example.com" };
        const more = { ...given, regions: { ...given.regions, "x-added": added } };
        for (const region of Object.keys(given.regions)) {
          const [before, after] = [specOf(region, given), specOf(region, more)];
          const { synchronous } = after.postgresql;
          expect(after.externalClusters.map(({ name }) => name)).toContain("db-x-added");
          expect(synchronous?.standbyNamesPre?.includes("db-x-added")).toBe(
            given.durability === "region" ? true : undefined,
          );
          expect(withoutOthers(after)).toEqual(withoutOthers(before));
        }
      }),
    );
  });

  it("is the same whatever the order in which regions are written down", () => {
    fc.assert(
      fc.property(topologies, (given) => {
        const regions = Object.fromEntries(Object.entries(given.regions).reverse());
        for (const region of Object.keys(regions)) {
          expect(JSON.stringify(specOf(region, { ...given, regions }))).toBe(
            JSON.stringify(specOf(region, given)),
          );
        }
      }),
    );
  });

  it.each(Object.entries(wishes))("has what is wished by %s", (wish, [value, seen]) => {
    expect(specOf("rome", { ...args, defaults: { [wish]: value } })).toEqual({ ...specOf("rome"), ...seen });
  });

  it("has a region's own wish before that of all", () => {
    const regions = { ...args.regions, lisbon: { ...args.regions["lisbon"]!, instances: 4 } };
    const given = { ...args, regions, defaults: { instances: 2 } };
    expect([specOf("rome", given).instances, specOf("lisbon", given).instances]).toEqual([2, 4]);
  });

  it("has the defaults of what is wished in part", () => {
    const defaults: CnpgClusterArgs = { synchronous: { number: 1, method: "first" }, monitoring: {} };
    const { postgresql, monitoring } = specOf("rome", { ...args, defaults });
    expect(postgresql.synchronous).toEqual({ number: 1, method: "first" });
    expect(monitoring).toEqual({});
    const imageCatalog = { name: "images", major: 17, kind: "ImageCatalog" as const };
    expect(specOf("rome", { ...args, defaults: { imageCatalog } }).imageCatalogRef?.kind).toBe(
      "ImageCatalog",
    );
  });

  it("waits for one of the other regions that are there, where durability says so", () => {
    const regions = {
      ...args.regions,
      oslo: { kubeconfig: "oslo.yaml", host: "oslo.example.com" },
      bern: { kubeconfig: "bern.yaml", host: "bern.example.com" },
      wien: { kubeconfig: "wien.yaml", host: "wien.example.com", hibernated: true },
    };
    const given: CnpgPostgresArgs = { ...args, regions, lost: ["bern"], durability: "region" };
    const synchronous = (region: string) => specOf(region, given).postgresql.synchronous;
    const confirmedBy = (...standbyNamesPre: string[]) => ({
      method: "any",
      number: 1,
      standbyNamesPre,
      maxStandbyNamesFromCluster: 0,
      dataDurability: "required",
    });
    expect(synchronous("rome")).toEqual(confirmedBy("db-lisbon", "db-oslo"));
    expect(synchronous("lisbon")).toEqual(confirmedBy("db-oslo", "db-rome"));
    expect(synchronous("wien")).toEqual(confirmedBy("db-lisbon", "db-oslo", "db-rome"));
  });

  it("waits for an instance of the writer's region too, where the operator may promote one", () => {
    const oslo = { kubeconfig: "oslo.yaml", host: "oslo.example.com" };
    const synchronous = (instances: number, regions: CnpgPostgresArgs["regions"]) =>
      specOf("rome", { ...args, regions, defaults: { instances }, durability: "region" }).postgresql
        .synchronous;
    const common = { method: "any", dataDurability: "required", failoverQuorum: true };
    expect(synchronous(3, args.regions)).toEqual({
      ...common,
      number: 2,
      standbyNamesPre: ["db-lisbon"],
      maxStandbyNamesFromCluster: 1,
    });
    expect(synchronous(3, { ...args.regions, oslo })).toEqual({
      ...common,
      number: 3,
      standbyNamesPre: ["db-lisbon", "db-oslo"],
      maxStandbyNamesFromCluster: 2,
    });
  });

  it("is confirmed by both kinds, and one of either may be away, whatever the numbers of regions and instances", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 20 }), fc.integer({ min: 2, max: 10 }), (instances, others) => {
        const names = Array.from({ length: others }, (_, index) => `other-${index}`);
        const regions = Object.fromEntries(
          ["rome", ...names].map((name) => [name, { kubeconfig: "k", host: `${name}.example.com` }]),
        );
        const { number, standbyNamesPre, maxStandbyNamesFromCluster } = specOf("rome", {
          ...args,
          regions,
          defaults: { instances },
          durability: "region",
        }).postgresql.synchronous!;
        const [peers, standbys] = [standbyNamesPre!.length, maxStandbyNamesFromCluster!];
        expect(number).toBeGreaterThan(Math.max(peers, standbys));
        expect(number).toBeLessThan(peers + standbys);
      }),
    );
  });

  it("has the roles, which have their passwords from secrets", () => {
    const roles = {
      analyst: { memberOf: ["pg_read_all_data"], connectionLimit: 3, password: "never seen" },
      data_clerk: { createDatabases: true },
      debezium: { replication: true },
      "Shop-Group": { login: false },
    };
    const spec = specOf("rome", { ...args, roles });
    expect(spec.managed).toEqual({
      services: { disabledDefaultServices: ["ro", "r"] },
      roles: [
        { name: "Shop-Group", ensure: "present", login: false, createdb: false, connectionLimit: -1 },
        {
          name: "analyst",
          ensure: "present",
          login: true,
          createdb: false,
          connectionLimit: 3,
          inRoles: ["pg_read_all_data"],
          passwordSecret: { name: "db-role-analyst" },
        },
        {
          name: "data_clerk",
          ensure: "present",
          login: true,
          createdb: true,
          connectionLimit: -1,
          passwordSecret: { name: "db-role-data-clerk" },
        },
        {
          name: "debezium",
          ensure: "present",
          login: true,
          replication: true,
          createdb: false,
          connectionLimit: -1,
          passwordSecret: { name: "db-role-debezium" },
        },
      ],
    });
    expect(JSON.stringify(spec)).not.toContain("never seen");
  });
});

function withoutOthers(spec: ClusterSpec) {
  return { ...spec, externalClusters: [], postgresql: { ...spec.postgresql, synchronous: undefined } };
}

function withoutUpstream(spec: ClusterSpec): ClusterSpec {
  return { ...spec, externalClusters: spec.externalClusters.filter(({ name }) => name !== "upstream") };
}
