import * as fc from "fast-check";
import {
  decodeToken,
  encodeToken,
  formatLsn,
  judgeToken,
  parseLsn,
  type DemotionToken,
  type Position,
} from "../../../src/handover/token";

const token: DemotionToken = {
  systemIdentifier: "7318349394477056001",
  timeline: 3,
  checkpoint: "1/3000148",
  region: "rome",
};
const checkpoint = 0x1_0300_0148n;

const lsns = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const tokens: fc.Arbitrary<DemotionToken> = fc.record({
  systemIdentifier: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  timeline: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  checkpoint: lsns.map(formatLsn),
  region: fc.stringMatching(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
});

describe("a demotion token", () => {
  it("is read back as it was written", () => {
    fc.assert(fc.property(tokens, (any) => expect(decodeToken(encodeToken(any))).toEqual(any)));
  });

  it("travels as one word that every shell and configuration file leaves alone", () => {
    fc.assert(fc.property(tokens, (any) => expect(encodeToken(any)).toMatch(/^[\w-]+$/)));
  });

  it("is frozen in its form: what a region wrote before an upgrade is read after it", () => {
    const text =
      "eyJzeXN0ZW1JZGVudGlmaWVyIjoiNzMxODM0OTM5NDQ3NzA1NjAwMSIsInRpbWVsaW5lIjozLCJjaGVja3BvaW50IjoiMS8zMDAwMTQ4" +
      "IiwicmVnaW9uIjoicm9tZSJ9";
    expect(decodeToken(text)).toEqual(token);
    expect(encodeToken(token)).toBe(text);
  });

  it("is read back without what does not belong to it", () => {
    expect(decodeToken(encodeToken({ ...token, more: 1 } as DemotionToken))).toEqual(token);
  });

  it.each(["", "not a token", "bm90IGEgdG9rZW4", encodeToken(token).slice(0, -4)])(
    "that is %j is refused: it cannot be read",
    (text) => {
      expect(() => decodeToken(text)).toThrow(
        "the demotion token cannot be read: it is not one that a demotion made",
      );
    },
  );

  const forgeries: [string, Record<string, unknown>][] = [
    ["no system identifier", { systemIdentifier: undefined }],
    ["a system identifier that is a number", { systemIdentifier: 7318349394477056 }],
    ["a system identifier with a sign", { systemIdentifier: "-7" }],
    ["an empty system identifier", { systemIdentifier: "" }],
    ["no timeline", { timeline: undefined }],
    ["a timeline that is a text", { timeline: "3" }],
    ["a timeline between two", { timeline: 2.5 }],
    ["no checkpoint", { checkpoint: undefined }],
    ["a checkpoint that is a number", { checkpoint: 3000148 }],
    ["a checkpoint of one part", { checkpoint: "3000148" }],
    ["a checkpoint of three parts", { checkpoint: "1/2/3" }],
    ["a checkpoint in words", { checkpoint: "zero/one" }],
    ["a checkpoint with more behind it", { checkpoint: "1/3000148\n; DROP" }],
    ["no region", { region: undefined }],
    ["a region that is a list", { region: ["rome"] }],
  ];

  it.each(forgeries)("with %s is refused: it lacks what a demotion writes", (_title, changes) => {
    const forged = Buffer.from(JSON.stringify({ ...token, ...changes })).toString("base64url");
    expect(() => decodeToken(forged)).toThrow(
      "the demotion token cannot be read: it lacks what a demotion writes into it",
    );
  });

  it.each(["null", "7", "[]", '"rome"'])("that holds %s is refused: it cannot be read", (json) => {
    expect(() => decodeToken(Buffer.from(json).toString("base64url"))).toThrow(
      "the demotion token cannot be read",
    );
  });

  it("is refused or read, whatever the text, and never anything else", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json().map((json) => Buffer.from(json).toString("base64url")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          decodeToken(text);
        } catch (error) {
          expect((error as Error).message).toMatch(/^the demotion token cannot be read: /);
        }
      }),
    );
  });
});

