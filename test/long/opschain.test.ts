import { randomBytes } from "node:crypto";
import { TestCluster } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { exampleStack } from "../support/example";
import type { ProgramStack } from "../support/program-stack";
import { kubeconfigs, kubectl } from "../support/regions";

const names = ["north", "south", "melbourne"] as const;
const regions = Object.keys(kubeconfigs);

/** OpsChain's guide, step by step: two clusters, failover, failback, a third, hibernation. */
describe("the example of north and south", () => {
  let stack: ProgramStack<object>;
  const [north, south, melbourne] = names.map(
    (name, index) => new TestCluster(regions[index]!, "opschain", `opschain-db-cluster-${name}`),
  ) as [TestCluster, TestCluster, TestCluster];
  const encryptionKey = randomBytes(32).toString("hex");

  beforeAll(async () => {
    const of = (value: (region: string) => string, suffix: string) =>
      Object.fromEntries(names.map((name, index) => [`${name}${suffix}`, value(regions[index]!)]));
    stack = await exampleStack(
      "opschain-north-south",
      {
        ...of((region) => `${region}.example.com`, "Host"),
        additionalCidrs: '["198.18.0.0/15"]',
        protect: "false",
      },
      { ...of((region) => kubeconfigs[region]!, "Kubeconfig"), encryptionKey },
    );
    await stack.up();
  });
  afterAll(() => stack.dispose());

  async function move(key: string, value: string): Promise<void> {
    await stack.pulumi("config", "set", key, value);
    await stack.up();
  }
  const recovers = (cluster: TestCluster) => cluster.psql("SELECT pg_is_in_recovery()");

  test("comes up as the guide verifies it, with the same keys in both", async () => {
    for (const cluster of [north, south]) {
      expect(await cluster.field(".status.phase")).toBe("Cluster in healthy state");
    }
    await north.psql("CREATE TABLE changes AS SELECT 1 AS id", "opschain");
    await eventually(async () => expect(await south.psql("TABLE changes", "opschain")).toBe("1"));
    for (const region of regions.slice(0, 2)) {
      const key = await kubectl(
        region,
        ...["get", "secret", "opschain-encryption-keys", "--namespace=opschain"],
        "--output=jsonpath={.data.primary}",
      );
      expect(Buffer.from(key, "base64").toString()).toBe(encryptionKey);
    }
  });

  test("fails over to south, and back to north", async () => {
    await move("primary", "south");
    expect([await recovers(north), await recovers(south)]).toEqual(["t", "f"]);
    await south.psql("INSERT INTO changes VALUES (2)", "opschain");
    await move("primary", "north");
    expect([await recovers(north), await recovers(south)]).toEqual(["f", "t"]);
    expect(await north.psql("TABLE changes", "opschain")).toBe("1\n2");
  });

  test("gets a third cluster, which follows and can be hibernated and resumed", async () => {
    await move("clusters", '["north", "south", "melbourne"]');
    expect(await melbourne.psql("TABLE changes", "opschain")).toBe("1\n2");
    await move("melbourneStopDatabase", "true");
    await north.psql("INSERT INTO changes VALUES (3)", "opschain");
    await move("melbourneStopDatabase", "false");
    await eventually(async () => expect(await melbourne.psql("TABLE changes", "opschain")).toBe("1\n2\n3"));
    await move("primary", "melbourne");
    expect(await recovers(melbourne)).toBe("f");
  });
});
