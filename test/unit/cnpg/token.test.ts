import { readToken } from "../../../src/cnpg/token";

const content = {
  latestCheckpointTimelineID: "2",
  redoWalFile: "000000020000000000000005",
  databaseSystemIdentifier: "7400000000000000001",
  latestCheckpointREDOLocation: "0/5000028",
  timeOfLatestCheckpoint: "Sat Nov 21 13:00:00 2026",
  operatorVersion: "1.30.0",
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");

describe("the token of a demotion", () => {
  it("is read as the operator writes it", () => {
    expect(readToken(encode(content), "rome")).toEqual({
      region: "rome",
      systemIdentifier: "7400000000000000001",
      timeline: 2,
      checkpoint: "0/5000028",
    });
  });

  test.each([
    ["no base64 of JSON", "forged"],
    ["nothing", encode(null)],
    ["a list", encode([])],
    ["without a position", encode({ ...content, latestCheckpointREDOLocation: undefined })],
    ["with a position that is none", encode({ ...content, latestCheckpointREDOLocation: "5000028" })],
    ["with a timeline that is none", encode({ ...content, latestCheckpointTimelineID: "two" })],
    ["with a number for a text", encode({ ...content, databaseSystemIdentifier: 7400 })],
  ])("is refused if it is %s", (_, text) => {
    expect(() => readToken(text, "rome")).toThrow("the demotion token of rome cannot be read");
  });
});
