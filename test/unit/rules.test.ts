import { InputPropertiesError, output } from "@pulumi/pulumi";
import { at, notWholeNumber, refuseIfAny, shown, unknownProperties, unknownYet } from "../../src/rules";

describe("refuseIfAny", () => {
  it("returns when there is no failure", () => {
    expect(() => refuseIfAny('LocalPostgres "db"', [])).not.toThrow();
  });

  it("throws one error that lists every failure, one a line", () => {
    const failures = [
      { propertyPath: "primary", reason: 'must be one of lisbon, rome, not "madrid"' },
      { propertyPath: "lost[0]", reason: "must be one of lisbon, rome, not 5" },
    ];
    let thrown: unknown;
    try {
      refuseIfAny('LocalPostgres "db"', failures);
    } catch (error) {
      thrown = error;
    }
    expect(InputPropertiesError.isInstance(thrown)).toBe(true);
    expect((thrown as InputPropertiesError).errors).toEqual(failures);
    expect((thrown as InputPropertiesError).message).toBe(
      [
        'LocalPostgres "db": 2 inputs are refused',
        '  primary: must be one of lisbon, rome, not "madrid"',
        "  lost[0]: must be one of lisbon, rome, not 5",
      ].join("\n"),
    );
  });

  it("speaks of one input where it is one", () => {
    const failures = [{ propertyPath: "primary", reason: "is missing" }];
    expect(() => refuseIfAny("x", failures)).toThrow("x: 1 input is refused\n  primary: is missing");
  });
});

describe("at", () => {
  it.each([
    ["", "primary", "primary"],
    ["regions", "rome", "regions.rome"],
    ["regions", "rome-2", 'regions["rome-2"]'],
    ["", 'a"b', '["a\\"b"]'],
    ["lost", 0, "lost[0]"],
  ])("joins %j and %j as Pulumi does", (path, key, joined) => {
    expect(at(path, key)).toBe(joined);
  });
});

describe("shown", () => {
  it.each([
    ["rome", '"rome"'],
    ["x".repeat(90), `"${"x".repeat(80)}…"`],
    [5, "5"],
    [NaN, "NaN"],
    [null, "null"],
    [undefined, "undefined"],
    [{}, "an object"],
    [[], "a list"],
    [() => 1, "a function"],
    [output("rome"), "an output"],
    [Promise.resolve("rome"), "a promise"],
  ])("writes %p as a message shows it", (value, text) => {
    expect(shown(value)).toBe(text);
  });
});

describe("unknownYet", () => {
  it("refuses outputs and promises", () => {
    expect([...unknownYet("primary", output("rome")), ...unknownYet("lost", Promise.resolve([]))]).toEqual([
      { propertyPath: "primary", reason: "must be known before the deployment, not an output" },
      { propertyPath: "lost", reason: "must be known before the deployment, not a promise" },
    ]);
  });

  it("takes plain values", () => {
    expect([...unknownYet("primary", "rome")]).toEqual([]);
  });
});

describe("unknownProperties", () => {
  const reasonOf = (key: string) =>
    [...unknownProperties("", { [key]: 1 }, ["primary", "regions"])][0]?.reason;

  it("suggests the property that was probably meant", () => {
    expect(reasonOf("primry")).toBe('unknown property, did you mean "primary"?');
    expect(reasonOf("Regions")).toBe('unknown property, did you mean "regions"?');
  });

  it("lists the known ones where none is near", () => {
    expect(reasonOf("colour")).toBe("unknown property, must be one of primary, regions");
  });

  it("passes over known ones", () => {
    expect(reasonOf("primary")).toBeUndefined();
  });
});

describe("notWholeNumber", () => {
  it.each([
    [undefined, undefined],
    [1, undefined],
    [9, undefined],
    [0, "must be a whole number from 1 to 9, not 0"],
    [10, "must be a whole number from 1 to 9, not 10"],
    [1.5, "must be a whole number from 1 to 9, not 1.5"],
    ["5", 'must be a whole number from 1 to 9, not "5"'],
    [output(5), "must be known before the deployment, not an output"],
  ])("judges %p", (value, reason) => {
    expect([...notWholeNumber("x", value, 1, 9)][0]?.reason).toBe(reason);
  });
});
