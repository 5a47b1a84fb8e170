import { LocalTopology } from "../support/local";
import { writersOf } from "../support/region";

/** The README advises `protect: true` for data that matters. */
describe("a topology that is protected", () => {
  let topology: LocalTopology;

  // In a process that stays: between the CLI's program and the engine there may be a language host of an earlier version
  // (that which the tests build is), which passes no `protect: false` on.
  beforeAll(async () => {
    topology = await LocalTopology.create({ secrets: {}, options: { protect: true } });
    await topology.up();
  });
  afterAll(async () => {
    await topology.up({ options: {} });
    await topology.dispose();
  });

  const passwordOf = async (): Promise<string> => (await topology.outputs()).credentials["app"]!.password;

  test("has its certificates and passwords rotated under load", async () => {
    const before = await passwordOf();
    const report = await topology.underLoad(async () => {
      await topology.up({ secrets: { certificateRotation: "2" } });
    });
    expect(report).toMatchObject({ lost: 0, unexpected: 0 });
    await topology.up({ secrets: { certificateRotation: "2", passwordRotation: "2" } });
    expect(await passwordOf()).not.toBe(before);
    expect(await writersOf(await topology.outputs())).toEqual(["rome"]);
  });

  test("fails over while its certificates are replaced", async () => {
    await topology.region("rome").kill();
    await topology.up({
      primary: "lisbon",
      lost: ["rome"],
      secrets: { certificateRotation: "3", passwordRotation: "2" },
    });
    expect((await topology.outputs()).handover).toMatchObject({ kind: "failover", to: "lisbon" });
    await topology.up({ lost: [] });
    expect(await writersOf(await topology.outputs())).toEqual(["lisbon"]);
  });

  test("has its servers protected still: a region is not deleted", async () => {
    const { rome, lisbon } = topology.args.regions as Record<string, { port: number }>;
    const { code, output } = await topology.tryUp({ regions: { rome: rome!, lisbon: lisbon! } });
    expect(code).not.toBe(0);
    expect(output).toContain("db-dublin");
    expect(output).toMatch(/protect/);
    expect(await topology.region("dublin").isRunning()).toBe(true);
  });
});
