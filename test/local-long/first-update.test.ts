import { existsSync } from "node:fs";
import type { LocalPostgresArgs } from "../../src/local";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { freePorts } from "../support/ports";
import { ask, writersOf } from "../support/region";

/** Secrets are generated, as users have it: a state that is gone takes them with it. */
describe("a first update of LocalPostgres that fails", () => {
  let topology: LocalTopology;
  let right: Partial<LocalPostgresArgs>;

  beforeEach(async () => {
    topology = await LocalTopology.create({ secrets: {} }, ["rome", "lisbon"], "by the CLI");
    right = { roles: {}, parameters: {}, regions: topology.args.regions };
  });
  afterEach(() => topology.dispose());

  const mistakes: [string, Partial<LocalPostgresArgs>, RegExp][] = [
    ["a role that does not exist", { roles: { report: { memberOf: ["pg_raed"] } } }, /pg_raed/],
    ["a parameter that does not exist", { parameters: { wrok_mem: "8MB" } }, /wrok_mem/],
    ["a library that does not exist", { parameters: { shared_preload_libraries: "pg_adut" } }, /pg_adut/],
  ];

  async function expectNothingLeft(): Promise<void> {
    for (const region of ["rome", "lisbon"]) {
      expect(await topology.region(region).isRunning()).toBe(false);
    }
    expect(existsSync(topology.dataDir)).toBe(false);
  }

  async function expectHealthy(): Promise<void> {
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual(["rome"]);
    const { endpoint } = outputs.regions["lisbon"]!;
    expect(await ask(outputs, endpoint, "SELECT status FROM pg_stat_wal_receiver")).toEqual([
      { status: "streaming" },
    ]);
  }

  test.each(mistakes)(
    "because of %s is corrected by the next one, or destroyed whole",
    async (_, mistake, reason) => {
      const { code, output } = await topology.tryUp(mistake);
      expect(code).not.toBe(0);
      expect(output).toMatch(reason);
      await topology.up(right);
      await expectHealthy();
      await topology.stack.destroy();
      await expectNothingLeft();

      await topology.tryUp(mistake);
      await topology.stack.destroy();
      await expectNothingLeft();
    },
  );

  test("because of its state being gone is corrected with new certificates and passwords", async () => {
    await topology.tryUp({ roles: { report: { memberOf: ["pg_raed"] } } });
    expect(await topology.region("rome").isRunning()).toBe(true);
    await topology.stack.loseState();
    await topology.up(right);
    await expectHealthy();
  });

  test("because it is killed is finished by the next one, or destroyed whole", async () => {
    const { stack, args } = topology;
    for (const end of ["finished", "destroyed"] as const) {
      const running = eventually(async () => {
        expect(await topology.region("rome").isRunning()).toBe(true);
      }, 300);
      await stack.killUp({ db: { ...args, ...right } }, running);
      if (end === "finished") {
        await topology.up(right);
        await expectHealthy();
      }
      await stack.destroy();
      await expectNothingLeft();
    }
  });

  test("because its port is the port of another topology is corrected by another port", async () => {
    const { stack, args } = topology;
    const [rome, lisbon] = (await freePorts(2)) as [number, number];
    const two: LocalPostgresArgs = { ...args, dataDir: `${topology.dataDir}-two` };
    const { code } = await stack.tryUp({ db: args, two });
    expect(code).not.toBe(0);
    await stack.up({
      db: args,
      two: { ...two, regions: { rome: { port: rome }, lisbon: { port: lisbon } } },
    });
  });
});
