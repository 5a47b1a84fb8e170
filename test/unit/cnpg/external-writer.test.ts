import { output } from "@pulumi/pulumi";
import type { CnpgPostgresArgs } from "../../../src/cnpg/args";
import { followingSteps } from "../../../src/cnpg/following-steps";
import { clusterSpec } from "../../../src/cnpg/manifests/cluster-spec";
import { bootstrapSpec } from "../../../src/cnpg/manifests/origin-spec";
import { planTopology } from "../../../src/cnpg/plan";
import { cnpgFailures } from "../../../src/cnpg/rules";
import { brought } from "../secrets/brought";

const user = (username: string) => ({ username, password: `password of ${username}` });

const externalWriter = {
  host: "192.0.2.4",
  port: 30_001,
  caCertificate: brought.ca.certificate,
  superuser: user("postgres"),
  replication: user("replicator"),
  authenticator: user("authenticator"),
};

const args: CnpgPostgresArgs = {
  primary: "rome",
  regions: {
    rome: { kubeconfig: "rome.yaml", host: "rome.example.com" },
    lisbon: { kubeconfig: "lisbon.yaml", host: "lisbon.example.com" },
  },
  externalWriter,
};

function linesOf(changes: object): string[] {
  const given = { ...args, ...changes } as CnpgPostgresArgs;
  return cnpgFailures("db", given).map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
}

function specOf(region: string, given: CnpgPostgresArgs = args) {
  const plan = planTopology("db", given);
  return clusterSpec(
    plan,
    plan.regions.find((each) => each.region === region)!,
    {
      externalWriter: given.externalWriter,
      bootstrap: bootstrapSpec(plan, given, false),
      promotionToken: "",
      parameters: {},
    },
  );
}

describe("the rules of a writer outside", () => {
  it("let it through, known or not", () => {
    expect(linesOf({})).toEqual([]);
    const later = { username: output("postgres"), password: output("later") };
    const unknown = { superuser: later, replication: later, caCertificate: output("later") };
    expect(linesOf({ externalWriter: { ...externalWriter, ...unknown, sslMode: "verify-ca" } })).toEqual([]);
  });

  it("refuse everything at once, and show no secret", () => {
    const wrong = {
      host: "192.0.2.4:5432",
      port: 0,
      caCertificate: "none",
      sslMode: "require",
      superuser: "correct-horse",
      replication: { username: "", password: "" },
      hosts: "192.0.2.4",
    };
    expect(
      linesOf({ externalWriter: wrong, durability: "region", roles: { report: {} }, initSql: {} }),
    ).toEqual([
      'externalWriter.hosts: unknown property, did you mean "host"?',
      'externalWriter.host: must be the DNS name or the IP address by which the regions reach it, not "192.0.2.4:5432"',
      "externalWriter.port: must be a whole number from 1 to 65535, not 0",
      "externalWriter.caCertificate: must be a certificate in PEM",
      'externalWriter.sslMode: must be one of verify-full, verify-ca, not "require"',
      "externalWriter.superuser: must be an object of username and password, not a text",
      "externalWriter.replication.username: must be the name of a role, not an empty text",
      "externalWriter.replication.password: must not be empty",
      "externalWriter.authenticator: is missing: must be an object of username and password",
      'durability: must not be "region" beside externalWriter, whose commits wait for no region',
      "roles: must not be given beside externalWriter, from which all roles come: make them there",
      "initSql: must not be given beside externalWriter, from which all data come",
    ]);
  });

  it("refuse a region of the topology's own", () => {
    const itself = { ...externalWriter, host: "LISBON.example.com", port: 30_432 };
    expect(linesOf({ externalWriter: itself })).toEqual([
      'externalWriter.host: must be outside the topology, not "lisbon.example.com:30432", which is regions.lisbon',
    ]);
  });
});

describe("a Cluster that follows a writer outside", () => {
  const outside = {
    connectionParameters: {
      host: "192.0.2.4",
      port: "30001",
      user: "replicator",
      dbname: "postgres",
      sslmode: "verify-full",
      connect_timeout: "3",
      tcp_user_timeout: "5000",
    },
    sslRootCert: { name: "db-external-writer", key: "ca.crt" },
    password: { name: "db-external-writer", key: "password" },
  };

  it("does so itself in the primary, and through the primary elsewhere", () => {
    expect(specOf("rome").replica).toEqual({ self: "db-rome", primary: "external", source: "external" });
    expect(specOf("lisbon").replica).toEqual({ self: "db-lisbon", primary: "external", source: "db-rome" });
    expect(specOf("lisbon").externalClusters).toContainEqual({ name: "external", ...outside });
  });

  it("is cloned under a name that goes on to be known: the operator looks for it for ever", () => {
    const { bootstrap, externalClusters } = specOf("rome");
    expect(bootstrap).toMatchObject({ pg_basebackup: { source: "upstream" } });
    expect(externalClusters).toContainEqual({ name: "upstream", ...outside });
    expect(specOf("lisbon").externalClusters).toContainEqual(
      expect.objectContaining({ name: "upstream", sslCert: { name: "db-replication", key: "tls.crt" } }),
    );
  });

  it("becomes one of its own by values alone", () => {
    const own: CnpgPostgresArgs = { primary: args.primary, regions: args.regions };
    const varying = { replica: undefined, externalClusters: undefined };
    for (const region of ["rome", "lisbon"]) {
      expect({ ...specOf(region, own), ...varying }).toEqual({ ...specOf(region), ...varying });
      expect(specOf(region, own).replica).toMatchObject({ primary: "db-rome", source: "db-rome" });
    }
  });
});

describe("what a preview says of a writer outside", () => {
  const all = { rome: "active", lisbon: "active" } as const;
  const change = { before: all, after: all, outside: { host: "192.0.2.4", port: 5432 } };

  it("is nothing while the same region follows it", () => {
    expect(followingSteps({ ...change, from: "rome", to: "rome", isLeft: false })).toEqual([]);
  });

  it("is who follows whom", () => {
    expect(followingSteps({ ...change, from: "rome", to: "lisbon", isLeft: false })).toEqual([
      "rome follows lisbon",
      "lisbon follows 192.0.2.4:5432: it is cloned from there if it holds nothing",
    ]);
  });

  it("is the order of a promotion", () => {
    expect(followingSteps({ ...change, from: "rome", to: "rome", isLeft: true })).toEqual([
      "rome has all that 192.0.2.4:5432 has sent, or 192.0.2.4:5432 is gone, or nothing is done",
      "rome is promoted: it writes, and what is written to 192.0.2.4:5432 from then on does not arrive",
      "lisbon follows rome",
    ]);
  });
});
