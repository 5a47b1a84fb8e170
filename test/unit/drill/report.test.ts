import { DatabaseError } from "pg";
import { ErrorTally } from "../../../src/drill/error-tally";
import { formatReport, type DrillReport } from "../../../src/drill/report";

const report: DrillReport = {
  startedAt: "2026-11-21T04:00:00.000Z",
  durationMs: 12_345,
  attempted: 5_310,
  acknowledged: 5_300,
  inDoubt: 10,
  lost: 0,
  lostRows: [],
  unexpected: 0,
  longestPauseMs: 1_432.1,
  totalPauseMs: 1_600,
  pauses: [],
  lightClient: { longestPauseMs: 1_210, totalPauseMs: 1_300 },
  longestStallMs: 20,
  secondWriterSamples: 0,
  secondWriters: [],
  regions: {
    rome: { samples: 300, samplesPerSecond: 24.3, acknowledged: 100 },
    lisbon: { samples: 300, samplesPerSecond: 24.3, acknowledged: 150 },
  },
  readerLag: { lisbon: { maxMs: 41 } },
  errors: [{ message: "writer: connection refused", count: 1_200 }],
  markers: [{ label: "pulumi up", atMs: 4_000 }],
};

describe("formatReport", () => {
  it("says in aligned lines what happened", () => {
    expect(formatReport(report)).toEqual([
      "rows           5,300 acknowledged of 5,310 in 12.35 s",
      "lost           0",
      "unexpected     0",
      "write pause    1.43 s the longest, 1.60 s in all",
      "light client   1.21 s the longest, 1.30 s in all",
      "second writer  never",
      "sampled        rome 24 Hz, lisbon 24 Hz",
      "reader lag     at most lisbon 41 ms",
      "marker         4.00 s pulumi up",
      "error          1,200 × writer: connection refused",
    ]);
  });

  it("names the first second writer", () => {
    const secondWriters = [{ from: 5_000, to: 5_010, regions: ["lisbon", "rome"] }];
    expect(formatReport({ ...report, secondWriterSamples: 7, secondWriters, readerLag: {} })).toEqual(
      expect.arrayContaining([
        "second writer  7 samples, the first 5.00 s after the start: lisbon, rome",
        "reader lag     no reader seen",
      ]),
    );
  });
});

describe("ErrorTally", () => {
  it("counts the same complaint of the same party once, the most frequent first", () => {
    const tally = new ErrorTally();
    tally.add("rome", new Error("refused"));
    tally.add("writer", new Error("refused"));
    tally.add("writer", new Error("refused"));
    expect(tally.counts()).toEqual([
      { message: "writer: refused", count: 2 },
      { message: "rome: refused", count: 1 },
    ]);
  });

  it("says what every address of a name answered, and SQL's error codes", () => {
    const tally = new ErrorTally();
    const readOnly = Object.assign(new DatabaseError("cannot execute INSERT", 1, "error"), { code: "25006" });
    tally.add("writer", new AggregateError([new Error("::1 refused"), new Error("127.0.0.1 refused")]));
    tally.add("writer", readOnly);
    expect(tally.counts().map(({ message }) => message)).toEqual([
      "writer: ::1 refused; 127.0.0.1 refused",
      "writer: cannot execute INSERT (25006)",
    ]);
  });

  it("keeps a hundred messages apart and counts the others together", () => {
    const tally = new ErrorTally();
    for (let number = 0; number < 150; number++) {
      tally.add("writer", new Error(`error ${number}`));
    }
    expect(tally.counts()).toHaveLength(101);
    expect(tally.counts()[0]).toEqual({ message: "writer: others", count: 50 });
  });
});
