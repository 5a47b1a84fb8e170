import { explain, type Holder } from "../../../src/local/provider/existing-data";

const primary = { region: "rome", host: "localhost", port: 5501, folder: "/data/rome" };
const lisbon: Holder = {
  region: "lisbon",
  writable: false,
  systemIdentifier: "7123",
  timeline: 2,
  checkpoint: "0/5000028",
};

describe("a primary that holds no data", () => {
  it("may be created empty where no region holds data", () => {
    expect(explain(primary, [])).toBeUndefined();
  });

  it("is refused where a reader holds data, and what would be lost is told", () => {
    expect(explain(primary, [lisbon])).toBe(
      "the data of rome is gone from /data/rome, or was never there, while there is data in lisbon (system " +
        "identifier 7123, timeline 2, checkpoint 0/5000028). Nothing is changed. Set primary to one of them. If " +
        "rome was the writer and is gone for good, name it in lost as well: what only rome held is lost then",
    );
  });

  it("is refused where another region writes, and nothing is to be named in lost", () => {
    const reason = explain(primary, [{ ...lisbon, writable: true }]);
    expect(reason).toContain("lisbon accepts writes: keep primary lisbon");
    expect(reason).not.toContain("lost");
  });
});
