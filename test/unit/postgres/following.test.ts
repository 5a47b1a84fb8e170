import { obstacleOf, type ReaderState } from "../../../src/postgres/following";

const upstream = { timeline: "00000002", lsn: "0/5000000", streams: { "db-lisbon": 60 } };
const reader: ReaderState = {
  recovering: true,
  replayed: "0/5000000",
  received: "0/5000000",
  timeline: 2,
  paused: false,
  waiting: false,
  delay: 0,
  reader: null,
};

const obstacle = (changes: Partial<ReaderState>, above = upstream, goal = "0/5000000", bytes?: number) =>
  obstacleOf("db-lisbon", { ...reader, ...changes }, above, goal, bytes);

describe("a region streams", () => {
  it("where it has replayed past the goal, on the timeline of the writer, for a while", () => {
    expect(obstacle({})).toBeUndefined();
  });

  it("where the log that it received ends within a record, and it has replayed the records before", () => {
    expect(obstacle({ replayed: "0/4FFFFC8", waiting: true })).toBeUndefined();
  });

  it("where the writer has gone on since the goal was taken", () => {
    const later = { ...upstream, lsn: "0/6000000" };
    expect(obstacle({ received: "0/5800000" }, later)).toBeUndefined();
    expect(obstacle({ received: "0/5800000" }, later, "0/5000000", 1 << 20)).toContain(
      "16777216 bytes behind",
    );
  });
});

describe("a region does not stream", () => {
  test.each<[string, Partial<ReaderState>, RegExp]>([
    [
      "whose log has passed the fork of the writer's timeline",
      { timeline: 1 },
      /^streams timeline 1, not 2$/,
    ],
    ["which receives nothing just now", { timeline: null }, /^does not stream$/],
    ["whose replay is paused", { paused: true }, /pg_wal_replay_resume/],
    ["which replays late", { delay: 300_000 }, /^replays 300 s late: recovery_min_apply_delay/],
    [
      "which somebody has promoted",
      { recovering: false },
      /^accepts writes: somebody has promoted it by hand$/,
    ],
    [
      "which has received, and not replayed",
      { replayed: "0/4000000" },
      /^is 16777216 bytes behind: .*0\/4000000$/,
    ],
    [
      "which waits for log that it has not received",
      { replayed: "0/4000000", received: "0/4000100", waiting: true },
      /^is 16777216 bytes behind/,
    ],
    ["which has never replayed anything", { replayed: null }, /^is 83886080 bytes behind/],
  ])("%s", (_, changes, message) => {
    expect(obstacle(changes)).toMatch(message);
  });

  it("which is ahead of the writer on its timeline, with both positions", () => {
    const told = obstacle({ received: "0/7000000", replayed: "0/7000000" });
    expect(told).toBe("has 0/7000000, which is more than 0/5000000, where the region that it follows is");
  });

  it("where a report keeps it from replaying, whose process is told", () => {
    const report = { pid: 321, user: "app", seconds: 44.4 };
    expect(obstacle({ replayed: "0/4000000", reader: report })).toMatch(
      /process 321 of app there has read for 44 s/,
    );
    expect(obstacle({ replayed: "0/4000000", reader: { ...report, seconds: 1 } })).not.toContain("321");
  });

  it("which the writer does not know, or has known for a moment only", () => {
    expect(obstacle({}, { ...upstream, streams: {} as typeof upstream.streams })).toBe("does not stream");
    expect(obstacle({}, { ...upstream, streams: { "db-lisbon": 0.25 } })).toBe("has streamed for 0.3 s only");
  });
});
