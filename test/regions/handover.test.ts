import { setTimeout as sleep } from "node:timers/promises";
import { formatReport } from "../../src/drill";
import { CnpgTopology } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { areOurs, kubeconfigs, kubectl, regions } from "../support/regions";

const names = Object.keys(kubeconfigs);
// The last one is the first to write: it is the one that is killed.
const [second, third, first] = names as [string, string, string];

(areOurs ? describe : describe.skip)("one PostgreSQL over Kubernetes regions", () => {
  let topology: CnpgTopology;

  beforeAll(async () => {
    topology = await CnpgTopology.create({ primary: first });
  });
  afterAll(async () => {
    await regions("up", ...names);
    await topology.dispose();
  });

  test("is created, and every reader streams", async () => {
    await topology.up();
    for (const region of names) {
      expect(await topology.field(region, ".status.phase")).toBe("Cluster in healthy state");
      expect(await topology.psql(region, "SELECT pg_is_in_recovery()")).toBe(region === first ? "f" : "t");
    }
    expect(await topology.psql(first, "SELECT count(*) FROM pg_stat_replication")).toBe(
      String(names.length - 1),
    );
  });

  test("tells nobody a secret", async () => {
    const { credentials } = await topology.outputs();
    const state = JSON.stringify(await topology.stack.resources());
    const told = [state, await topology.stack.preview({ db: topology.args }, "--diff")];
    const secrets = [
      ...Object.values(credentials).map(({ password }) => password),
      "PRIVATE KEY",
      "client-key-data",
    ];
    for (const secret of secrets) {
      expect(told.some((text) => text.includes(secret))).toBe(false);
    }
  });

  test("is left as it is by a second update", async () => {
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("tells in the preview what a handover will do, in order", async () => {
    const preview = await topology.stack.preview({ db: { ...topology.args, primary: second } }, "--diff");
    const said = ["nothing is done", `${first} becomes a reader`, `${second} is promoted`].map((text) =>
      preview.indexOf(text),
    );
    expect(said).toEqual([...said].sort((a, b) => a - b));
    expect(said).not.toContain(-1);
  });

  test("moves its writer and loses nothing, to any region and back", async () => {
    const identities = async () =>
      (await topology.stack.resources()).map(({ urn, id }) => `${urn} ${id ?? ""}`);
    const before = await identities();
    const report = await topology.underLoad(async (drill) => {
      for (const primary of [second, third, first]) {
        drill.marker(`to ${primary}`);
        await topology.up({ primary });
      }
    });
    console.log(formatReport(report).join("\n"));
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect((await topology.outputs()).handover).toMatchObject({ kind: "switchover", from: third, to: first });
    expect((await identities()).sort()).toEqual(before.sort());
  });

  test("loses nothing if the two regions are cut off from each other in the midst of it", async () => {
    const report = await topology.underLoad(async (drill) => {
      const update = topology.up({ primary: second });
      update.catch(() => undefined); // it is awaited below
      await eventually(async () => {
        expect(await topology.field(first, ".spec.replica.primary")).toBe(`db-${second}`);
      }, 60);
      await regions("partition", first, second);
      drill.marker("cut off");
      try {
        await sleep(10_000);
      } finally {
        await regions("join", first, second);
      }
      drill.marker("joined");
      await update;
    });
    console.log(formatReport(report).join("\n"));
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(await topology.psql(second, "SELECT pg_is_in_recovery()")).toBe("f");
    await topology.up({ primary: first });
  });

  describe("whose writer's region is killed", () => {
    test("writes elsewhere once that region is named as lost", async () => {
      await topology.up({ durability: "region" });
      const report = await topology.underLoad(async (drill) => {
        drill.marker(`${first} is killed`);
        await regions("kill", first);
        await topology.up({ primary: second, lost: [first] });
      });
      console.log(formatReport(report).join("\n"));
      expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
      expect((await topology.outputs()).handover).toMatchObject({
        kind: "failover",
        from: first,
        to: second,
      });
    });

    test("takes it back as a reader, cloned afresh, and as the writer then", async () => {
      await regions("heal", first);
      await topology.up({ lost: [] });
      expect(await topology.psql(first, "SELECT pg_is_in_recovery()")).toBe("t");
      const volumes = await kubectl(first, "get", "persistentvolumes", "--output=json");
      expect(volumes).toContain(
        `"multi-region-postgres/retained-from": "${topology.args.namespace}/db-${first}"`,
      );
      await topology.up({ primary: first });
      expect(await topology.psql(first, "SELECT pg_is_in_recovery()")).toBe("f");
    });
  });
});
