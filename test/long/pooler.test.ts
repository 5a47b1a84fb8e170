import type { CnpgPostgresArgs } from "../../src/cnpg";
import { CnpgTopology, regionArgs } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { kubeconfigs, kubectl } from "../support/regions";

const [first, second] = Object.keys(kubeconfigs) as [string, string];
const port = 31_120;

describe("poolers, and certificates by choice", () => {
  let topology: CnpgTopology;

  beforeAll(async () => {
    const region = (name: string, more: Partial<CnpgPostgresArgs["regions"][string]>) => ({
      ...regionArgs(name, port),
      ...more,
    });
    topology = await CnpgTopology.create({
      primary: first,
      certificates: "operator",
      regions: {
        [first]: region(first, { instances: 2, poolers: { readWrite: {}, readOnly: {} } }),
        [second]: region(second, { poolers: { readWrite: { poolMode: "transaction" } } }),
      },
    });
    await topology.up();
    await through(first, "rw", "CREATE TABLE names (name text)");
  });
  afterAll(() => topology.dispose());

  /** What psql in a pod of the region says, connected as the owner. TLS is verified, names included. */
  async function through(region: string, type: "rw" | "ro", sql: string): Promise<string> {
    const { password } = (await topology.outputs()).credentials["app"]!;
    const pod = await topology.field(region, ".status.currentPrimary");
    const pooler = `host=db-${region}-pooler-${type} user=app dbname=app connect_timeout=5`;
    const tls = "sslmode=verify-full sslrootcert=/controller/certificates/server-ca.crt";
    const exec = ["exec", `--namespace=${topology.args.namespace}`, pod, "--container=postgres", "--"];
    const psql = ["env", `PGPASSWORD=${password}`, "psql", "--no-psqlrc", "-qAtc", sql, `${pooler} ${tls}`];
    let answer = "";
    await eventually(async () => (answer = await kubectl(region, ...exec, ...psql)), 60);
    return answer.trim();
  }

  async function expectToWork(writer: string, reader: string, name: string): Promise<void> {
    await through(writer, "rw", `INSERT INTO names VALUES ('${name}')`);
    const found = `SELECT count(*), pg_is_in_recovery() FROM names WHERE name = '${name}'`;
    expect(await through(writer, "rw", found)).toBe("1|f");
    await eventually(async () => expect(await through(first, "ro", found)).toBe("1|t"), 30);
    await eventually(async () => expect(await through(reader, "rw", found)).toBe("1|t"), 30);
    const streaming = `SELECT count(*) FROM pg_stat_replication WHERE application_name = 'db-${reader}'`;
    await eventually(async () => expect(await topology.psql(writer, streaming)).toBe("1"), 30);
  }

  test("work in both regions, by certificates that the operator has issued", async () => {
    expect(await topology.field(first, ".status.certificates.replicationTLSSecret")).toBe(
      `db-${first}-replication`,
    );
    await expectToWork(first, second, "founded");
  });

  test("work after a switchover", async () => {
    await topology.up({ primary: second });
    await expectToWork(second, first, "moved");
  });

  test("work with shared certificates, which take their place without a restart", async () => {
    const started = () => topology.psql(second, "SELECT pg_postmaster_start_time()");
    const before = await started();
    await topology.up({ certificates: "shared" });
    expect(await topology.field(second, ".spec.certificates.serverTLSSecret")).toBe("db-server");
    await expectToWork(second, first, "shared");
    expect(await started()).toBe(before);
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });
});
