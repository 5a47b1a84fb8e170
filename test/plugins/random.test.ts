import { compareSync } from "bcryptjs";
import { Plugin, UNKNOWN, isSecret, reveal } from "./plugin";

interface Password {
  result: string;
  bcryptHash: string;
}
interface Shuffled {
  results: string[];
}

let plugin: Plugin;

beforeAll(async () => {
  plugin = await Plugin.start("random");
});

afterAll(() => plugin.stop());

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

describe("RandomPassword", () => {
  test("has the length asked for, the id none and the defaults of the real provider", async () => {
    const { id, state } = await plugin.create("RandomPassword", { length: 24 });
    expect(id).toBe("none");
    expect(reveal(state)).toEqual({
      __meta: '{"schema_version":"3"}',
      id: "none",
      length: 24,
      lower: true,
      upper: true,
      number: true,
      numeric: true,
      special: true,
      minLower: 0,
      minUpper: 0,
      minNumeric: 0,
      minSpecial: 0,
      result: expect.stringMatching(/^[\w!@#$%&*()\-=+[\]{}<>:?]{24}$/),
      bcryptHash: expect.any(String),
    });
  });

  test("leaves the inputs as the program gave them", async () => {
    expect(await plugin.check("RandomPassword", { length: 24 })).toEqual({
      inputs: { length: 24 },
      failures: [],
    });
  });

  test("marks the password and its hash as secret, so that no plain text can reach the state", async () => {
    const { state } = await plugin.create("RandomPassword", { length: 24 });
    expect(isSecret(state.result)).toBe(true);
    expect(isSecret(state.bcryptHash)).toBe(true);
    const plain = JSON.stringify(Object.entries(state).filter(([, value]) => !isSecret(value)));
    expect(plain).not.toContain(reveal<Password>(state).result);
  });

  test("comes with a bcrypt hash of the password", async () => {
    const { result, bcryptHash } = reveal<Password>(
      (await plugin.create("RandomPassword", { length: 20 })).state,
    );
    expect(compareSync(result, bcryptHash)).toBe(true);
    expect(bcryptHash).toMatch(/^\$2[ab]\$10\$/);
  });

  test("is another one each time", async () => {
    const made = await Promise.all(
      Array.from({ length: 5 }, () => plugin.create("RandomPassword", { length: 16 })),
    );
    expect(new Set(made.map(({ state }) => reveal<Password>(state).result)).size).toBe(5);
  });

  test("has at least the asked-for characters of each class", async () => {
    const inputs = { length: 10, minLower: 1, minUpper: 2, minNumeric: 3, minSpecial: 4 };
    const { result } = reveal<Password>((await plugin.create("RandomPassword", inputs)).state);
    expect([/[a-z]/g, /[A-Z]/g, /\d/g, /[^a-zA-Z\d]/g].map((pattern) => count(result, pattern))).toEqual([
      1, 2, 3, 4,
    ]);
  });

  test.each([
    [{ upper: false, numeric: false, special: false }, /^[a-z]{40}$/],
    [{ lower: false, numeric: false, special: false }, /^[A-Z]{40}$/],
    [{ lower: false, upper: false, special: false }, /^\d{40}$/],
    [{ lower: false, upper: false, number: false }, /^[!@#$%&*()\-_=+[\]{}<>:?]{40}$/],
    [{ lower: false, upper: false, numeric: false, overrideSpecial: "_~" }, /^[_~]{40}$/],
  ])("takes its characters only from the classes left by %j", async (inputs, pattern) => {
    const { state } = await plugin.create("RandomPassword", { length: 40, ...inputs });
    expect(reveal<Password>(state).result).toMatch(pattern);
  });

  test.each([
    [{ length: 0 }, '"length" must be at least 1, got 0'],
    [{ length: 3, minLower: 2, minUpper: 2 }, "length must be at least 4, the sum of the minimums, got 3"],
    [
      { length: 3, lower: false, upper: false, numeric: false, special: false },
      "at least one of lower, upper, numeric and special must be true",
    ],
    [
      { length: 3, number: true, numeric: false },
      "number and numeric are both configured with different values",
    ],
  ])("is refused as %j", async (inputs, reason) => {
    expect((await plugin.check("RandomPassword", inputs)).failures).toEqual([reason]);
  });

  test.each([
    [{ length: 17 }, "length"],
    [{ special: false }, "special"],
    [{ overrideSpecial: "!" }, "overrideSpecial"],
    [{ minLower: 1 }, "minLower"],
    [{ keepers: { a: "2", c: "3" } }, "keepers"],
    [{ keepers: { a: "1", b: "1", c: "" } }, "keepers"],
    [{ length: UNKNOWN }, "length"],
  ])("is replaced when its inputs change by %j", async (change, property) => {
    const inputs = { length: 16, keepers: { a: "1", b: "1" } };
    const { state } = await plugin.create("RandomPassword", inputs);
    expect(await plugin.diff("RandomPassword", state, { ...inputs, ...change })).toEqual({
      changed: true,
      replaces: [property],
      detail: {},
    });
  });

  test("stays when nothing but a default is written out", async () => {
    const { state } = await plugin.create("RandomPassword", { length: 16 });
    const news = { length: 16, lower: true, numeric: true };
    expect(await plugin.diff("RandomPassword", state, news)).toEqual({
      changed: false,
      replaces: [],
      detail: {},
    });
  });

  test("is unknown during a preview, unlike its inputs", async () => {
    const { id, state } = await plugin.create("RandomPassword", { length: 16 }, true);
    expect(id).toBe("");
    expect(reveal(state)).toMatchObject({ result: UNKNOWN, bcryptHash: UNKNOWN, id: UNKNOWN, length: 16 });
  });

  test("may have unknown inputs during a preview", async () => {
    const inputs = { length: UNKNOWN, keepers: { host: UNKNOWN } };
    expect(await plugin.check("RandomPassword", inputs)).toEqual({ inputs, failures: [] });
    const { state } = await plugin.create("RandomPassword", inputs, true);
    expect(state).toMatchObject(inputs);
  });

  test("is imported from the password itself", async () => {
    const { id, state, inputs } = await plugin.read("RandomPassword", "pässword");
    expect(id).toBe("none");
    expect(inputs).toEqual({ length: 9, number: true, numeric: true });
    expect(isSecret(state.result)).toBe(true);
    expect((await plugin.diff("RandomPassword", state, { length: 9 })).changed).toBe(false);
  });

  test("is read as it is, still secret", async () => {
    const { state } = await plugin.create("RandomPassword", { length: 16 });
    const read = await plugin.read("RandomPassword", "none", reveal(state), { length: 16 });
    expect(read).toEqual({ id: "none", state, inputs: { length: 16 } });
  });

  test("is deleted without further ado", async () => {
    await expect(plugin.delete("RandomPassword", {})).resolves.toBeUndefined();
  });
});

describe("the other random resources", () => {
  test("a RandomString is its own id and no secret", async () => {
    const { id, state } = await plugin.create("RandomString", { length: 12, special: false });
    expect(state.result).toMatch(/^[a-zA-Z0-9]{12}$/);
    expect(id).toBe(state.result);
  });

  test("a RandomId gives the same bytes in every notation, after the prefix", async () => {
    const { id, state } = await plugin.create("RandomId", { byteLength: 8, prefix: "p-" });
    const bytes = Buffer.from(id, "base64url");
    expect(bytes).toHaveLength(8);
    expect(state).toMatchObject({
      b64Url: `p-${bytes.toString("base64url")}`,
      b64Std: `p-${bytes.toString("base64")}`,
      hex: `p-${bytes.toString("hex")}`,
      dec: `p-${bytes.readBigUInt64BE()}`,
    });
  });

  test("a RandomId is imported with its prefix", async () => {
    const { id, state, inputs } = await plugin.read("RandomId", "a,b,AQID");
    expect(id).toBe("AQID");
    expect(inputs).toEqual({ byteLength: 3, prefix: "a,b" });
    expect(state.hex).toBe("a,b010203");
  });

  test("RandomBytes are secret in both notations", async () => {
    const { state } = await plugin.create("RandomBytes", { length: 16 });
    expect([isSecret(state.base64), isSecret(state.hex)]).toEqual([true, true]);
    const { base64, hex } = reveal<{ base64: string; hex: string }>(state);
    expect(Buffer.from(base64, "base64").toString("hex")).toBe(hex);
  });

  test("a RandomInteger lies within its bounds and depends only on its seed if it has one", async () => {
    const bounds = { min: -3, max: 3 };
    const { id, state } = await plugin.create("RandomInteger", bounds);
    expect(id).toBe(String(state.result));
    expect(Math.abs(Number(state.result))).toBeLessThanOrEqual(3);
    const seeded = { min: 0, max: 1_000_000, seed: "s" };
    const [one, two] = [
      await plugin.create("RandomInteger", seeded),
      await plugin.create("RandomInteger", seeded),
    ];
    expect(one.id).toBe(two.id);
    expect((await plugin.check("RandomInteger", { min: 2, max: 1 })).failures).toHaveLength(1);
  });

  test("a RandomShuffle repeats its items only when it has to", async () => {
    const inputs = ["a", "b", "c"];
    const all = await plugin.create("RandomShuffle", { inputs });
    expect([...reveal<Shuffled>(all.state).results].sort()).toEqual(inputs);
    const more = await plugin.create("RandomShuffle", { inputs, resultCount: 5 });
    const { results } = reveal<Shuffled>(more.state);
    expect(results).toHaveLength(5);
    expect(new Set(results.slice(0, 3)).size).toBe(3);
  });

  test("a RandomPet has as many words as asked for", async () => {
    expect((await plugin.create("RandomPet", {})).id).toMatch(/^[a-z]+-[a-z]+$/);
    const { id } = await plugin.create("RandomPet", { length: 3, separator: "_", prefix: "the" });
    expect(id).toMatch(/^the_[a-z]+_[a-z]+_[a-z]+$/);
  });

  test("a RandomUuid is a version 4 one", async () => {
    expect((await plugin.create("RandomUuid", {})).id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-/);
  });
});
