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

  test("loses nothing, from any region to any other under load, and no two regions ever write", async () => {
    const report = await topology.underLoad(async (drill) => {
      for (const primary of ["lisbon", "dublin", "rome", "dublin", "lisbon", "rome"]) {
        drill.marker(`to ${primary}`);
        await topology.up({ primary });
      }
    });
    console.log(formatReport(report).join("\n"));

    expect(report.acknowledged).toBeGreaterThan(500);
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
  });

  test("tells where the writer was and is", async () => {
    const outputs = await topology.outputs();
    expect(outputs.handover).toMatchObject({ kind: "switchover", from: "lisbon", to: "rome" });
    expect(await writersOf(outputs)).toEqual(["rome"]);
    expect(outputs.writerEndpoint).toEqual(outputs.regions["rome"]!.endpoint);
  });

  test("is refused while the next writer does not follow, and nothing is demoted", async () => {
    await topology.region("dublin").stopByHand();

    const report = await topology.underLoad(async () => {
      const { code, output } = await topology.tryUp({ primary: "dublin" });
      expect(code).not.toBe(0);
      expect(output).toContain("the writer stays in rome: dublin does not stream from rome");
    });
    expect(report.longestPauseMs).toBeLessThan(10_000);
    expect(await writersOf(await topology.outputs())).toEqual(["rome"]);

    await topology.up();
    await topology.up({ primary: "dublin", durability: "region" });
    expect(await writersOf(await topology.outputs())).toEqual(["dublin"]);
  });

  test("loses nothing either while commits wait for another region", async () => {
    const report = await topology.underLoad(async () => {
      await topology.up({ primary: "lisbon" });
      await topology.up({ primary: "rome" });
    });
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
  });
});
