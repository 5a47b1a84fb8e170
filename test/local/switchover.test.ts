import { formatReport } from "../../src/drill";
import { connectToWriter, writerPool } from "../../src/node-postgres";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { signal } from "../support/processes";
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

  test("is followed by a pool of node-postgres, past a first host that answers nobody", async () => {
    const { connectionUri, readOnlyUris } = await topology.outputs();
    const pool = writerPool(connectionUri);
    pool.on("error", () => undefined);
    const writerPort = async () => {
      const { rows } = await pool.query<{ port: string }>(
        "SELECT current_setting('port') AS port, txid_current()",
      );
      return Number(rows[0]!.port);
    };
    expect(await writerPort()).toBe(topology.args.regions["rome"]!.port);

    await topology.up({ primary: "lisbon" });
    const frozen = await topology.region("rome").processes();
    frozen.forEach((pid) => signal(pid, "SIGSTOP"));
    try {
      expect(await eventually(writerPort, 30)).toBe(topology.args.regions["lisbon"]!.port);
      const reader = await connectToWriter(readOnlyUris["rome"]!, { connectionTimeoutMillis: 500 });
      await reader.end();
    } finally {
      frozen.forEach((pid) => signal(pid, "SIGCONT"));
      await pool.end();
    }
    await topology.up({ primary: "rome" });
  });

  test("fails a connection with what each host said", async () => {
    const { connectionUri } = await topology.outputs();
    const { port: dublin } = topology.args.regions["dublin"]!;
    const uri = connectionUri.replace(/@[^/]+/, `@localhost:${dublin},localhost:1`);
    await expect(connectToWriter(uri)).rejects.toThrow(
      new RegExp(`^no host writes: localhost:${dublin}: it is a reader; localhost:1: .*ECONNREFUSED`),
    );
  });

  test("tells where the writer was and is", async () => {
    const outputs = await topology.outputs();
    expect(outputs.handover).toMatchObject({ kind: "switchover", from: "lisbon", to: "rome" });
    expect(await writersOf(outputs)).toEqual(["rome"]);
    expect(outputs.writerEndpoint).toEqual(outputs.regions["rome"]!.endpoint);
  });
});
