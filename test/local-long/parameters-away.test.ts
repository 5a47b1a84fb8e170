import { stat } from "node:fs/promises";
import { LocalTopology } from "../support/local";
import { ask, writersOf } from "../support/region";

/** A region that is away while a parameter is raised and lowered has both in the log that it has yet to replay. */
describe("max_connections, raised and lowered again", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create({ durability: "region" });
    await topology.up();
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE kept AS SELECT 1 AS id");
  });
  afterAll(() => topology.dispose());

  async function raiseAndLower(): Promise<void> {
    await topology.up({ parameters: { max_connections: 200 } });
    await topology.up({ parameters: {} });
  }

  async function expectFollows(region: string, primary: string): Promise<void> {
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual([primary]);
    const { endpoint } = outputs.regions[region]!;
    expect(await ask(outputs, endpoint, "SHOW max_connections")).toEqual([{ max_connections: "100" }]);
    expect(await ask(outputs, endpoint, "SELECT id FROM kept")).toEqual([{ id: 1 }]);
    expect(await topology.up()).not.toMatch(/\d+ updated/);
  }

  test("while a reader is hibernated, does not keep it from following with its own data", async () => {
    const { regions } = topology.args;
    const { data } = topology.region("dublin").files;
    const { ino } = await stat(data);
    await topology.up({ regions: { ...regions, dublin: { ...regions["dublin"]!, hibernated: true } } });
    await raiseAndLower();
    await topology.up({ regions });
    await expectFollows("dublin", "rome");
    // A copy of the writer would be another folder.
    expect((await stat(data)).ino).toBe(ino);
  });

  test("while a region is lost, does not keep it from following with its own data, rewound", async () => {
    await topology.up({ primary: "lisbon", lost: ["rome"] });
    await raiseAndLower();
    await topology.up({ lost: [] });
    await expectFollows("rome", "lisbon");
    const resources = await topology.stack.resources();
    const replication = resources.find(({ urn }) => urn.endsWith("db-rome-replication"));
    expect(replication!.outputs!["lastMending"]).toBe("rewound");
  });
});
