import { Client } from "pg";
import { decodeToken, formatLsn, parseLsn, type DemotionToken } from "../../src/handover/token";
import { readControlFile } from "../../src/local/postgres/control-file";
import { waitForToken } from "../../src/local/provider/handover";
import { LocalTopology } from "../support/local";
import { ask } from "../support/region";

/** Tokens against a real standby: the one that a demotion made, and others. */
describe("a demotion token", () => {
  let topology: LocalTopology;
  let token: DemotionToken;
  let standby: Client;

  beforeAll(async () => {
    topology = await LocalTopology.create({}, ["rome", "lisbon"]);
    await topology.up();
    token = await tokenOfStoppedWriter();

    const outputs = await topology.outputs();
    expect(token.systemIdentifier).toMatch(/^\d+$/);
    standby = new Client({
      ...outputs.regions["lisbon"]!.endpoint,
      user: "postgres",
      password: outputs.credentials["postgres"]!.password,
      ssl: { ca: outputs.caCertificate },
    });
    await standby.connect();
  });
  afterAll(async () => {
    await standby?.end();
    await topology.dispose();
  });

  /** What the demotion of a writer that was shut down in order writes down. */
  async function tokenOfStoppedWriter(): Promise<DemotionToken> {
    const rome = topology.region("rome");
    await rome.stopByHand();
    const { systemIdentifier, timeline, checkpoint } = await readControlFile(rome.files.data);
    return {
      systemIdentifier: String(systemIdentifier),
      timeline,
      checkpoint: formatLsn(checkpoint),
      region: "rome",
    };
  }

  const judge = (changes: Partial<DemotionToken>) =>
    waitForToken(standby, "lisbon", { ...token, ...changes }, 2);

  test("is satisfied where everything has arrived", async () => {
    await expect(judge({})).resolves.toBeUndefined();
  });

  test("of another database is refused as foreign", async () => {
    await expect(judge({ systemIdentifier: "7318349394477056" })).rejects.toThrow(
      /lisbon is not promoted.*foreign/,
    );
  });

  test("of an earlier demotion is refused as stale", async () => {
    const earlier = formatLsn(parseLsn(token.checkpoint) - 0x100000n);
    await expect(judge({ checkpoint: earlier })).rejects.toThrow(/lisbon is not promoted.*stale/);
  });

  test("forged to lie ahead is waited for, and then refused", async () => {
    const ahead = formatLsn(parseLsn(token.checkpoint) + 0x100000n);
    await expect(judge({ checkpoint: ahead })).rejects.toThrow(/has not received all that rome wrote/);
  });

  test("that nobody can read is refused", () => {
    expect(() => decodeToken("bm90IGEgdG9rZW4")).toThrow("cannot be read");
  });

  test("still leads to the handover, after all that", async () => {
    await topology.up({ primary: "lisbon" });
    const outputs = await topology.outputs();
    expect(outputs.handover).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
    expect(await ask(outputs, outputs.writerEndpoint, "SELECT pg_is_in_recovery() AS standby")).toEqual([
      { standby: false },
    ]);
  });
});
