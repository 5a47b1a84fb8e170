import { CnpgTopology, regionArgs, TestCluster } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { kubeconfigs, kubectl } from "../support/regions";

// Other tests kill the last region at the same time.
const [first, second] = Object.keys(kubeconfigs) as [string, string];
const ports = { old: 31100, imported: 31101, cloned: 31102 };

/** What a database brings when it moves in, and what is made of it. */
describe("a PostgreSQL that was founded with the data of another", () => {
  let old: CnpgTopology;
  let imported: CnpgTopology;
  let cloned: CnpgTopology;

  beforeAll(async () => {
    [old, imported, cloned] = await Promise.all([
      CnpgTopology.create({
        regions: { [first]: regionArgs(first, ports.old) },
        initSql: {
          statements: [
            "CREATE EXTENSION pg_trgm",
            "CREATE TABLE public.things AS SELECT generate_series(1, 1000) AS id",
            "ALTER TABLE public.things OWNER TO app",
          ],
        },
      }),
      CnpgTopology.create({
        regions: {
          [first]: regionArgs(first, ports.imported),
          [second]: regionArgs(second, ports.imported),
        },
        database: { name: "shop", owner: "keeper" },
      }),
      CnpgTopology.create({ primary: second, regions: { [second]: regionArgs(second, ports.cloned) } }),
    ]);
    await old.up();
  });
  afterAll(() => Promise.all([old, imported, cloned].map((each) => each.dispose())));

  const ask = (topology: CnpgTopology, region: string, sql: string, database: string) =>
    new TestCluster(region, topology.args.namespace!, `db-${region}`).psql(sql, database);
  const extensions = "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension";

  test("imports one database of it, and runs SQL after that", async () => {
    const { credentials, caCertificate } = await old.outputs();
    await imported.up({
      origin: {
        import: {
          host: `${first}.example.com`,
          port: ports.old,
          user: "postgres",
          password: credentials["postgres"]!.password,
          caCertificate,
          databases: ["app"],
        },
      },
      initSql: { statements: ["CREATE TABLE public.counted AS SELECT count(*) FROM public.things"] },
      databases: {
        shop: { extensions: { hstore: {} } },
        reports: { schemas: { daily: { owner: "keeper" } }, extensions: { citext: { schema: "daily" } } },
      },
    });
    for (const region of [first, second]) {
      expect(await ask(imported, region, "SELECT count(*) FROM things", "shop")).toBe("1000");
      expect(await ask(imported, region, "SELECT count FROM counted", "shop")).toBe("1000");
    }
    const owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'things'";
    expect(await ask(imported, second, owner, "shop")).toBe("keeper");
  });

  test("gets extensions, and another database, in every region", async () => {
    await eventually(async () => {
      expect(await ask(imported, second, extensions, "shop")).toBe("hstore pg_trgm plpgsql");
      expect(await ask(imported, second, extensions, "reports")).toBe("citext plpgsql");
    });
  });

  test("has the same in the other region once that writes, and makes there what is new", async () => {
    await imported.up({ primary: second });
    expect(await ask(imported, second, "SELECT pg_is_in_recovery()", "shop")).toBe("f");
    await imported.up({ databases: { ...imported.args.databases, stock: {} } });
    await eventually(async () => {
      const names =
        "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate";
      expect(await ask(imported, first, names, "postgres")).toBe("postgres reports shop stock");
    });
    expect(await imported.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("tells nobody how the old one is logged in to", async () => {
    const { credentials } = await old.outputs();
    const { password } = credentials["postgres"]!;
    expect(JSON.stringify(await imported.stack.resources())).not.toContain(password);
    expect(await imported.field(first, ".spec")).not.toContain(password);
  });

  test("keeps its origin: to take it away is refused, and demotes nobody", async () => {
    const { origin, ...args } = imported.args;
    expect(origin).toBeDefined();
    const { code, output } = await imported.stack.tryUp({ db: args });
    expect(code).not.toBe(0);
    expect(output).toContain('must stay "import"');
  });

  test("clones all of it, and goes its own way", async () => {
    const secret = async (key: string) => {
      const template = `{.data.${key.replace(".", "\\.")}}`;
      const args = [`--namespace=${old.args.namespace}`, `--output=jsonpath=${template}`];
      const data = await kubectl(first, "get", "secret", "db-replication", ...args);
      return Buffer.from(data, "base64").toString();
    };
    await cloned.up({
      origin: {
        clone: {
          host: `${first}.example.com`,
          port: ports.old,
          user: "streaming_replica",
          clientCertificate: { certificate: await secret("tls.crt"), privateKey: await secret("tls.key") },
          caCertificate: (await old.outputs()).caCertificate,
        },
      },
    });
    expect(await ask(cloned, second, "SELECT count(*) FROM things", "app")).toBe("1000");
    expect(await ask(cloned, second, "SELECT pg_is_in_recovery()", "app")).toBe("f");
    const { credentials, connectionUri } = await cloned.outputs();
    expect(connectionUri).toContain(credentials["app"]!.password);
    const hash = "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'";
    expect(await ask(cloned, second, hash, "app")).not.toBe(await ask(old, first, hash, "app"));
    expect(await cloned.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });
});
