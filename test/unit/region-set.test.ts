import { namesOf, regionSet } from "../../src/region-set";

describe("a set of regions", () => {
  it("gives the names that it was made of, sorted", () => {
    expect(namesOf(regionSet(["rome", "dublin"]))).toEqual(["dublin", "rome"]);
    expect(namesOf(regionSet([]))).toEqual([]);
  });

  it("is read from the list that a state of version 0.1.0 has", () => {
    expect(namesOf(["rome", "dublin"])).toEqual(["dublin", "rome"]);
  });
});
