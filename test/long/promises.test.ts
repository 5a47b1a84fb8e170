import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { formatReport, type DrillReport } from "../../src/drill";
import { CnpgTopology, regionArgs } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { areOurs, kubeconfigs, kubectl } from "../support/regions";

const [first, second, third] = Object.keys(kubeconfigs) as [string, string, string];
const port = 30447;

(areOurs ? describe : describe.skip)("What a topology of Kubernetes regions promises", () => {
  let topology: CnpgTopology;
  const everywhere = {
    [first]: { ...regionArgs(first, port), instances: 3 },
    [second]: regionArgs(second, port),
    [third]: regionArgs(third, port),
  };
  const { [third]: added, ...two } = everywhere;

  beforeAll(async () => {
    topology = await CnpgTopology.create({ primary: first, regions: two, durability: "region" }, [
      first,
      second,
    ]);
    await topology.up();
  });
  afterAll(() => topology.dispose());

  const namespace = () => `--namespace=${topology.args.namespace}`;
  const recovers = (region: string) => topology.psql(region, "SELECT pg_is_in_recovery()");
  const annotation = (region: string, name: string) =>
    topology.field(region, `.metadata.annotations.${name.replaceAll(".", "\\.")}`);

  function nothingLost(report: DrillReport): void {
    console.log(formatReport(report).join("\n"));
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(report.acknowledged).toBeGreaterThan(0);
  }

  test("a region that is added and named primary is refused in the preview", async () => {
    const changed = { ...topology.args, regions: everywhere, primary: third };
    await expect(topology.stack.preview({ db: changed })).rejects.toThrow(`${third} has no Cluster`);
    await topology.up({ regions: { ...two, [third]: added! } });
  });

  test("the instance that leads is killed twice, the operator promotes another, and no acknowledged row is lost", async () => {
    const report = await topology.underLoad(async (drill) => {
      for (const time of ["first", "second"]) {
        const leader = await topology.field(first, ".status.currentPrimary");
        await kubectl(first, "delete", "pod", leader, namespace(), "--grace-period=0", "--force");
        drill.marker(`${leader} is killed, the ${time} time`);
        await eventually(async () => {
          expect(await topology.field(first, ".status.currentPrimary")).not.toBe(leader);
          expect(await recovers(first)).toBe("f");
        }, 120);
        await eventually(async () => {
          expect(await topology.field(first, ".status.phase")).toBe("Cluster in healthy state");
        }, 180);
      }
    });
    nothingLost(report);
    await topology.up();
  });

  test("a reader that is hibernated or removed in the update that fails over is refused in the preview", async () => {
    const changed = { ...topology.args, primary: second, lost: [first], durability: "local" as const };
    const [hibernated, removed] = [
      { ...everywhere, [third]: { ...added!, hibernated: true } },
      { [first]: everywhere[first]!, [second]: everywhere[second]! },
    ];
    for (const regions of [hibernated, removed]) {
      await expect(topology.stack.preview({ db: { ...changed, regions } })).rejects.toThrow(
        `${third} must stay active in an update that fails over`,
      );
    }
  });

  test("a failover that fails half-way fences the writer, and is taken back by the arguments of before", async () => {
    const claim = "multi-region-postgres/next-writer";
    const cluster = ["cluster", `db-${second}`, namespace()];
    await kubectl(second, "annotate", ...cluster, `${claim}=99 paris`);
    const report = await topology.underLoad(async () => {
      const { code, output } = await topology.tryUp({ primary: second, lost: [first] });
      expect(code).not.toBe(0);
      expect(output).toContain("and paris is not in regions");
      expect(await annotation(first, "multi-region-postgres/fenced-for")).toBe(second);
      await expect(topology.psql(first, "SELECT 1")).rejects.toThrow(/No such file/);
      await kubectl(second, "annotate", ...cluster, `${claim}-`);
      await topology.up({ primary: first, lost: [] });
    });
    nothingLost(report);
    expect([await recovers(first), await recovers(second)]).toEqual(["f", "t"]);
    expect(await annotation(first, "multi-region-postgres/fenced-for")).toBe("");
  });

  test("of two updates from two states that move the writer to two regions, at most one promotes", async () => {
    const other = await CnpgTopology.create(topology.args, [first, second, third], "by the CLI");
    await cp(join(topology.stack.folder, "state"), join(other.stack.folder, "state"), { recursive: true });
    const args = topology.args;
    const report = await topology.underLoad(async () => {
      const results = await Promise.all([
        topology.tryUp({ primary: second }),
        other.tryUp({ ...args, primary: third }),
      ]);
      expect(results.map(({ code }) => code)).not.toEqual([0, 0]);
      const writers = await Promise.all([first, second, third].map(recovers));
      expect(writers.filter((answer) => answer === "f").length).toBeLessThan(2);
      await eventually(() => topology.up({ primary: second }), 120);
    });
    nothingLost(report);
    expect(await Promise.all([first, second, third].map(recovers))).toEqual(["t", "f", "t"]);
    // What the second state knows is the first one's to destroy.
    await rm(other.stack.folder, { recursive: true });
    await topology.up({ primary: first });
  });

  test("a lost writer that can be reached is down before the next one is promoted", async () => {
    const report = await topology.underLoad(async () => {
      await topology.up({ primary: second, lost: [first], durability: "local" });
    });
    nothingLost(report);
    await topology.up({ lost: [] });
    expect(await Promise.all([first, second, third].map(recovers))).toEqual(["t", "f", "t"]);
  });

  test("a move leaves logical slots where they are, empties unlogged tables, and says so in the preview", async () => {
    const sql = "CREATE UNLOGGED TABLE scratch AS SELECT 1 AS one";
    await topology.psql(second, sql);
    const changed = { ...topology.args, primary: third };
    expect(await topology.stack.preview({ db: changed }, "--diff")).toContain(
      `unlogged tables are empty in ${third}, and logical replication slots of ${second} are not in ${third}`,
    );
    await topology.up({ primary: third });
    expect(await topology.psql(third, "SELECT count(*) FROM scratch")).toBe("0");
  });
});
