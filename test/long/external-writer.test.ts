import { randomBytes } from "node:crypto";
import { TestCluster } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { exampleStack } from "../support/example";
import { apply, OutsideServer } from "../support/outside";
import type { ProgramStack } from "../support/program-stack";
import { kubeconfigs, kubectl } from "../support/regions";

const [rome, lisbon] = Object.keys(kubeconfigs) as [string, string];
const namespace = `replica-${randomBytes(3).toString("hex")}`;
const clusters = {
  rome: new TestCluster(rome, namespace, "my-db-rome"),
  lisbon: new TestCluster(lisbon, namespace, "my-db-lisbon"),
};
const passwords = { superuser: "Correct 'horse\\", replication: "battery-staple", authenticator: "a:b@c/d" };

// As StackGres's guide makes them.
const roles = `
  ALTER ROLE postgres PASSWORD '${passwords.superuser.replaceAll("'", "''")}';
  CREATE ROLE replicator LOGIN REPLICATION PASSWORD '${passwords.replication}';
  CREATE ROLE authenticator SUPERUSER LOGIN PASSWORD '${passwords.authenticator}';
`;
const users = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "mysecrets-db", namespace },
  stringData: {
    "superuser-username": "postgres",
    "superuser-password": passwords.superuser,
    "replication-username": "replicator",
    "replication-password": passwords.replication,
    "authenticator-username": "authenticator",
    "authenticator-password": passwords.authenticator,
  },
};

/** StackGres's guide to an external replica, and what comes after it. */
describe("the example of regions that follow a server outside", () => {
  let stack: ProgramStack<object>;
  let server: OutsideServer;

  beforeAll(async () => {
    server = await OutsideServer.start(lisbon, 31140);
    await server.psql(roles, "postgres");
    await server.psql("CREATE DATABASE app OWNER authenticator", "postgres");
    await server.psql("CREATE TABLE cities AS SELECT 'before' AS name", "app");
    // A clone begins with a checkpoint, for which a server takes its time.
    await server.psql("CHECKPOINT", "postgres");
    const space = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
    await Promise.all([apply(rome, [space, users]), apply(lisbon, [space])]);
    const { host, port, caCertificate } = server;
    stack = await exampleStack(
      "stackgres-external-replica",
      {
        namespace,
        romeHost: `${rome}.example.com`,
        lisbonHost: `${lisbon}.example.com`,
        port: "31141",
        replicateFrom: JSON.stringify({ host, port, caCertificate }),
        additionalCidrs: '["198.18.0.0/15"]',
        instances: "1",
        storage: "4Gi",
        protect: "false",
      },
      { romeKubeconfig: kubeconfigs[rome]!, lisbonKubeconfig: kubeconfigs[lisbon]! },
    );
  });
  afterAll(async () => {
    await stack.dispose();
    await server.remove();
    await Promise.all([rome, lisbon].map((region) => kubectl(region, "delete", "namespace", namespace)));
  });

  const identities = async () => {
    const { deployment } = JSON.parse(await stack.pulumi("stack", "export")) as {
      deployment: { resources: { urn: string; id?: string }[] };
    };
    return deployment.resources.map(({ urn, id }) => `${urn} ${id ?? ""}`).sort();
  };
  const cities = (region: keyof typeof clusters) =>
    clusters[region].psql("SELECT string_agg(name, ',') FROM cities", "app");
  const arrives = (rows: string) =>
    eventually(async () => {
      expect(await Promise.all([cities("rome"), cities("lisbon")])).toEqual([rows, rows]);
    });

  test("follow it, one behind the other, and only read", async () => {
    await stack.up();
    await server.psql("INSERT INTO cities VALUES ('while')", "app");
    await arrives("before,while");
    const streams = "SELECT string_agg(application_name, ',') FROM pg_stat_replication";
    expect(await server.psql(streams, "postgres")).toBe("my-db-rome");
    expect(await clusters.rome.psql(streams)).toBe("my-db-lisbon");
    for (const cluster of Object.values(clusters)) {
      await expect(cluster.psql("INSERT INTO cities VALUES ('here')", "app")).rejects.toThrow(/read-only/);
    }
    const { handover, connectionUri, regions } = await stack.outputs();
    expect(handover).toMatchObject({ kind: "following", to: "rome" });
    expect(regions).toMatchObject({ rome: { role: "reader" }, lisbon: { role: "reader" } });
    expect(connectionUri).toContain(`@${server.host}:${server.port},`);
  });

  test("are left as they are by a second update", async () => {
    expect(await stack.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("tell nobody a password", async () => {
    const told = [await stack.pulumi("stack", "export"), await stack.pulumi("preview", "--diff")];
    const quoted = Object.values(passwords).map((secret) => JSON.stringify(secret).slice(1, -1));
    expect(quoted.filter((secret) => told.some((text) => text.includes(secret)))).toEqual([]);
  });

  test("turn round: the other one follows the server, and nothing is promoted", async () => {
    await stack.pulumi("config", "set", "primary", "lisbon");
    await stack.up();
    await server.psql("INSERT INTO cities VALUES ('turned')", "app");
    await arrives("before,while,turned");
    expect(await clusters.lisbon.psql("SELECT timeline_id FROM pg_control_checkpoint()")).toBe("1");
    await stack.pulumi("config", "set", "primary", "rome");
    await stack.up();
  });

  test("leave it, and are a topology of their own", async () => {
    const before = await identities();
    await server.psql("INSERT INTO cities VALUES ('last')", "app");
    await stack.pulumi("config", "rm", "replicateFrom");
    expect(await stack.pulumi("preview", "--diff")).toContain("rome is promoted");
    await stack.up();
    const { handover, connectionUri } = await stack.outputs();
    expect(handover).toMatchObject({ kind: "promotion", to: "rome", arrived: { lsn: expect.any(String) } });
    expect(connectionUri).toMatch(new RegExp(`^postgresql://authenticator:[^@]*@${rome}.example.com:31141,`));
    const kept = before.filter((identity) => !identity.includes("-external-writer "));
    expect(await identities()).toEqual(expect.arrayContaining(kept));
    await clusters.rome.psql("INSERT INTO cities VALUES ('own')", "app");
    await server.psql("INSERT INTO cities VALUES ('theirs')", "app");
    await arrives("before,while,turned,last,own");
    expect(await stack.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("move their writer as ever", async () => {
    await stack.pulumi("config", "set", "primary", "lisbon");
    await stack.up();
    expect((await stack.outputs())["handover"]).toMatchObject({
      kind: "switchover",
      from: "rome",
      to: "lisbon",
    });
    await clusters.lisbon.psql("INSERT INTO cities VALUES ('lisbon')", "app");
    await arrives("before,while,turned,last,own,lisbon");
  });
});
