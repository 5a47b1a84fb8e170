import { embeddedFolder, findPrograms } from "../../src/local/postgres/programs";
import { LocalTopology } from "../support/local";
import { ask, writersOf } from "../support/region";

/** With the programs of the npm package alone: no pg_basebackup, and no pg_rewind. */
describe("the embedded PostgreSQL", () => {
  test("clones, switches over, fails over and rejoins like any other", async () => {
    const binDir = await embeddedFolder();
    const { pgBasebackup, pgRewind } = await findPrograms(binDir);
    expect([pgBasebackup, pgRewind]).toEqual([undefined, undefined]);
    const topology = await LocalTopology.create({ binDir: binDir! }, ["rome", "lisbon"]);
    try {
      await topology.up();
      const report = await topology.underLoad(async () => {
        await topology.up({ primary: "lisbon" });
      });
      expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });

      await topology.region("lisbon").kill();
      await topology.up({ primary: "rome", lost: ["lisbon"] });
      await topology.up({ lost: [] });
      const outputs = await topology.outputs();
      expect(await writersOf(outputs)).toEqual(["rome"]);
      const statement = "SELECT status FROM pg_stat_wal_receiver";
      expect(await ask(outputs, outputs.regions["lisbon"]!.endpoint, statement)).toEqual([
        { status: "streaming" },
      ]);
      const resources = await topology.stack.resources();
      const lisbon = resources.find(({ urn }) => urn.endsWith("db-lisbon-replication"));
      expect(lisbon!.outputs).toMatchObject({ lastMending: "cloned" });
    } finally {
      await topology.dispose();
    }
  });
});