describe("a region that is to write by a token", () => {
  function verdict(position: Partial<Position>): ReturnType<typeof judgeToken> {
    const arrived = { systemIdentifier: token.systemIdentifier, timeline: 3, replayed: checkpoint + 0x70n };
    return judgeToken(token, { ...arrived, ...position });
  }

  it("is ready once it has replayed the shutdown checkpoint", () => {
    expect(verdict({})).toEqual({ verdict: "ready" });
  });

  it("is ready from the first byte past where the checkpoint begins", () => {
    expect(verdict({ replayed: checkpoint + 1n })).toEqual({ verdict: "ready" });
  });

  it("is behind while it has replayed nothing", () => {
    expect(verdict({ replayed: 0n })).toEqual({ verdict: "behind" });
  });

  it("is behind where the checkpoint begins: its record has not been replayed", () => {
    expect(verdict({ replayed: checkpoint })).toEqual({ verdict: "behind" });
  });

  it("is behind on an earlier timeline, wherever it is", () => {
    expect(verdict({ timeline: 2, replayed: 5n })).toEqual({ verdict: "behind" });
    expect(verdict({ timeline: 2 })).toEqual({ verdict: "behind" });
  });

  it("is ready as far as one page past the checkpoint, as long as any record", () => {
    expect(verdict({ replayed: checkpoint + 8192n })).toEqual({ verdict: "ready" });
  });

  it("refuses a token as stale where it has replayed more than that", () => {
    expect(verdict({ replayed: checkpoint + 8193n })).toEqual({
      verdict: "refused",
      reason:
        "the demotion token of rome is stale: it says timeline 3 at 1/3000148, and the region is past it, " +
        "on timeline 3 at 1/3002149",
    });
  });

  it("refuses a token as stale where it has followed somebody since, however little", () => {
    expect(verdict({ timeline: 4, replayed: 7n })).toEqual({
      verdict: "refused",
      reason:
        "the demotion token of rome is stale: it says timeline 3 at 1/3000148, and the region is past it, " +
        "on timeline 4 at 0/7",
    });
  });

  it("refuses a token of another database as foreign, before anything else", () => {
    expect(verdict({ systemIdentifier: "42", timeline: 9 })).toEqual({
      verdict: "refused",
      reason:
        "the demotion token of rome is foreign: it is of database 7318349394477056001, " +
        "and this is database 42",
    });
  });

  it("is never ready unless it is of the same database, on the same timeline, and past the checkpoint", () => {
    const positions = fc.record({
      systemIdentifier: fc.constantFrom(token.systemIdentifier, "42"),
      timeline: fc.integer({ min: 1, max: 5 }),
      replayed: fc.oneof(lsns, fc.bigInt({ min: checkpoint - 10_000n, max: checkpoint + 10_000n })),
    });
    fc.assert(
      fc.property(positions, (position) => {
        const ready =
          position.systemIdentifier === token.systemIdentifier &&
          position.timeline === 3 &&
          position.replayed > checkpoint &&
          position.replayed <= checkpoint + 8192n;
        expect(judgeToken(token, position).verdict === "ready").toBe(ready);
      }),
    );
  });
});

describe("a log position", () => {
  it.each([
    ["0/0", 0n],
    ["0/3000148", 0x3000148n],
    ["1/0", 2n ** 32n],
    ["16/B374D848", 0x16_b374_d848n],
    ["FFFFFFFF/FFFFFFFF", 2n ** 64n - 1n],
  ])("%s is read and written as PostgreSQL does", (text, position) => {
    expect(parseLsn(text)).toBe(position);
    expect(formatLsn(position)).toBe(text);
  });

  it("is read with the zeros that newer versions of PostgreSQL put before it", () => {
    expect(parseLsn("0/03000148")).toBe(0x3000148n);
  });

  it("is the same after it was written and read", () => {
    fc.assert(fc.property(lsns, (lsn) => expect(parseLsn(formatLsn(lsn))).toBe(lsn)));
  });

  it("keeps its order", () => {
    fc.assert(
      fc.property(lsns, lsns, (one, other) => {
        expect(parseLsn(formatLsn(one)) < parseLsn(formatLsn(other))).toBe(one < other);
      }),
    );
  });
});
