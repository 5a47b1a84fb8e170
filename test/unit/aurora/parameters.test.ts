import { clusterParameters } from "../../../src/aurora/parameters";
import { findPrograms } from "../../../src/local/postgres/programs";
import { run } from "../../../src/local/postgres/run";

/** How AWS is told to apply a parameter. */
function methodOf(name: string): string {
  return clusterParameters({ [name]: "1" }, undefined).find((parameter) => parameter.name === name)!
    .applyMethod;
}

describe("parameters of Aurora", () => {
  it("wait for a restart where PostgreSQL itself takes them with its start alone, and for nothing else", async () => {
    const { postgres } = await findPrograms();
    const described = (await run(postgres, ["--describe-config"]))
      .split("\n")
      .map((line) => line.split("\t"));
    const named = (context: string) =>
      described.filter((fields) => fields[1] === context).map(([name = ""]) => name);
    expect(named("postmaster").length).toBeGreaterThan(40);
    expect(named("postmaster").filter((name) => methodOf(name) !== "pending-reboot")).toEqual([]);
    // Until PostgreSQL 17 it needed a restart: there AWS refuses it at once.
    const dynamic = ["sighup", "superuser", "user"].flatMap(named);
    expect(dynamic.filter((name) => methodOf(name) !== "immediate")).toEqual(
      dynamic.filter((name) => name === "autovacuum_max_workers"),
    );
  });

  it.each(["autovacuum_multixact_freeze_max_age", "cron.database_name", "rds.logical_replication"])(
    "%s, which AWS calls static, waits for a restart",
    (name) => {
      expect(methodOf(name)).toBe("pending-reboot");
    },
  );
});
