import { keptParameters, keptWarnings } from "../../../../src/cnpg/provider/kept-parameters";
import type { PreflightInputs } from "../../../../src/cnpg/provider/inputs";
import type { Seen } from "../../../../src/cnpg/provider/regions";

type Parameters = Readonly<Record<string, string>>;

/** A region that has parameters, and has replayed what its writer had. */
function region(name: string, has: Parameters, replayed: Record<string, number> | undefined): Seen {
  const lines = Object.entries(replayed ?? {}).map(
    ([parameter, value]) => `${parameter} setting:   ${value}`,
  );
  const ended = { succeeded: replayed !== undefined, output: `${lines.join("\n")}\n`, errors: "" };
  const live = { spec: { postgresql: { parameters: has } } };
  return { name, activity: "active", live, region: { run: async () => ended } } as unknown as Seen;
}

function inputs(parameters: Parameters, changes: Partial<PreflightInputs> = {}): PreflightInputs {
  const regions = { rome: { activity: "active" }, lisbon: { activity: "active" } };
  return { primary: "rome", regions, parameters, ...changes } as unknown as PreflightInputs;
}

const high = { max_connections: "200" };
const low = { max_connections: "100" };

describe("parameters that must not be below the writer's", () => {
  it("are kept by a reader that has yet to replay that they were lowered", async () => {
    const seen = [
      region("rome", high, { max_connections: 200 }),
      region("lisbon", high, { max_connections: 200 }),
    ];
    expect(await keptParameters(inputs(high), inputs(low), seen)).toEqual({ lisbon: high });
  });

  it("are lowered in a reader that has replayed it", async () => {
    const seen = [
      region("rome", low, { max_connections: 100 }),
      region("lisbon", high, { max_connections: 100 }),
    ];
    const olds = inputs(low, { kept: { lisbon: high } });
    expect(await keptParameters(olds, inputs(low), seen)).toEqual({});
  });

  it("are kept by the writer that becomes a reader, and not by the one that writes next", async () => {
    const seen = [
      region("rome", high, { max_connections: 200 }),
      region("lisbon", high, { max_connections: 200 }),
    ];
    const news = inputs(low, { primary: "lisbon" });
    expect(await keptParameters(inputs(high), news, seen)).toEqual({ rome: high });
  });

  it("are kept as the region has them, whatever an update that was killed left in the state", async () => {
    const seen = [region("lisbon", high, { max_connections: 200 })];
    expect(await keptParameters(inputs(low), inputs(low), seen)).toEqual({ lisbon: high });
  });

  it.each([
    ["that cannot be asked", [region("lisbon", high, undefined)]],
    ["that cannot be reached", []],
    [
      "that is hibernated",
      [{ ...region("lisbon", high, { max_connections: 100 }), activity: "hibernated" } as Seen],
    ],
  ])("are kept by a region %s", async (_, seen) => {
    expect(await keptParameters(inputs(high), inputs(low), seen)).toEqual({ lisbon: high });
  });

  it("are those of CloudNativePG where they are no longer declared", async () => {
    const has = { max_connections: "90", max_worker_processes: "64", max_prepared_transactions: "5" };
    const replayed = { max_connections: 90, max_worker_processes: 64, max_prepared_xacts: 0 };
    expect(await keptParameters(inputs(has), inputs({}), [region("lisbon", has, replayed)])).toEqual({
      lisbon: { max_worker_processes: "64" },
    });
  });

  it("are raised at once, and others are lowered at once", async () => {
    const seen = [region("lisbon", { ...low, work_mem: "8MB" }, { max_connections: 100 })];
    expect(await keptParameters(inputs(low), inputs({ ...high, work_mem: "4MB" }), seen)).toEqual({});
  });

  it("are kept by every region where the writer is outside", async () => {
    const seen = [region("rome", high, { max_connections: 200 })];
    const news = inputs(low, { externalWriter: {} as never });
    expect(await keptParameters(inputs(high), news, seen)).toMatchObject({ rome: high });
  });

  it("are told", () => {
    expect(keptWarnings({ lisbon: high })).toEqual([
      "lisbon keeps max_connections 200 until it has replayed that the writer has less: the pulumi up after that lowers " +
        "it there",
    ]);
    expect(keptWarnings()).toEqual([]);
  });
});
