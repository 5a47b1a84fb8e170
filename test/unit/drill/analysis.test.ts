import * as fc from "fast-check";
import { PauseMeter, pausesBetween, secondWriters, type Sample } from "../../../src/drill/analysis";

describe("the pauses of a light client", () => {
  it("are between what any region acknowledged", () => {
    const sample = (to: number, acknowledged: boolean): Sample => ({ from: to - 5, to, acknowledged });
    const rome = [sample(50, true), sample(100, true), sample(150, false)];
    const lisbon = [sample(60, false), sample(400, true), sample(450, true)];
    expect(pausesBetween([rome, lisbon], 460)).toEqual({ longestPauseMs: 300, totalPauseMs: 300 });
    expect(pausesBetween([[]], 1000)).toEqual({ longestPauseMs: 1000, totalPauseMs: 1000 });
  });
});

describe("PauseMeter", () => {
  function measure(times: number[], end: number) {
    const meter = new PauseMeter();
    times.forEach((at) => meter.acknowledged(at));
    return meter.finish(end);
  }

  it("finds the pauses between acknowledgements, and knows the longest", () => {
    expect(measure([10, 20, 150, 160, 500], 510)).toEqual({
      longestPauseMs: 340,
      totalPauseMs: 130 + 340,
      pauses: [
        { from: 20, to: 150, ms: 130 },
        { from: 160, to: 500, ms: 340 },
      ],
    });
  });

  it("counts the time before the first and after the last acknowledgement", () => {
    expect(measure([300, 310], 1000).pauses).toEqual([
      { from: 0, to: 300, ms: 300 },
      { from: 310, to: 1000, ms: 690 },
    ]);
    expect(measure([], 1000).longestPauseMs).toBe(1000);
  });

  it("takes an acknowledgement that comes after the end for no pause", () => {
    expect(measure([50, 120], 100)).toEqual({ longestPauseMs: 70, totalPauseMs: 0, pauses: [] });
  });

  it("agrees with the gaps of the whole timeline", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2000)), (instants) => {
        const times = [...instants].sort((one, other) => one - other);
        const gaps = [...times, 2000].map((at, index) => at - (times[index - 1] ?? 0));
        const report = measure(times, 2000);
        expect(report.longestPauseMs).toBe(Math.max(...gaps));
        expect(report.pauses.map(({ ms }) => ms)).toEqual(gaps.filter((gap) => gap > 100));
      }),
    );
  });
});

describe("secondWriters", () => {
  const yes = (from: number, to: number): Sample => ({ from, to, acknowledged: true });
  const no = (from: number, to: number): Sample => ({ from, to, acknowledged: false });

  it("finds a write of one region between two of another", () => {
    expect(secondWriters({ rome: [yes(0, 5), yes(40, 45)], lisbon: [yes(10, 15)] })).toEqual([
      { from: 10, to: 15, regions: ["lisbon", "rome"] },
    ]);
  });

  it("finds nothing where the other region refused in between: the writer may have gone there and back", () => {
    expect(secondWriters({ rome: [yes(0, 5), no(6, 8), yes(40, 45)], lisbon: [yes(10, 15)] })).toEqual([]);
  });

  it("finds nothing where the order of the two commits is not known", () => {
    expect(secondWriters({ rome: [yes(0, 5), yes(40, 45)], lisbon: [yes(42, 50)] })).toEqual([]);
    expect(secondWriters({ rome: [yes(0, 12), yes(40, 45)], lisbon: [yes(10, 15)] })).toEqual([]);
  });

  it("finds nothing in a region alone", () => {
    expect(secondWriters({ rome: [yes(0, 5), yes(40, 45), yes(80, 85)] })).toEqual([]);
  });

  it("takes a write that hung for no sign of a second writer, since it was committed who knows when", () => {
    const rome = [yes(0, 5), no(10, 510), yes(10, 900)];
    expect(secondWriters({ rome, lisbon: [yes(600, 610), yes(640, 650)] })).toEqual([]);
  });

  it("names three regions that write at once", () => {
    const steady = [yes(0, 5), yes(40, 45)];
    expect(secondWriters({ rome: steady, lisbon: steady, oslo: [yes(10, 15)] })).toEqual([
      { from: 10, to: 15, regions: ["oslo", "rome", "lisbon"] },
    ]);
  });

  const names = ["rome", "lisbon", "oslo"];

  /** When a region is sampled, how long each sample takes, and when within it the write is committed. */
  const timetable = fc.record({
    offset: fc.nat(40),
    latencies: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 60, maxLength: 60 }),
    moment: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  type Timetable = typeof timetable extends fc.Arbitrary<infer Value> ? Value : never;

  function sampled({ offset, latencies, moment }: Timetable, writes: (at: number) => boolean): Sample[] {
    let from = offset;
    return latencies.map((latency) => {
      const to = from + latency;
      const sample = { from, to, acknowledged: writes(from + moment * latency) };
      from = Math.max(to, from + 40);
      return sample;
    });
  }

  it("never suspects handovers that each leave every region sampled once between two writers", () => {
    fc.assert(
      fc.property(
        fc.tuple(timetable, timetable, timetable),
        fc.array(
          fc.record({
            to: fc.nat(2),
            writes: fc.integer({ min: 1, max: 500 }),
            pause: fc.integer({ min: 130, max: 400 }),
          }),
        ),
        (timetables, handovers) => {
          let at = 0;
          const reigns = handovers.map(({ to, writes, pause }) => {
            const reign = { region: to, from: at, to: at + writes };
            at += writes + pause;
            return reign;
          });
          const samples = timetables.map((each, region) =>
            sampled(each, (moment) =>
              reigns.some((reign) => reign.region === region && reign.from <= moment && moment < reign.to),
            ),
          );
          expect(
            secondWriters(Object.fromEntries(samples.map((each, index) => [names[index], each]))),
          ).toEqual([]);
        },
      ),
    );
  });

  it("always finds two regions that write at once for three samples of both", () => {
    fc.assert(
      fc.property(timetable, timetable, fc.integer({ min: 100, max: 800 }), (one, other, from) => {
        const to = from + 3 * 100;
        const found = secondWriters({
          rome: sampled(one, (at) => at < to),
          lisbon: sampled(other, (at) => at >= from),
        });
        expect(found.length).toBeGreaterThan(0);
      }),
    );
  });
});
