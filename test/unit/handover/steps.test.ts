import { handoverSteps } from "../../../src/handover/steps";

const all = { rome: "active", lisbon: "active", dublin: "active" } as const;

describe("what a preview says of the roles", () => {
  it("is nothing for the first writer, and while the writer stays", () => {
    expect(handoverSteps({ from: undefined, to: "rome", before: {}, after: all })).toEqual([]);
    expect(handoverSteps({ from: "rome", to: "rome", before: all, after: all })).toEqual([]);
  });

  it("is the order of a switchover", () => {
    expect(handoverSteps({ from: "rome", to: "lisbon", before: all, after: all })).toEqual([
      "every region is healthy and streams from rome, or nothing is done",
      "rome becomes a reader: writes wait",
      "rome is shut down, and says in a token where it stopped",
      "lisbon is promoted once it has everything that the token speaks of: writes go on",
      "dublin, rome follow lisbon",
    ]);
  });

  it("is the order of a failover, without whatever is hibernated", () => {
    const after = { rome: "lost", lisbon: "active", dublin: "hibernated" } as const;
    expect(handoverSteps({ from: "rome", to: "lisbon", before: all, after })).toEqual([
      "rome is lost: it is fenced if it can be reached, and not waited for",
      "whatever another reader has more than lisbon is brought to lisbon",
      "lisbon is promoted without the consent of rome: writes go on",
    ]);
  });

  it("names what comes back", () => {
    const before = { ...all, rome: "lost" } as const;
    expect(handoverSteps({ from: "lisbon", to: "lisbon", before, after: all })).toEqual([
      "rome comes back as a reader: it is fenced, and cloned afresh if it wrote meanwhile",
    ]);
  });
});
