import { quiet } from "../../src/quiet-provider";

describe("a quiet provider", () => {
  const provider = quiet({
    check: async () => ({ inputs: {}, failures: [{ property: "primary", reason: "is not to be moved" }] }),
    create: async () => ({ id: "id", outs: {} }),
    delete: async () => {
      throw new Error("the folder is busy");
    },
  });

  it("names a refused property, and leaves its value out, which Pulumi would print", async () => {
    expect(await provider.check!({}, {})).toEqual({
      inputs: {},
      failures: [{ property: "", reason: "primary: is not to be moved" }],
    });
  });

  it("throws errors without a stack, which Pulumi would print", async () => {
    const error = await provider.delete!("id", {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: "the folder is busy", stack: "" });
  });

  it("does all else as it did", async () => {
    expect(await provider.create({})).toEqual({ id: "id", outs: {} });
    expect(provider.update).toBeUndefined();
  });
});
