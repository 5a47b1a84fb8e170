import { sameInputs } from "../../src/same-inputs";

const inputs = { region: "rome", peers: ["dublin"], primary: { region: "rome", port: 5501 } };

describe("what was applied", () => {
  it("is what is wanted where every input is the same", () => {
    expect(sameInputs(JSON.parse(JSON.stringify(inputs)) as object, inputs)).toBe(true);
  });

  it("may hold more, which are outputs", () => {
    expect(sameInputs({ ...inputs, status: "running" }, inputs)).toBe(true);
  });

  it("is not compared by the code of the provider, which changes at every upgrade", () => {
    expect(sameInputs({ ...inputs, __provider: "old" }, { ...inputs, __provider: "new" })).toBe(true);
  });

  it.each([
    ["a value", { region: "lisbon" }],
    ["what is in a list", { peers: ["dublin", "oslo"] }],
    ["the order of a list", { peers: ["oslo", "dublin"] }],
    ["what is in an object", { primary: { region: "rome", port: 5502 } }],
    ["an input that is new", { binDir: "/usr/bin" }],
  ])("is not what is wanted where %s differs", (_title, changes) => {
    expect(sameInputs(inputs, { ...inputs, ...changes })).toBe(false);
  });

  it("does not depend on the order of properties", () => {
    const { primary, ...rest } = inputs;
    expect(sameInputs({ primary: { port: 5501, region: "rome" }, ...rest }, { ...rest, primary })).toBe(true);
  });
});
