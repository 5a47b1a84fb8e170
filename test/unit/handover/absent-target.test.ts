import { absentTarget } from "../../../src/handover/absent-target";

const move = { writer: "rome", primary: "lisbon", lost: [], was: "hibernated" } as const;

describe("a move to a region that comes back in the same update", () => {
  it("is refused with the way on", () => {
    expect(absentTarget(move)).toBe(
      "lisbon was hibernated, and does not have what rome wrote meanwhile: resume it now, and move the writer in the " +
        "next update",
    );
  });

  it("is refused for a region that was lost", () => {
    expect(absentTarget({ ...move, was: "lost" })).toMatch(
      /^lisbon was lost, .*: take it out of lost now, and move/,
    );
  });

  it.each([
    ["a failover", { lost: ["rome"] }],
    ["a move to a region that was up", { was: undefined }],
    ["a primary that stays", { primary: "rome" }],
    ["a first update", { writer: undefined }],
  ])("is not %s", (_, changes) => {
    expect(absentTarget({ ...move, ...changes })).toBeUndefined();
  });
});
