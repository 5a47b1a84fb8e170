import type { LocalPostgresArgs } from "../../src/local";
import { accessOf, LightLoad } from "../support/light-load";
import { LocalTopology } from "../support/local";
import { freePorts } from "../support/ports";
import { ask, writersOf } from "../support/region";

/** Two changes that are each tested alone, made in one update. */
describe("one update that moves the writer", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
  });
  afterAll(() => topology.dispose());

  function rotated(version: number): Partial<LocalPostgresArgs> {
    const passwords = Object.fromEntries(
      ["postgres", "app", "streaming_replica"].map((role) => [role, `password ${version} of ${role}`]),
    );
    return { secrets: { ...topology.args.secrets, passwords } };
  }

  async function ports(): Promise<Partial<LocalPostgresArgs>> {
    const names = Object.keys(topology.args.regions);
    const free = await freePorts(names.length);
    return { regions: Object.fromEntries(names.map((name, index) => [name, { port: free[index]! }])) };
  }

  async function together(changes: Partial<LocalPostgresArgs>): Promise<void> {
    const before = await topology.outputs();
    const expected = {
      ...before,
      credentials: {
        ...before.credentials,
        app: {
          ...before.credentials["app"]!,
          password: String(changes.secrets?.passwords?.["app"] ?? before.credentials["app"]!.password),
        },
      },
      regions: Object.fromEntries(
        Object.entries(before.regions).map(([name, region]) => [
          name,
          {
            ...region,
            endpoint: {
              host: "localhost",
              port: Number(changes.regions?.[name]?.port ?? region.endpoint.port),
            },
          },
        ]),
      ),
    };
    const load = await LightLoad.start(accessOf(before, expected));
    try {
      await topology.up(changes);
    } finally {
      const report = await load.stop(accessOf(before, expected));
      expect(report.lost).toBe(0);
      expect(report.acknowledged).toBeGreaterThan(0);
    }
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual([topology.args.primary]);
    for (const region of Object.keys(outputs.readerEndpoints)) {
      const { endpoint } = outputs.regions[region]!;
      const rows = await ask(outputs, endpoint, "SELECT status FROM pg_stat_wal_receiver");
      expect(rows).toEqual([{ status: "streaming" }]);
    }
    expect(await topology.up()).toMatch(/\d+ unchanged\s/);
  }

  test("and rotates the passwords ends with one writer and loses nothing", () =>
    together({ primary: "lisbon", ...rotated(2) }));

  test("and gives every region another port ends with one writer and loses nothing", async () =>
    together({ primary: "dublin", ...(await ports()) }));

  test("and does both ends with one writer and loses nothing", async () =>
    together({ primary: "rome", ...rotated(3), ...(await ports()) }));

  test("with the last one in lost, and rotates the passwords, ends with one writer", async () => {
    await together({ primary: "lisbon", lost: ["rome"], ...rotated(4), durability: "local" });
    await topology.up({ lost: [] });
    expect(await writersOf(await topology.outputs())).toEqual(["lisbon"]);
  });
});
