import { CnpgTopology, regionArgs } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { kubeconfigs, kubectl } from "../support/regions";

// Other tests kill the last region at the same time.
const [first, second] = Object.keys(kubeconfigs) as [string, string];
const port = 30442;
const args = (region: string) => regionArgs(region, port);

/** One topology, from its first region to its last: each test goes on where the one before stopped. */
describe("a PostgreSQL over Kubernetes regions, in the course of its life", () => {
  let topology: CnpgTopology;

  beforeAll(async () => {
    topology = await CnpgTopology.create({ regions: { [first]: args(first) } });
    await topology.up();
  });
  afterAll(() => topology.dispose());

  const namespace = () => `--namespace=${topology.args.namespace}`;
  const recovers = (region: string) => topology.psql(region, "SELECT pg_is_in_recovery()");
  const identities = () => topology.stack.resources().then((all) => all.map(({ urn, id }) => `${urn} ${id}`));
  const followers = () =>
    topology.psql(
      topology.args.primary,
      "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'",
    );

  test("gets another region under load, and no instance that was there is touched", async () => {
    const before = await identities();
    const pod = await uid(first);
    const report = await topology.underLoad(async () => {
      await topology.up({ regions: { [first]: args(first), [second]: args(second) } });
    });
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(report.errors.filter(({ message }) => message.startsWith("writer: "))).toEqual([]);
    expect(await uid(first)).toBe(pod);
    expect(await identities()).toEqual(expect.arrayContaining(before));
    expect(await followers()).toBe("1");
  });

  test("scales one region and leaves the other alone", async () => {
    const pod = await uid(first);
    for (const instances of [3, 1]) {
      await topology.up({ regions: { [first]: args(first), [second]: { ...args(second), instances } } });
      expect(await topology.field(second, ".status.readyInstances")).toBe(String(instances));
    }
    expect(await uid(first)).toBe(pod);
    await topology.up({ regions: { [first]: args(first), [second]: args(second) } });
  });

  test("clones a region afresh that was away for longer than the log is kept", async () => {
    const regions = topology.args.regions;
    await topology.up({ regions: { ...regions, [second]: { ...args(second), hibernated: true } } });
    expect(await kubectl(second, "get", "pods", namespace(), "--selector=cnpg.io/instanceRole")).toBe("");
    expect(Object.keys((await topology.outputs()).readerEndpoints)).toEqual([]);
    for (let megabytes = 0; megabytes < 400; megabytes += 40) {
      await topology.psql(
        first,
        "SELECT count(pg_logical_emit_message(false, 'fill', repeat('x', 1 << 20))) FROM generate_series(1, 40)",
      );
      await topology.psql(first, "SELECT pg_switch_wal()");
    }
    await topology.psql(first, "CHECKPOINT");

    const output = await topology.up({ regions });
    expect(output).toContain(`${second} is cloned again`);
    expect(await recovers(second)).toBe("t");
    expect(await followers()).toBe("1");
  });

  describe("when its Cluster is deleted by hand", () => {
    test("says so for a reader, and makes it anew with a refresh", async () => {
      await kubectl(second, "delete", "cluster", `db-${second}`, namespace());
      const { code, output } = await topology.tryUp();
      expect(code).not.toBe(0);
      expect(output).toContain(`${second} had a Cluster, and somebody has deleted it: pulumi up --refresh`);

      await topology.stack.up({ db: topology.args }, "--refresh");
      expect(await recovers(second)).toBe("t");
      expect(await followers()).toBe("1");
    });
  });

  describe("when an update is killed", () => {
    const steps = [
      "CnpgPreflight db-preflight updating",
      "CnpgPreflight db-preflight updated",
      "Cluster db-OLD updating",
      "Cluster db-OLD updated",
      "CnpgHandover db-handover updating",
      "CnpgHandover db-handover updated",
      "Cluster db-NEW updating",
      "Cluster db-NEW updated",
      "CnpgReplication db-replication updating",
      "CnpgReplication db-replication updated",
    ];

    test.each(steps)("at %s, the next one finishes what it began", async (step) => {
      const [old, next] = topology.args.primary === first ? [first, second] : [second, first];
      const at = step.replace("OLD", old).replace("NEW", next);
      const report = await topology.underLoad(async () => {
        const { output } = await topology.stack.killUp({ db: { ...topology.args, primary: next } }, at);
        expect(output).toContain(at);
        await topology.up({ primary: next });
      });
      expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
      expect([await recovers(old), await recovers(next)]).toEqual(["t", "f"]);
    });

    test("after the demotion, a token that is not genuine is refused, and the genuine one is taken", async () => {
      expect(topology.args.primary).toBe(first);
      await topology.stack.killUp(
        { db: { ...topology.args, primary: second } },
        "CnpgHandover db-handover updating",
      );
      const token = await eventually(async () => {
        const found = await topology.field(first, ".status.demotionToken");
        expect(found).not.toBe("");
        return found;
      }, 60);
      const content = JSON.parse(Buffer.from(token, "base64").toString()) as Record<string, unknown>;
      await setToken({ ...content, databaseSystemIdentifier: "7000000000000000001" });

      const refused = await topology.tryUp({ primary: second });
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain(`${second} is not promoted: `);
      expect([await recovers(first), await recovers(second)]).toEqual(["t", "t"]);

      await setToken(content);
      await topology.up({ primary: second });
      expect(await recovers(second)).toBe("f");
    });
  });

  test("refuses another name for its namespace or its database", async () => {
    const { code, output } = await topology.tryUp({ namespace: "elsewhere", database: { name: "other" } });
    expect(code).not.toBe(0);
    expect(output).toMatch(/namespace: must stay "cnpg-\w+", since .*, not "elsewhere"/);
    expect(output).toMatch(/database: must stay "app"/);
    expect(output).not.toContain("replac");
    expect(await recovers(second)).toBe("f");
  });

  test("loses a region that is no longer declared, and the writer does not notice", async () => {
    const pod = await uid(second);
    await topology.up({ regions: { [second]: args(second) } });
    expect(await kubectl(first, "get", "namespaces")).not.toContain(topology.args.namespace);
    expect(await uid(second)).toBe(pod);
  });

  test("is kept by its protection, and leaves nothing without it", async () => {
    await topology.up({ protect: true });
    await expect(topology.stack.destroy()).rejects.toThrow(/protect/);
    expect(await recovers(second)).toBe("f");
    await topology.up({ protect: false });
    await topology.stack.destroy();
    expect(await kubectl(second, "get", "namespaces")).not.toContain(topology.args.namespace);
  });

  async function uid(region: string): Promise<string> {
    const pod = await topology.field(region, ".status.currentPrimary");
    return kubectl(region, "get", "pod", pod, namespace(), "--output=jsonpath={.metadata.uid}");
  }

  /** Puts a token into the status of the writer that was demoted, as only its operator does. */
  async function setToken(content: Record<string, unknown>): Promise<void> {
    const demotionToken = Buffer.from(JSON.stringify(content)).toString("base64");
    const patch = JSON.stringify({ status: { demotionToken } });
    const options = ["--subresource=status", "--type=merge", `--patch=${patch}`];
    await kubectl(first, "patch", "cluster", `db-${first}`, namespace(), ...options);
  }
});
