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

  test("loses nothing, 20 times in a row under load, and no two regions ever write", async () => {
    const moves = Array.from({ length: 20 }, (_, move) => ["lisbon", "dublin", "rome"][move % 3]!);

    const report = await topology.underLoad(async (drill) => {
      for (const primary of moves) {
        drill.marker(`to ${primary}`);
        await topology.up({ primary });
      }
    });
    console.log(formatReport(report).join("\n"));

    expect(report.acknowledged).toBeGreaterThan(2000);
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
  });

  test("tells where the writer was and is", async () => {
    await topology.up({ primary: "rome" });
    await topology.up({ primary: "lisbon" });
    const outputs = await topology.outputs();
    expect(outputs.handover).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
    expect(await writersOf(outputs)).toEqual(["lisbon"]);
    expect(outputs.writerEndpoint).toEqual(outputs.regions["lisbon"]!.endpoint);
  });

  test("loses nothing either while commits wait for another region", async () => {
    await topology.up({ primary: "rome", durability: "region" });
    const report = await topology.underLoad(async () => {
      await topology.up({ primary: "lisbon" });
      await topology.up({ primary: "rome" });
    });
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    await topology.up({ durability: "local" });
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
    await topology.up({ primary: "dublin" });
    expect(await writersOf(await topology.outputs())).toEqual(["dublin"]);
  });
});
