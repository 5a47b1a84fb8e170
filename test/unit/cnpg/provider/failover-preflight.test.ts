import { requireFailover } from "../../../../src/cnpg/provider/failover-preflight";
import { changeRefusals } from "../../../../src/cnpg/provider/failover-rules";
import type { TopologyInputs } from "../../../../src/cnpg/provider/inputs";
import { FakeRegion } from "./fake-region";

type Activities = Record<string, "active" | "hibernated" | "lost">;

function inputs(primary: string, activities: Activities, durability: "local" | "region" = "region") {
  const regions = Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [name, { activity, access: {} }]),
  );
  return { primary, founding: "rome", durability, regions } as unknown as TopologyInputs;
}

const before = inputs("rome", { rome: "active", lisbon: "active", dublin: "active" });
const reasons = (olds: Partial<TopologyInputs>, news: TopologyInputs) =>
  changeRefusals(olds, news).map(({ reason }) => reason);

describe("An update that fails over", () => {
  it.each<[string, Activities]>([
    ["hibernates", { rome: "lost", lisbon: "active", dublin: "hibernated" }],
    ["removes", { rome: "lost", lisbon: "active" }],
  ])("is refused in the preview where it %s a reader that may have confirmed commits", (_, activities) => {
    expect(reasons(before, inputs("lisbon", activities))).toEqual([
      expect.stringMatching(/^dublin must stay active in an update that fails over/),
    ]);
    const local = inputs("lisbon", activities, "local");
    expect(reasons({ ...before, durability: "local" }, local)).toEqual([]);
    expect(reasons(before, local)).toHaveLength(1);
  });

  it("takes a reader that is named in lost as what it is", () => {
    expect(reasons(before, inputs("lisbon", { rome: "lost", lisbon: "active", dublin: "lost" }))).toEqual([]);
  });

  it("lets a reader leave in an update that does not fail over", () => {
    expect(reasons(before, inputs("rome", { rome: "active", lisbon: "active" }))).toEqual([]);
    expect(reasons({}, inputs("rome", { rome: "active" }))).toEqual([]);
  });

  it("is refused before any region is turned where a reader that counts does not answer", async () => {
    const [lisbon, dublin] = ["lisbon", "dublin"].map((name) => new FakeRegion(name, { primary: "rome" }));
    dublin!.answers = [[/SELECT 1/, new Error("dublin: psql has ended")]];
    const seen = [lisbon!.seen(), dublin!.seen()];
    const activities: Activities = { rome: "lost", lisbon: "active", dublin: "active" };
    await expect(requireFailover(seen[0]!, seen, inputs("lisbon", activities), before)).rejects.toThrow(
      "lisbon is not promoted, and every region stays as it is: dublin cannot be asked how far it is: " +
        "dublin: psql has ended",
    );
    const local = inputs("lisbon", activities, "local");
    await requireFailover(seen[0]!, seen, local, { ...before, durability: "local" });
    expect([...lisbon!.patches, ...dublin!.patches]).toEqual([]);
  });

  it("is refused where a reader was told to hibernate by an update that ended half-way", async () => {
    const [lisbon, dublin] = ["lisbon", "dublin"].map((name) => new FakeRegion(name, { primary: "rome" }));
    const seen = [lisbon!.seen(), dublin!.seen("hibernated")];
    const now = inputs("lisbon", { rome: "lost", lisbon: "active", dublin: "hibernated" });
    await expect(requireFailover(seen[0]!, seen, now, now)).rejects.toThrow(/dublin must stay active/);
  });
});

describe("An update that moves the writer", () => {
  const lost = inputs("lisbon", { rome: "lost", lisbon: "active", dublin: "active" });

  it("is refused in the preview where a lost region comes back beside the move", () => {
    const all: Activities = { rome: "active", lisbon: "active", dublin: "active" };
    const refusal = expect.stringMatching(
      /^rome comes back .*: leave rome in lost now, and take it out in the next/,
    );
    expect(reasons(lost, inputs("dublin", all))).toEqual([refusal]);
    expect(reasons(lost, inputs("dublin", { ...all, lisbon: "lost" }))).toEqual([refusal]);
    expect(reasons(lost, inputs("lisbon", all))).toEqual([]);
    // A failover that was not finished is taken back.
    expect(reasons(lost, inputs("rome", all))).toEqual([]);
  });

  it("is refused in the preview where the next writer is resumed", () => {
    const asleep = inputs("rome", { rome: "active", lisbon: "hibernated" });
    const awake: Activities = { rome: "active", lisbon: "active" };
    expect(reasons(asleep, inputs("lisbon", awake))).toEqual([
      expect.stringMatching(/^lisbon was hibernated, .* resume it now/),
    ]);
    expect(reasons(asleep, inputs("rome", awake))).toEqual([]);
  });
});
