import { stillness } from "../../../src/cnpg/provider/stillness";

describe("what stays at one version", () => {
  it("is still after a while, and then only after twice as long: whoever is slow gets done in between", () => {
    let time = 0;
    const isStill = stillness(() => time);
    let [version, changed] = [1, 0];
    const gaps: number[] = [];
    for (; time < 13_000; time += 10) {
      if (isStill(String(version))) {
        gaps.push(time - changed);
        [version, changed] = [version + 1, time];
      }
    }
    expect(gaps).toEqual([410, 820, 1620, 3220, 6420]);
  });

  it("is not still as long as somebody else changes it", () => {
    let time = 0;
    const isStill = stillness(() => time);
    for (let version = 0; version < 100; version++, time += 300) {
      expect(isStill(String(version))).toBe(false);
    }
  });
});
