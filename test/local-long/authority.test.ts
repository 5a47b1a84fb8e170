import { readFile } from "node:fs/promises";
import { changesWith } from "../support/changes";
import { ChangingTopology } from "../support/changing";
import { eventually } from "../support/eventually";

describe("another certificate authority", () => {
  let topology: ChangingTopology;
  const changes = changesWith(() => topology.port());
  const change = changes.find(({ name }) => name === "change the CA")!;

  beforeAll(async () => {
    topology = await ChangingTopology.create();
  });
  afterAll(() => topology.dispose());

  test("keeps no reader from the writer while some servers present certificates of the old one", async () => {
    await topology.killed([change], "LocalServer db-lisbon updated", async () => {
      expect(await topology.disconnectReaders()).toBe(2);
      await eventually(
        async () => expect(await topology.streamingReaders()).toEqual(["dublin", "lisbon"]),
        30,
      );
    });
    await topology.expectHealthy();
  });

  test("is not trusted any more once it is taken back half-way", async () => {
    const before = topology.declared;
    const files = topology.region("rome").files;
    const trusted = await readFile(files.ca, "utf8");
    await topology.killed(
      [change],
      "LocalServer db-lisbon updated",
      async () => {
        expect(await readFile(files.ca, "utf8")).not.toBe(trusted);
      },
      before,
    );
    expect(await readFile(files.ca, "utf8")).toBe(trusted);
    expect(await readFile(files.publicCa, "utf8")).toBe(trusted);
    await topology.expectHealthy();
  });
});
