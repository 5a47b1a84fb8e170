import type { CnpgPostgresArgs } from "../../src/cnpg";
import { formatReport } from "../../src/drill";
import { CnpgTopology, regionArgs } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { TestObjectStore } from "../support/object-store";
import { apply } from "../support/outside";
import { kubeconfigs, kubectl } from "../support/regions";

// Other tests kill the last region at the same time.
const [first, second] = Object.keys(kubeconfigs) as [string, string];
const ports = { store: 31120, kept: 31121, recovered: 31122, earlier: 31123 };
const bucket = "backups";
/** In seconds. Each file of the log takes a process, and those are slow where others keep the machine busy. */
const patience = 400;

/** An object store, what is kept in it, and what comes out of it again. */
describe("a PostgreSQL that is backed up", () => {
  let store: TestObjectStore;
  let kept: CnpgTopology;
  let recovered: CnpgTopology;
  let earlier: CnpgTopology;
  /** Between the first rows and the last. */
  let between: string;

  beforeAll(async () => {
    store = await TestObjectStore.start(first, ports.store);
    [kept, recovered, earlier] = await Promise.all([
      CnpgTopology.create({ ...regionsAt(ports.kept), ...backedUpTo("kept") }),
      CnpgTopology.create({ ...regionsAt(ports.recovered), ...backedUpTo("recovered") }),
      CnpgTopology.create({
        primary: second,
        regions: { [second]: regionArgs(second, ports.earlier) },
        sharedSecrets: { store: store.credentials },
      }),
    ]);
    const { defaults, regions } = kept.args;
    const backup = { ...defaults!.backup!, schedule: "0 */2 * * * *" };
    await kept.up({ regions: { ...regions, [second]: { ...regions[second]!, backup } } });
  });
  afterAll(async () => {
    await Promise.all([kept, recovered, earlier].map((each) => each?.dispose()));
    await store?.remove();
  });

  const regionsAt = (port: number): Pick<CnpgPostgresArgs, "regions"> => ({
    regions: { [first]: regionArgs(first, port), [second]: regionArgs(second, port) },
  });
  const place = (folder: string) => ({
    destinationPath: `s3://${bucket}/${folder}`,
    endpointUrl: store.endpointUrl,
    credentials: { secret: "store", keys: { accessKeyId: "ID", secretAccessKey: "KEY" } },
  });
  const backedUpTo = (folder: string): Pick<CnpgPostgresArgs, "defaults" | "sharedSecrets"> => ({
    sharedSecrets: { store: store.credentials },
    defaults: {
      storage: { size: "1Gi" },
      backup: {
        ...place(folder),
        retention: "7d",
        walCompression: "gzip",
        dataCompression: "gzip",
      },
    },
  });

  const listed = (folder: string, region: string, part: "base" | "wals") =>
    store.list(`${bucket}/${folder}/db-${region}/${part}`);
  const count = "SELECT count(*) FROM things";

  /** Takes a base backup at once, and waits for it. */
  async function backUp(region: string, name: string): Promise<void> {
    const { namespace } = kept.args;
    const backup = {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Backup",
      metadata: { name, namespace },
      spec: {
        cluster: { name: `db-${region}` },
        method: "plugin",
        pluginConfiguration: { name: "barman-cloud.cloudnative-pg.io" },
      },
    };
    await apply(region, [backup]);
    await eventually(async () => {
      const field = "--output=jsonpath={.status.phase}{.status.error}";
      expect(await kubectl(region, "get", "backup", name, `--namespace=${namespace}`, field)).toBe(
        "completed",
      );
    }, patience);
  }

  /** Waits until all that has been written in a region is in the store. */
  async function archive(topology: CnpgTopology, folder: string, region: string): Promise<void> {
    // A file of the log that is empty is none that ends.
    const written = "pg_logical_emit_message(false, '', '')";
    const file = await topology.psql(region, `SELECT pg_walfile_name(pg_switch_wal()) FROM ${written}`);
    await eventually(async () => {
      expect((await listed(folder, region, "wals")).join("\n")).toContain(`${file}.gz`);
    }, patience);
  }

  test("has a base backup and its log in the store, compressed", async () => {
    await kept.psql(first, "CREATE TABLE things AS SELECT generate_series(1, 1000) AS id");
    await backUp(first, "by-hand");
    expect((await listed("kept", first, "base")).map((file) => file.split("/")[1])).toEqual(
      expect.arrayContaining(["backup.info", "data.tar.gz"]),
    );
    between = await kept.psql(
      first,
      `SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    );
    await kept.psql(first, "INSERT INTO things SELECT generate_series(1001, 1500)");
    await archive(kept, "kept", first);
  });

  test("is backed up when it is time, in a region that reads", async () => {
    const phases = () =>
      kubectl(
        ...[second, "get", "backups", `--namespace=${kept.args.namespace}`],
        "--selector=cnpg.io/scheduled-backup=db-backup",
        "--output=jsonpath={.items[*].status.phase}",
      );
    await eventually(async () => {
      expect(await phases()).toMatch(/started|completed/);
    }, patience);
    // It lasts until a file of the log is full, which takes as long as the writer takes.
    await archive(kept, "kept", first);
    await eventually(async () => {
      expect(await phases()).toContain("completed");
    }, patience);
    expect((await listed("kept", second, "base")).join("\n")).toContain("data.tar.gz");
  });

  test("hands over with nothing lost, and goes on with the archive of each region", async () => {
    const report = await kept.underLoad(async (drill) => {
      for (const primary of [second, first]) {
        drill.marker(`to ${primary}`);
        await kept.up({ primary });
        await kept.psql(primary, "INSERT INTO things SELECT generate_series(1, 250)");
        await archive(kept, "kept", primary);
      }
    });
    console.log(formatReport(report).join("\n"));
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(await kept.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  }, 1_200_000);

  test("is recovered with all that was archived, handovers ago as well, in every region of another one", async () => {
    await recovered.up({ origin: { recovery: { ...place("kept"), serverName: `db-${first}` } } });
    for (const region of [first, second]) {
      expect(await recovered.psql(region, count)).toBe("2000");
    }
    const hash = "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'";
    expect(await recovered.psql(first, hash)).not.toBe(await kept.psql(first, hash));
    const { lost, acknowledged } = await recovered.underLoad(async () => undefined);
    expect({ lost, acknowledged }).toEqual({ lost: 0, acknowledged: expect.any(Number) as number });
    await archive(recovered, "recovered", first);
    expect(await recovered.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("is recovered as it was at a time, and without being backed up itself", async () => {
    const recovery = { ...place("kept"), serverName: `db-${first}`, targetTime: between };
    await earlier.up({ origin: { recovery } });
    expect(await earlier.psql(second, count)).toBe("1000");
    expect(await earlier.psql(second, "SELECT pg_is_in_recovery()")).toBe("f");
    expect(await earlier.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });
});
