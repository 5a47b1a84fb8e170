import { judgeReader, readHistory } from "../../../src/postgres/reader-position";

const history = readHistory("1\t0/5000148\tno recovery target specified\n2\t0/9000000\tno recovery target\n");
// Its third timeline, and 16 MB segments from 0/4000000 on.
const writer = {
  timeline: "00000003",
  lsn: "0/9000200",
  oldest: "0000000000000004",
  segmentSize: 16 << 20,
  history,
};

describe("a reader", () => {
  test.each([
    ["on the writer's timeline", "00000003", "0/9000100"],
    ["on an earlier one, where the writer left it", "00000002", "0/9000000"],
    ["on an earlier one, before that", "00000001", "0/4000000"],
  ])("%s can follow", (_, timeline, lsn) => {
    expect(judgeReader({ timeline, lsn, recovering: true }, writer)).toBeUndefined();
  });

  test.each([
    [
      "went on where the writer is no more, on the same timeline",
      "00000003",
      "0/9000201",
      "only to 0/9000200",
    ],
    ["is on a later timeline", "00000007", "0/9000000", "on timeline 7, and the writer only to 0/9000200"],
  ])("that %s is ahead: it holds what the writer does not", (_, timeline, lsn, reason) => {
    const verdict = judgeReader({ timeline, lsn, recovering: true }, writer);
    expect(verdict).toMatchObject({ kind: "ahead", reason: expect.stringContaining(reason) });
    expect(verdict!.reason).toContain(lsn);
  });

  test.each([
    ["went on where the writer left", "diverged", "00000001", "0/5000200", "the writer left at 0/5000148"],
    ["was away for too long", "cannot follow", "00000001", "0/3FFFFF8", "writer's log begins at 0/4000000"],
  ])("that %s cannot follow any more", (_, kind, timeline, lsn, reason) => {
    expect(judgeReader({ timeline, lsn, recovering: true }, writer)).toEqual({
      kind,
      reason: expect.stringContaining(reason),
    });
  });

  test("that is on a timeline which the writer never had has diverged", () => {
    const other = { ...writer, history: history.slice(0, 1) };
    const verdict = judgeReader({ timeline: "00000002", lsn: "0/8000000", recovering: true }, other);
    expect(verdict).toEqual({ kind: "diverged", reason: "its timeline 2 is none of the writer's past" });
  });

  test("that somebody has promoted cannot follow", () => {
    const verdict = judgeReader({ timeline: "00000004", lsn: "0/9000400", recovering: false }, writer);
    expect(verdict).toEqual({
      kind: "cannot follow",
      reason: "somebody has promoted it by hand, to timeline 4",
    });
  });

  test("is compared with log files beyond the first 4 GB, too", () => {
    const later = { ...writer, lsn: "3/0", oldest: "00000002000000FF" };
    const at = (lsn: string) => judgeReader({ timeline: "00000003", lsn, recovering: true }, later);
    expect(at("2/FEFFFFFF")?.reason).toContain("begins at 2/FF000000");
    expect(at("2/FF000000")).toBeUndefined();
  });
});
