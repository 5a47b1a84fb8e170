import { TestCluster } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { exampleStack } from "../support/example";
import type { ProgramStack } from "../support/program-stack";
import { kubeconfigs } from "../support/regions";

const [rome, lisbon] = Object.keys(kubeconfigs) as [string, string];

/** Charmed PostgreSQL's guide, step by step: deploy, replicate, promote, scale. */
describe("the example of rome and lisbon", () => {
  let stack: ProgramStack<object>;
  const clusters = {
    rome: new TestCluster(rome, "db", "db-rome"),
    lisbon: new TestCluster(lisbon, "db", "db-lisbon"),
  };

  beforeAll(async () => {
    stack = await exampleStack(
      "charmed-rome-lisbon",
      {
        romeHost: `${rome}.example.com`,
        lisbonHost: `${lisbon}.example.com`,
        port: "30443",
        additionalCidrs: '["198.18.0.0/15"]',
        protect: "false",
      },
      { romeKubeconfig: kubeconfigs[rome]!, lisbonKubeconfig: kubeconfigs[lisbon]! },
    );
    await stack.up();
  });
  afterAll(() => stack.dispose());

  const phases = () => Promise.all(Object.values(clusters).map((cluster) => cluster.field(".status.phase")));

  test("replicates from rome to lisbon, which only reads", async () => {
    expect(await phases()).toEqual(["Cluster in healthy state", "Cluster in healthy state"]);
    await clusters.rome.psql("CREATE TABLE cities AS SELECT 'rome' AS name", "app");
    await eventually(async () => expect(await clusters.lisbon.psql("TABLE cities", "app")).toBe("rome"));
    await expect(clusters.lisbon.psql("INSERT INTO cities VALUES ('lisbon')", "app")).rejects.toThrow(
      /read-only/,
    );
  });

  test("scales lisbon, and only lisbon", async () => {
    const pod = await clusters.rome.field(".status.currentPrimaryTimestamp");
    for (const instances of ["3", "1"]) {
      await stack.pulumi("config", "set", "lisbonInstances", instances);
      await stack.up();
      expect(await clusters.lisbon.field(".status.readyInstances")).toBe(instances);
    }
    expect(await clusters.rome.field(".status.currentPrimaryTimestamp")).toBe(pod);
  });

  test("promotes lisbon, on the next timeline, with the same rows", async () => {
    await stack.pulumi("config", "set", "primary", "lisbon");
    await stack.up();
    expect(await phases()).toEqual(["Cluster in healthy state", "Cluster in healthy state"]);
    await clusters.lisbon.psql("INSERT INTO cities VALUES ('lisbon')", "app");
    expect(await clusters.lisbon.psql("SELECT timeline_id FROM pg_control_checkpoint()")).toBe("2");
    await expect(clusters.rome.psql("INSERT INTO cities VALUES ('rome')", "app")).rejects.toThrow(
      /read-only/,
    );
    expect((await stack.outputs())["handover"]).toMatchObject({
      kind: "switchover",
      from: "rome",
      to: "lisbon",
    });
  });
});
