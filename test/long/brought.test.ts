import { CnpgTopology, regionArgs, TestCluster } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { openssl } from "../support/openssl";
import { apply } from "../support/outside";
import { kubeconfigs, kubectl } from "../support/regions";
import { brought } from "../unit/secrets/brought";

// Other tests kill the last region at the same time.
const names = Object.keys(kubeconfigs).slice(0, 2) as [string, string];
const [first, second] = names;
const ports = { own: 31_140, moved: 31_141 };

/** A namespace that is there before the topology, with the user's certificates and SQL in it. */
describe("a PostgreSQL in a namespace of the user's", () => {
  let own: CnpgTopology;
  let moved: CnpgTopology;

  beforeAll(async () => {
    own = await CnpgTopology.create({
      regions: Object.fromEntries(names.map((name) => [name, regionArgs(name, ports.own)])),
      createNamespace: false,
      certificates: {
        ca: "company-ca",
        server: "company-server",
        replication: "company-replication",
        caCertificate: brought.ca.certificate,
      },
      initSql: {
        statements: ["CREATE TABLE public.steps AS SELECT 1 AS step"],
        configMaps: [{ name: "steps", key: "second.sql" }],
      },
      roles: { clerk: {} },
      databases: { stock: { owner: "clerk", schemas: { daily: {} } } },
    });
    moved = await CnpgTopology.create({
      primary: second,
      regions: { [second]: regionArgs(second, ports.moved) },
      database: { name: "shop", owner: "keeper" },
    });
    for (const region of names) {
      await apply(region, objects(region, own.args.namespace!));
    }
    await own.up();
  });
  afterAll(async () => {
    await Promise.all([own, moved].map((each) => each.dispose()));
    for (const region of names) {
      await kubectl(region, "delete", "namespace", own.args.namespace!, "--ignore-not-found");
    }
  });

  const ask = (topology: CnpgTopology, region: string, sql: string, database: string) =>
    new TestCluster(region, topology.args.namespace!, `db-${region}`).psql(sql, database);

  test("runs the SQL of a ConfigMap after the statements, and a reader has what came of it", async () => {
    for (const region of names) {
      expect(await ask(own, region, "SELECT string_agg(step::text, ' ') FROM steps", "app")).toBe("1 2");
    }
  });

  test("shows and verifies the certificates that the secrets hold, whoever writes", async () => {
    for (const primary of [second, first]) {
      const report = await own.underLoad(async () => void (await own.up({ primary })));
      expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    }
    const subject = "SELECT client_dn FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)";
    expect(await own.psql(first, subject)).toBe("/CN=streaming_replica");
    expect(await own.field(second, ".spec.certificates.serverTLSSecret")).toBe("company-server");
  });

  test("makes no certificate, and keeps no key, of its own", async () => {
    const secrets = await kubectl(
      first,
      "get",
      "secrets",
      `--namespace=${own.args.namespace}`,
      "--output=name",
    );
    expect(secrets.trim().split("\n").sort()).toEqual(
      [
        ...["company-ca", "company-replication", "company-server"],
        ...["app", "clerk", "postgres"].map((role) => `db-role-${role}`),
      ].map((name) => `secret/${name}`),
    );
  });

  test("moves in elsewhere with all its databases and roles, and their passwords", async () => {
    await eventually(() => ask(own, first, "SELECT 1", "stock"), 60);
    await ask(own, first, "CREATE TABLE daily.counts AS SELECT generate_series(1, 500) AS id", "stock");
    const { credentials } = await own.outputs();
    await moved.up({
      origin: {
        import: {
          type: "monolith",
          host: `${first}.example.com`,
          port: ports.own,
          user: "postgres",
          password: credentials["postgres"]!.password,
          caCertificate: brought.ca.certificate,
          databases: ["*"],
          roles: ["*"],
        },
      },
    });
    expect(await ask(moved, second, "SELECT count(*) FROM daily.counts", "stock")).toBe("500");
    expect(await ask(moved, second, "SELECT count(*) FROM steps", "app")).toBe("2");
    const owners =
      "SELECT string_agg(datname || ' of ' || pg_get_userbyid(datdba), ', ' ORDER BY datname) FROM pg_database " +
      "WHERE NOT datistemplate AND datname <> 'postgres'";
    expect(await ask(moved, second, owners, "postgres")).toBe("app of app, shop of keeper, stock of clerk");
    const hash = "SELECT rolpassword FROM pg_authid WHERE rolname = 'clerk'";
    expect(await ask(moved, second, hash, "postgres")).toBe(await ask(own, first, hash, "postgres"));
    expect(await moved.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });
});

function objects(region: string, namespace: string): object[] {
  const object = (kind: string, name: string, content: object) => ({
    apiVersion: "v1",
    kind,
    metadata: { name, namespace },
    ...content,
  });
  const keyPair = (name: string, certificate: string, privateKey: string) =>
    object("Secret", name, {
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificate, "tls.key": privateKey },
    });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    object("Secret", "company-ca", { stringData: { "ca.crt": brought.ca.certificate } }),
    keyPair("company-server", signed([`${region}.example.com`, `db-${region}-rw`]), brought.rome.privateKey),
    keyPair("company-replication", brought.replication.certificate, brought.replication.privateKey),
    object("ConfigMap", "steps", { data: { "second.sql": "INSERT INTO public.steps VALUES (2)" } }),
  ];
}

/** A server's certificate by the user's authority. */
function signed(hosts: readonly string[]): string {
  const names = hosts.map((host) => `DNS:${host}`).join(",");
  return openssl(
    `req -x509 -key @server.key -days 2 -subj /CN=server -addext subjectAltName=${names} -CA @ca.crt -CAkey @ca.key`,
    {
      "server.key": brought.rome.privateKey,
      "ca.crt": brought.ca.certificate,
      "ca.key": brought.ca.privateKey,
    },
  );
}
