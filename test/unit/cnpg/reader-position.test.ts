import { judgeReader, readHistory } from "../../../src/cnpg/reader-position";

const history = readHistory("1\t0/5000148\tno recovery target specified\n2\t0/9000000\tno recovery target\n");
// Its third timeline, and 16 MB segments from 0/4000000 on.
const writer = { timeline: "00000003", oldest: "0000000000000004", segmentSize: 16 << 20, history };

describe("a reader", () => {
  test.each([
    ["on the writer's timeline", "00000003", "0/9000100"],
    ["on an earlier one, where the writer left it", "00000002", "0/9000000"],
    ["on an earlier one, before that", "00000001", "0/4000000"],
  ])("%s can follow", (_, timeline, lsn) => {
    expect(judgeReader({ timeline, lsn }, writer)).toBeUndefined();
  });

  test.each([
    ["went on where the writer left", "00000001", "0/5000200", "the writer left at 0/5000148"],
    ["is on a timeline of its own", "00000007", "0/9000000", "timeline 7 is none of the writer's past"],
    ["was away for too long", "00000001", "0/3FFFFF8", "the writer's log begins at 0/4000000"],
  ])("that %s cannot follow any more", (_, timeline, lsn, reason) => {
    expect(judgeReader({ timeline, lsn }, writer)).toContain(reason);
  });

  test("is compared with log files beyond the first 4 GB, too", () => {
    const later = { ...writer, oldest: "00000002000000FF" };
    expect(judgeReader({ timeline: "00000003", lsn: "2/FEFFFFFF" }, later)).toContain("begins at 2/FF000000");
    expect(judgeReader({ timeline: "00000003", lsn: "2/FF000000" }, later)).toBeUndefined();
  });
});
