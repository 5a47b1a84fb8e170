import { jobState, placeToRun } from "../../../../src/app/provider/job-state";

const job = (type: string, reason?: string) => ({
  metadata: { name: "shop-migration-1" },
  status: { conditions: [{ type, status: "True", ...(reason === undefined ? {} : { reason }) }] },
});

describe("a migration", () => {
  it("is where its Job says that it is", () => {
    expect(jobState(undefined)).toEqual({ state: "absent" });
    expect(jobState({ metadata: { name: "x" } })).toEqual({ state: "running" });
    expect(jobState(job("Complete"))).toEqual({ state: "complete" });
    expect(jobState(job("Failed", "BackoffLimitExceeded"))).toEqual({
      state: "failed",
      reason: "BackoffLimitExceeded",
    });
  });

  it("begins where the writer is, if it has begun nowhere", () => {
    const found = [
      { region: "rome", state: jobState(undefined) },
      { region: "lisbon", state: jobState(job("Failed")) },
    ];
    expect(placeToRun(found, "rome")).toEqual({ region: "rome", begin: true });
    expect(placeToRun(found, "lisbon")).toEqual({ region: "lisbon", begin: true });
  });

  it("is waited for wherever it has begun, and is not begun again once it has run", () => {
    const absent = { region: "rome", state: jobState(undefined) };
    const running = { region: "lisbon", state: jobState({ metadata: { name: "x" } }) };
    const complete = { region: "dublin", state: jobState(job("Complete")) };
    expect(placeToRun([absent, running], "rome")).toEqual({ region: "lisbon", begin: false });
    expect(placeToRun([absent, running, complete], "rome")).toEqual({ region: "dublin", begin: false });
  });
});
