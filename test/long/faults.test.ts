import { readFile } from "node:fs/promises";
import { CnpgTopology } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { KubernetesFront } from "../support/kubernetes-front";
import { areOurs, kubeconfigs, kubectl } from "../support/regions";

const [rome, lisbon] = Object.keys(kubeconfigs) as [string, string];
const names = [rome, lisbon];

(areOurs ? describe : describe.skip)("a topology whose regions misbehave", () => {
  let topology: CnpgTopology;
  const fronts: Record<string, KubernetesFront> = {};

  const through = (leads: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      names.map((name) => [name, { ...topology.args.regions[name]!, kubeconfig: leads[name]! }]),
    );
  const field = (region: string, path: string) => topology.field(region, path);
  const insert = (region: string, text: string) =>
    topology.psql(region, `INSERT INTO notes SELECT '${text} ' || n FROM generate_series(1, 1000) n`);
  const count = (region: string) => topology.psql(region, "SELECT count(*) FROM notes");
  const settings = (region: string) => field(region, ".spec.postgresql.parameters");
  const generations = () => Promise.all(names.map((region) => field(region, ".metadata.generation")));

  beforeAll(async () => {
    topology = await CnpgTopology.create({ primary: rome }, names);
    for (const name of names) {
      fronts[name] = await KubernetesFront.before(kubeconfigs[name]!);
    }
    const leads = Object.fromEntries(names.map((name) => [name, fronts[name]!.kubeconfig]));
    await topology.up({ regions: through(leads) });
    await topology.psql(rome, "CREATE TABLE notes (text text)");
    await insert(rome, "first");
  });
  afterAll(async () => {
    Object.values(fronts).forEach((front) => front.failEvery(0));
    await topology.dispose();
    Object.values(fronts).forEach((front) => front.close());
  });

  test("moves its writer while its API servers answer with 429, 500, resets and silence, and loses nothing", async () => {
    fronts[rome]!.failEvery(5, 429, 500, "reset", 503);
    fronts[lisbon]!.failEvery(9, "reset", "silence", 429, 500);
    const report = await topology.underLoad(async () => {
      await topology.up({ primary: lisbon });
    });
    Object.values(fronts).forEach((front) => front.failEvery(0));
    expect(report.lost).toBe(0);
    expect(fronts[rome]!.failed).toEqual(expect.arrayContaining([429, 500, "reset", 503]));
    expect(fronts[lisbon]!.failed).toEqual(expect.arrayContaining(["reset", "silence"]));
    await topology.up({ primary: rome });
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("refuses kubeconfigs that lead elsewhere, before anything is changed", async () => {
    const before = await generations();
    const [own, other] = [fronts[rome]!.kubeconfig, fronts[lisbon]!.kubeconfig];
    const swapped = await topology.tryUp({ regions: through({ [rome]: other, [lisbon]: own }) });
    expect(swapped.code).not.toBe(0);
    expect(swapped.output).toContain(`leads to the Kubernetes cluster of ${lisbon}`);
    expect(swapped.output).not.toContain("--refresh");
    // The same one twice, as two texts.
    const twice = through({ [rome]: own, [lisbon]: await readFile(kubeconfigs[rome]!, "utf8") });
    const doubled = await topology.tryUp({ regions: twice });
    expect(doubled.code).not.toBe(0);
    expect(doubled.output).toMatch(/leads to the same Kubernetes cluster as that of/);
    // The state goes on leading where it did.
    expect(swapped.output + doubled.output).not.toMatch(/~ +pulumi:providers:kubernetes/);
    for (const [region, cluster] of [
      [rome, `db-${lisbon}`],
      [lisbon, `db-${rome}`],
    ] as const) {
      const where = `--namespace=${topology.args.namespace}`;
      await expect(kubectl(region, "get", "cluster", cluster, where)).rejects.toThrow("not found");
    }
    expect(await generations()).toEqual(before);
  });

  test("refuses to move its writer to a region that does not replay, and names that", async () => {
    await topology.psql(lisbon, "SELECT pg_wal_replay_pause()");
    await insert(rome, "paused");
    const refused = await topology.tryUp({ primary: lisbon });
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/the writer stays in .*: .* does not replay: somebody has paused that/);
    expect(await topology.psql(rome, "SELECT pg_is_in_recovery()")).toBe("f");
    await insert(rome, "still writing");
    await topology.psql(lisbon, "SELECT pg_wal_replay_resume()");
  });

  test("refuses parameters that PostgreSQL does not take, in the preview too", async () => {
    const before = await Promise.all(names.map(settings));
    for (const [parameters, message] of [
      [{ work_men: "8MB" }, /unrecognized configuration parameter "work_men"/],
      [{ work_mem: "8XB" }, /invalid value for parameter "work_mem": "8XB"/],
    ] as const) {
      const args = { ...topology.args, parameters: { ...topology.args.parameters, ...parameters } };
      await expect(topology.stack.preview({ db: args })).rejects.toThrow(message);
      const { code, output } = await topology.tryUp({ parameters: args.parameters });
      expect(code).not.toBe(0);
      expect(output).toMatch(message);
    }
    expect(await Promise.all(names.map(settings))).toEqual(before);
    await topology.up({ parameters: { ...topology.args.parameters, work_mem: "8MB" } });
    expect(await topology.psql(lisbon, "SHOW work_mem")).toBe("8MB");
  });

  test("refuses to clone readers from a writer that went back in time", async () => {
    const where = `--namespace=${topology.args.namespace}`;
    const fencing = (on: boolean) =>
      kubectl(
        ...([rome, "annotate", "cluster", `db-${rome}`, where, "--overwrite"] as const),
        on ? 'cnpg.io/fencedInstances=["*"]' : "cnpg.io/fencedInstances-",
      );
    const inPod = (script: string) =>
      kubectl(rome, "exec", where, `db-${rome}-1`, "--container=postgres", "--", "sh", "-ec", script);
    const stopped = () =>
      eventually(async () => {
        await inPod("! test -e $PGDATA/postmaster.pid");
      }, 60);
    const running = () =>
      eventually(async () => {
        await topology.psql(rome, "SELECT 1");
      }, 120);
    await fencing(true);
    await stopped();
    await inPod("cp -a $PGDATA $PGDATA.older");
    await fencing(false);
    await running();
    await insert(rome, "that the copy has not");
    const rows = await count(rome);
    await eventually(async () => expect(await count(lisbon)).toBe(rows), 60);
    await fencing(true);
    await stopped();
    await inPod("mv $PGDATA $PGDATA.newer && mv $PGDATA.older $PGDATA");
    await fencing(false);
    await running();
    expect(await count(rome)).not.toBe(rows);

    const refused = await topology.tryUp();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(
      new RegExp(
        `${lisbon} is ahead of ${rome}: it has got to [0-9A-F]+/[0-9A-F]+ .* only to [0-9A-F]+/[0-9A-F]+`,
      ),
    );
    expect(await count(lisbon)).toBe(rows);
    // As the refusal says.
    await topology.up({ primary: lisbon, lost: [rome] });
    await topology.up({ lost: [] });
    expect(await Promise.all(names.map(count))).toEqual([rows, rows]);
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });
});
