import { unknownValue } from "@pulumi/pulumi/runtime";
import { parameterFailures } from "../../../../src/cnpg/provider/parameters";
import { changedParameters } from "../../../../src/postgres/parameters";
import type { Seen } from "../../../../src/cnpg/provider/regions";

/** A region whose PostgreSQL knows `work_mem` alone. */
function region(name: string, pod: string | undefined) {
  const run = jest.fn(async (_live: unknown, command: string[]) => {
    const wrong = command.slice(5).find((word) => word !== "-c" && !word.startsWith("work_mem="));
    return wrong === undefined
      ? { succeeded: true, output: "5432\n", errors: "" }
      : { succeeded: false, output: "", errors: `FATAL:  unrecognized configuration parameter "${wrong}"\n` };
  });
  const live = { status: { currentPrimary: pod } };
  return { seen: { name, activity: "active", live, region: { run } } as unknown as Seen, run };
}

describe("parameters", () => {
  it("are asked for where they are new or changed, and known", () => {
    const before = { work_mem: "4MB", port: "1" };
    const now = { work_mem: "4MB", port: "2", jit: "on", later: unknownValue };
    expect(changedParameters(before, now)).toEqual({ port: "2", jit: "on" });
  });

  it("are asked for once where all are right, in the first region that has an instance", async () => {
    const [rome, lisbon] = [region("rome", undefined), region("lisbon", "db-lisbon-1")];
    expect(await parameterFailures([rome.seen, lisbon.seen], { work_mem: "8MB" })).toEqual([]);
    expect(rome.run).not.toHaveBeenCalled();
    expect(lisbon.run).toHaveBeenCalledTimes(1);
  });

  it("are refused one by one, by name", async () => {
    const { seen } = region("rome", "db-rome-1");
    const failures = await parameterFailures([seen], { work_mem: "8MB", work_men: "8MB", jitt: "on" });
    expect(failures.map(({ property }) => property)).toEqual(["parameters.work_men", "parameters.jitt"]);
    expect(failures[0]!.reason).toMatch(
      /^is refused by PostgreSQL in rome: unrecognized .* Nothing has been changed$/,
    );
  });

  it("are not asked for where there is no instance yet", async () => {
    expect(await parameterFailures([region("rome", undefined).seen], { jitt: "on" })).toEqual([]);
  });
});
