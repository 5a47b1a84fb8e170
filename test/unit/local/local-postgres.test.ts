import * as pulumi from "@pulumi/pulumi";
import { InputPropertiesError } from "@pulumi/pulumi";
import type { LocalPostgresArgs } from "../../../src/local/args";
import { LocalPostgres } from "../../../src/local/local-postgres";

type Resource = pulumi.runtime.MockResourceArgs;
let registered: Resource[];
const report = { kind: "founding", to: "rome", at: "2026-11-21T05:00:00.000Z" };

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        registered.push(args);
        return { id: args.name, state: { ...args.inputs, ...outputsOf(args) } };
      },
      call: ({ token }) => {
        throw new Error(`no invoke is known, ${token} least of all`);
      },
    },
    "shop",
    "test",
  );
});

const args: LocalPostgresArgs = {
  primary: "rome",
  regions: {
    rome: { port: 5501 },
    lisbon: { port: 5502, host: "127.0.0.1" },
    dublin: { port: 5503, hibernated: true },
    bern: { port: 5504 },
  },
  lost: ["bern"],
  dataDir: "/data",
};

describe("LocalPostgres", () => {
  it("registers a server and a replication for every region, under names that are frozen", async () => {
    await create();
    expect(
      own()
        .map(({ type, name }) => `${type} ${name}`)
        .sort(),
    ).toEqual([
      "multi-region-postgres:index:LocalPostgres db",
      "multi-region-postgres:index:PostgresSecrets db-secrets",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalHandover db-handover",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalReplication db-bern-replication",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalReplication db-dublin-replication",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalReplication db-lisbon-replication",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalReplication db-rome-replication",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalServer db-bern",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalServer db-dublin",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalServer db-lisbon",
      "pulumi-nodejs:dynamic/multi-region-postgres:LocalServer db-rome",
      "pulumi:index:Stash db-founding",
    ]);
  });

  it("makes the same resources whichever region writes", async () => {
    await create();
    const before = registered.map(({ type, name }) => `${type} ${name}`).sort();
    registered = [];
    await create({ primary: "lisbon" });
    expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(before);
  });

  it("is the parent of everything but what its secrets are made of", async () => {
    const db = await create();
    const expected = own()
      .map(({ name }) => name)
      .filter((name) => name !== "db");
    expect(await childrenOf(db)).toEqual(expected.sort());
  });

  it("makes the readers, then hands over, then makes the writer, then looks after replication", async () => {
    await create();
    const order = registered.map(({ name }) => name);
    const place = (name: string) => order.indexOf(name);
    const handover = place("db-handover");
    const readers = ["db-bern", "db-dublin", "db-lisbon"].map(place);
    const replications = ["rome", "lisbon", "dublin", "bern"].map((name) => place(`db-${name}-replication`));
    expect(Math.max(...readers)).toBeLessThan(handover);
    expect(handover).toBeLessThan(place("db-rome"));
    expect(place("db-rome")).toBeLessThan(Math.min(...replications));
  });

  it("hands over before it makes the new writer, whichever that is", async () => {
    await create({ primary: "lisbon" });
    const order = registered.map(({ name }) => name);
    expect(order.indexOf("db-rome")).toBeLessThan(order.indexOf("db-handover"));
    expect(order.indexOf("db-handover")).toBeLessThan(order.indexOf("db-lisbon"));
  });

  it("tells every server what it is and whom to follow", async () => {
    await create({ parameters: { work_mem: "8MB", max_connections: 50, jit: pulumi.output(false) } });
    const shared = {
      primary: { region: "rome", folder: "/data/rome", host: "localhost", port: 5501 },
      parameters: { work_mem: "8MB", max_connections: "50", jit: "false" },
      durability: "local",
      topology: "shop/test/db",
      founding: "rome",
      declared: { bern: true, dublin: true, lisbon: true, rome: true },
      keepData: false,
      database: "app",
      owner: "app",
    };
    expect(inputsOf("db-rome")).toMatchObject({
      ...shared,
      role: "writer",
      activity: "active",
      peers: { lisbon: true },
    });
    expect(inputsOf("db-lisbon")).toMatchObject({
      ...shared,
      role: "reader",
      folder: "/data/lisbon",
      host: "127.0.0.1",
      port: 5502,
      peers: { rome: true },
    });
    expect(inputsOf("db-dublin")).toMatchObject({ ...shared, activity: "hibernated" });
    expect(inputsOf("db-bern")).toMatchObject({ ...shared, activity: "lost" });
  });

  it("gives every server a certificate for the names that it is reached by", async () => {
    await create({ regions: { ...args.regions, rome: { port: 5501, host: "db.example.com" } } });
    expect(inputsOf("db-secrets-server-rome-request")).toMatchObject({
      dnsNames: ["db.example.com", "localhost"],
      ipAddresses: ["127.0.0.1", "::1"],
    });
    expect(plain(inputsOf("db-rome")["certificate"])).toBe(
      "db-secrets-server-rome-certificate's certificate\n",
    );
  });

  it("keeps the log for every region that is not lost, at the writer alone", async () => {
    await create();
    expect(inputsOf("db-rome-replication")["followers"]).toEqual({ dublin: true, lisbon: true });
    expect(inputsOf("db-lisbon-replication")["followers"]).toEqual({});
  });

  it("lets the handover contact every region that is not lost", async () => {
    await create();
    expect(inputsOf("db-handover")).toMatchObject({
      primary: "rome",
      lost: ["bern"],
      regions: {
        rome: { folder: "/data/rome", host: "localhost", port: 5501, hibernated: false },
        lisbon: { folder: "/data/lisbon", host: "127.0.0.1", port: 5502, hibernated: false },
        dublin: { folder: "/data/dublin", host: "localhost", port: 5503, hibernated: true },
      },
    });
    expect(Object.keys(inputsOf("db-handover")["regions"] as object).sort()).toEqual([
      "dublin",
      "lisbon",
      "rome",
    ]);
  });

  it("passes every key and password on as a secret, and certificates, which a preview would print", async () => {
    await create();
    const secret = (name: string) =>
      Object.entries(inputsOf(name)).flatMap(([key, value]) => (isMarked(value) ? [key] : []));
    expect(secret("db-rome").sort()).toEqual([
      "caCertificate",
      "certificate",
      "passwords",
      "privateKey",
      "replicationCertificate",
      "replicationKey",
      "superuserPassword",
    ]);
    expect(secret("db-handover")).toEqual(["caCertificate", "superuserPassword"]);
    expect(secret("db-rome-replication")).toEqual(["caCertificate", "superuserPassword"]);
  });

  it("passes on no password but by `passwords`", async () => {
    await create({
      roles: {
        report: { password: "reporter", memberOf: ["app"], connectionLimit: 3 },
        clerk: { replication: true },
        group: { login: false },
      },
    });
    expect(inputsOf("db-rome")["roles"]).toEqual({
      report: { memberOf: ["app"], connectionLimit: 3 },
      clerk: { replication: true },
      group: { login: false },
    });
    expect(plain(inputsOf("db-rome")["passwords"])).toEqual({
      app: expect.any(String) as string,
      clerk: expect.any(String) as string,
      postgres: expect.any(String) as string,
      report: "reporter",
      streaming_replica: expect.any(String) as string,
    });
  });

  it("gives the regions with their roles and endpoints", async () => {
    const db = await create();
    expect(await value(db.regions)).toEqual({
      bern: { role: "reader", endpoint: { host: "localhost", port: 5504 } },
      dublin: { role: "reader", endpoint: { host: "localhost", port: 5503 } },
      lisbon: { role: "reader", endpoint: { host: "127.0.0.1", port: 5502 } },
      rome: { role: "writer", endpoint: { host: "localhost", port: 5501 } },
    });
    expect(await value(db.writerEndpoint)).toEqual({ host: "localhost", port: 5501 });
  });

  it("gives as readers those that are neither lost nor hibernated", async () => {
    const db = await create();
    expect(await value(db.readerEndpoints)).toEqual({ lisbon: { host: "127.0.0.1", port: 5502 } });
  });

  it("gives one connection string with every region, the writer first and the lost last", async () => {
    const db = await create();
    expect(await value(db.connectionUri)).toBe(
      "postgresql://app:db-secrets-password-app's%20password" +
        "@localhost:5501,localhost:5503,127.0.0.1:5502,localhost:5504/app" +
        "?sslmode=verify-full&sslrootcert=%2Fdata%2Fca.crt&target_session_attrs=read-write" +
        "&connect_timeout=3&tcp_user_timeout=5000&keepalives=1&keepalives_idle=5&keepalives_interval=2" +
        "&keepalives_count=2",
    );
  });

  it("gives a connection string for reads from every region, its own first", async () => {
    const db = await create();
    const hosts = (await value(pulumi.all(db.readOnlyUris))) as Record<string, string>;
    const portsOf = (region: string) => hosts[region]!.match(/:\d+(?=[,/])/g)!.join("");
    expect(Object.keys(hosts).sort()).toEqual(["bern", "dublin", "lisbon", "rome"]);
    expect(portsOf("lisbon")).toBe(":5502:5501:5503:5504");
    expect(portsOf("bern")).toBe(":5504:5501:5503:5502");
    expect(hosts["lisbon"]).toContain("target_session_attrs=any");
  });

  it("gives what holds a password as a secret, and nothing else", async () => {
    const db = await create();
    expect(await pulumi.isSecret(db.connectionUri)).toBe(true);
    expect(await pulumi.isSecret(db.readOnlyUris["lisbon"]!)).toBe(true);
    expect(await pulumi.isSecret(db.credentials)).toBe(true);
    expect(await pulumi.isSecret(db.writerEndpoint)).toBe(false);
    expect(await pulumi.isSecret(db.caCertificate)).toBe(false);
    expect(await pulumi.isSecret(db.handover)).toBe(false);
  });

  it("gives the credentials of the superuser, the owner and further roles, by name", async () => {
    const db = await create({
      database: { owner: "keeper" },
      roles: { report: { password: "reporter" }, group: { login: false } },
    });
    expect(await value(db.credentials)).toEqual({
      postgres: { username: "postgres", password: "db-secrets-password-postgres's password" },
      keeper: { username: "keeper", password: "db-secrets-password-keeper's password" },
      report: { username: "report", password: "reporter" },
    });
  });

  it("gives the authority's certificate and what the last handover was", async () => {
    const db = await create();
    expect(await value(db.caCertificate)).toBe("db-secrets-ca's certificate\n");
    expect(await value(db.handover)).toEqual(report);
  });

  it("keeps data by project, stack and name unless told otherwise", async () => {
    const { dataDir, ...rest } = args;
    expect(dataDir).toBe("/data");
    new LocalPostgres("db", rest);
    await pulumi.runtime.disconnect();
    expect(inputsOf("db-rome")["folder"]).toMatch(/\/multi-region-postgres\/shop\/test\/db\/rome$/);
  });

  it("refuses bad input with one error that lists every failure, before anything is registered", async () => {
    let thrown: unknown;
    try {
      const primary: string = "bern";
      new LocalPostgres("db", { primary, regions: { rome: { port: 80 } }, dataDir: "data" });
    } catch (error) {
      thrown = error;
    }
    await pulumi.runtime.disconnect();
    expect(InputPropertiesError.isInstance(thrown)).toBe(true);
    expect((thrown as InputPropertiesError).message).toBe(
      [
        'LocalPostgres "db": 3 inputs are refused',
        '  primary: must be one of rome, not "bern"',
        "  regions.rome.port: must be a whole number from 1024 to 65535, not 80",
        '  dataDir: must be an absolute path, not "data"',
      ].join("\n"),
    );
    expect(registered).toEqual([]);
  });
});

