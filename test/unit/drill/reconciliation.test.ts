import * as fc from "fast-check";
import { Ledger } from "../../../src/drill/ledger";
import { Reconciliation } from "../../../src/drill/reconciliation";

describe("Ledger", () => {
  it("counts what each writer attempted and what was acknowledged", () => {
    const ledger = new Ledger(2);
    expect([ledger.attempt(0), ledger.attempt(0), ledger.attempt(1)]).toEqual([0, 1, 0]);
    ledger.acknowledge(0, 1, 12.34);
    expect([ledger.attempted, ledger.acknowledged]).toEqual([3, 1]);
    expect([ledger.attemptedBy(0), ledger.attemptedBy(1), ledger.attemptedBy(7)]).toEqual([2, 1, 0]);
    expect([ledger.acknowledgedAt(0, 0), ledger.acknowledgedAt(0, 1)]).toEqual([undefined, 12.3]);
  });

  it("tells a row acknowledged at the very start from one that was not", () => {
    const ledger = new Ledger(1);
    ledger.acknowledge(0, ledger.attempt(0), 0);
    expect(ledger.acknowledgedAt(0, 0)).toBe(0);
  });

  it("finds when the oldest row was acknowledged that a reader does not have", () => {
    const ledger = new Ledger(1);
    [10, undefined, 30, 40].forEach((at) => {
      const sequence = ledger.attempt(0);
      if (at !== undefined) {
        ledger.acknowledge(0, sequence, at);
      }
    });
    expect([-1, 0, 1, 2, 3].map((newest) => ledger.acknowledgedAfter(0, newest))).toEqual([
      10,
      30,
      30,
      40,
      undefined,
    ]);
  });

  it("holds two million rows of one writer in 16 MB, and finds each again", () => {
    const ledger = new Ledger(1);
    const before = process.memoryUsage().arrayBuffers;
    for (let row = 0; row < 2_000_000; row++) {
      ledger.acknowledge(0, ledger.attempt(0), row);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * 16 * 2 ** 20);
    expect([0, 1023, 1024, 1_999_999].map((row) => ledger.acknowledgedAt(0, row))).toEqual([
      0, 1023, 1024, 1_999_999,
    ]);
  });
});

describe("Reconciliation", () => {
  it("tells lost rows from rows in doubt and from rows that nobody sent", () => {
    const ledger = new Ledger(2);
    for (let row = 0; row < 4; row++) {
      ledger.attempt(0);
    }
    [0, 1, 3].forEach((row) => ledger.acknowledge(0, row, row));
    const reconciliation = new Reconciliation(ledger);
    [
      [-1, 5],
      [0, -1],
      [0, 0],
      [0, 2],
      [0, 3],
      [0, 4],
      [1, 0],
      [2, 0],
    ].forEach(([writer, row]) => reconciliation.present(writer!, row!));
    reconciliation.finish();
    expect(reconciliation).toMatchObject({
      lost: 1,
      lostRows: [{ writer: 0, sequence: 1, acknowledgedAtMs: 1 }],
      unexpected: 5,
    });
  });

  it("names the first twenty lost rows and counts all", () => {
    const ledger = new Ledger(1);
    for (let row = 0; row < 50; row++) {
      ledger.acknowledge(0, ledger.attempt(0), row);
    }
    const reconciliation = new Reconciliation(ledger);
    reconciliation.finish();
    expect([reconciliation.lost, reconciliation.lostRows.length]).toEqual([50, 20]);
  });

  it("agrees with sets of rows, whatever was acknowledged and whatever is there", () => {
    const rows = fc.uniqueArray(fc.nat(99));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60), rows, rows), { minLength: 1, maxLength: 4 }), (writers) => {
        const ledger = new Ledger(writers.length);
        const expected = { lost: 0, unexpected: 0 };
        writers.forEach(([attempted, acknowledged, present], writer) => {
          for (let row = 0; row < attempted; row++) {
            ledger.attempt(writer);
            if (acknowledged.includes(row)) {
              ledger.acknowledge(writer, row, row);
              expected.lost += present.includes(row) ? 0 : 1;
            }
          }
          expected.unexpected += present.filter((row) => row >= attempted).length;
        });
        const reconciliation = new Reconciliation(ledger);
        writers.forEach(([, , present], writer) =>
          [...present]
            .sort((one, other) => one - other)
            .forEach((row) => reconciliation.present(writer, row)),
        );
        reconciliation.finish();
        expect(reconciliation).toMatchObject(expected);
      }),
    );
  });
});
