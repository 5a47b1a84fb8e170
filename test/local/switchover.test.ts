import { formatReport } from "../../src/drill";
import { LocalTopology } from "../support/local";
import { writersOf } from "../support/region";

describe("a switchover", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
  });
  afterAll(() => topology.dispose());

  test("is refused while the next writer does not follow, and nothing is demoted", async () => {
    await topology.region("dublin").stopByHand();

    const report = await topology.underLoad(async () => {
      const { code, output } = await topology.tryUp({ primary: "dublin" });
      expect(code).not.toBe(0);
      expect(output).toContain("the writer stays in rome: dublin does not stream from rome");
    });
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(await writersOf(await topology.outputs())).toEqual(["rome"]);
    await topology.up();
  });

  test("loses nothing, from any region to any other under load, and no two regions ever write", async () => {
    const report = await topology.underLoad(async (drill) => {
      for (const primary of ["dublin", "lisbon", "rome"]) {
        drill.marker(`to ${primary}`);
        await topology.up({ primary });
      }
      for (const primary of ["lisbon", "dublin", "rome"]) {
        drill.marker(`to ${primary}, while commits wait for another region`);
        await topology.up({ primary, durability: "region" });
      }
    });
    console.log(formatReport(report).join("\n"));

    expect(report.acknowledged).toBeGreaterThan(0);
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
  });

  test("tells where the writer was and is", async () => {
    const outputs = await topology.outputs();
    expect(outputs.handover).toMatchObject({ kind: "switchover", from: "dublin", to: "rome" });
    expect(await writersOf(outputs)).toEqual(["rome"]);
    expect(outputs.writerEndpoint).toEqual(outputs.regions["rome"]!.endpoint);
  });
});
