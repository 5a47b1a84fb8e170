import { resumedTarget } from "../../../src/handover/resumed-target";

const move = { writer: "rome", primary: "lisbon", lost: [], wasHibernated: true };

describe("a move to a region that is resumed in the same update", () => {
  it("is refused with the way on", () => {
    expect(resumedTarget(move)).toBe(
      "lisbon was hibernated, and does not have what rome wrote meanwhile: resume it now, and move the writer in the " +
        "next update",
    );
  });

  it.each([
    ["a failover", { lost: ["rome"] }],
    ["a move to a region that was up", { wasHibernated: false }],
    ["a primary that stays", { primary: "rome" }],
    ["a first update", { writer: undefined }],
  ])("is not %s", (_, changes) => {
    expect(resumedTarget({ ...move, ...changes })).toBeUndefined();
  });
});