/** What most tests look at is made once: each time takes the SDK a second. */
let standard: { db: LocalPostgres; registered: Resource[] } | undefined;

async function create(changes?: Partial<LocalPostgresArgs>): Promise<LocalPostgres> {
  if (changes === undefined && standard !== undefined) {
    registered = standard.registered;
    return standard.db;
  }
  const db = new LocalPostgres("db", { ...args, ...changes });
  await pulumi.runtime.disconnect();
  if (changes === undefined) {
    standard = { db, registered };
  }
  return db;
}

/** The names of a resource's children, as the engine tells them. */
async function childrenOf(parent: pulumi.Resource): Promise<string[]> {
  const resources = [
    ...((parent as unknown as { __childResources?: Set<pulumi.Resource> }).__childResources ?? []),
  ];
  const urns = await Promise.all(resources.map(({ urn }) => value(urn) as Promise<string>));
  return urns.map((urn) => urn.split("::").at(-1)!).sort();
}

/** All but the making of secrets, which has a test of its own. */
function own(): Resource[] {
  return registered.filter(({ type }) => !/^(tls|random):/.test(type));
}

function inputsOf(name: string): Record<string, unknown> {
  return registered.find((resource) => resource.name === name)!.inputs as Record<string, unknown>;
}

const mark = "4dabf18193072939515e22adb298388d";

function isMarked(input: unknown): boolean {
  return typeof input === "object" && input !== null && mark in input;
}

function plain(input: unknown): unknown {
  return isMarked(input) ? (input as { value: unknown }).value : input;
}

function outputsOf({ type, name, inputs }: Resource): Record<string, unknown> {
  switch (type.split(":").at(-1)) {
    case "PrivateKey":
      return { privateKeyPem: `${name}'s private key` };
    case "CertRequest":
      return { certRequestPem: `${name}'s request` };
    case "SelfSignedCert":
    case "LocallySignedCert":
      return { certPem: `${name}'s certificate\n` };
    case "RandomPassword":
      return { result: `${name}'s password` };
    case "Stash":
      return { output: (inputs as { input: unknown }).input };
    case "LocalHandover":
      return { report };
    default:
      return {};
  }
}

function value<Value>(input: pulumi.Input<Value>): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}
