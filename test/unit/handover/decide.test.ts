import * as fc from "fast-check";
import { decide, type Decision, type Observation, type Question } from "../../../src/handover/decide";
import { formatLsn } from "../../../src/handover/token";

const regions = ["rome", "lisbon", "dublin", "oslo"];

function region(name: string, more: Partial<Observation> = {}): Observation {
  return { region: name, writable: false, reached: [1, 1000n], ...more };
}

/** A region that was demoted where its log ends now. */
function demoted(name: string, timeline = 1, position = 1000n): Observation {
  const token = { systemIdentifier: "7", timeline, checkpoint: formatLsn(position), region: name };
  return region(name, { reached: [timeline, position], token });
}

function ask(question: Partial<Question>): Decision {
  return decide({ previous: "rome", primary: "lisbon", lost: [], observations: [], ...question });
}

const refusal = (reason: string): Decision => ({ action: "refuse", reason });

describe("a handover", () => {
  describe("has nothing to do", () => {
    it("where nothing exists yet", () => {
      expect(ask({ previous: undefined, primary: "rome" })).toEqual({ action: "none" });
    });

    it("where the writer's data is gone: its server says so", () => {
      expect(ask({ primary: "rome", observations: [region("lisbon")] })).toEqual({ action: "none" });
    });

    it("where the primary writes already", () => {
      const observations = [region("rome", { writable: true }), region("lisbon")];
      expect(ask({ primary: "rome", observations })).toEqual({ action: "none" });
    });

    it("where the primary was promoted by a handover that ended before it could say so", () => {
      const lisbon = region("lisbon", { writable: true, reached: [2, 2000n] });
      expect(ask({ observations: [demoted("rome"), lisbon] })).toEqual({ action: "none" });
    });
  });

  describe("is refused", () => {
    it("while the last writer still accepts writes", () => {
      expect(ask({ observations: [region("rome", { writable: true }), region("lisbon")] })).toEqual(
        refusal("rome still accepts writes: lisbon cannot be promoted before it is demoted"),
      );
    });

    it("while any other region accepts writes, whether or not the primary does", () => {
      const observations = [
        demoted("rome"),
        region("lisbon", { writable: true }),
        region("dublin", { writable: true }),
        region("oslo", { writable: true }),
      ];
      expect(ask({ observations })).toEqual(
        refusal("dublin, oslo still accepts writes: lisbon cannot be promoted before it is demoted"),
      );
    });

    it("while a region that was never the writer accepts writes, though nothing wrote before", () => {
      expect(ask({ previous: undefined, observations: [region("oslo", { writable: true })] })).toEqual(
        refusal("oslo still accepts writes: lisbon cannot be promoted before it is demoted"),
      );
    });

    it("where the primary holds no data, though the last writer was demoted", () => {
      expect(ask({ observations: [demoted("rome")] })).toEqual(
        refusal("lisbon holds no data yet: make it a reader first, and move the writer in the next update"),
      );
    });

    it("where the primary holds no data, though the last writer is lost", () => {
      expect(ask({ lost: ["rome"], observations: [region("dublin")] })).toMatchObject({ action: "refuse" });
    });

    it("where the last writer left no token and is not lost", () => {
      expect(ask({ observations: [region("rome"), region("lisbon")] })).toEqual(
        refusal(
          "rome was not demoted, so lisbon cannot know that nothing is missing: " +
            "if rome is gone for good, name it in lost",
        ),
      );
    });

    it("where the last writer is not even seen and is not lost", () => {
      expect(ask({ observations: [region("lisbon")] })).toMatchObject({ action: "refuse" });
    });

    it("where another region than the last writer is lost", () => {
      expect(ask({ lost: ["oslo"], observations: [region("lisbon")] })).toMatchObject({ action: "refuse" });
    });

    // The token is of the demotion before: what lisbon wrote since is nowhere to be seen.
    it("where the last writer is neither seen nor lost, though the one before it was demoted", () => {
      const observations = [demoted("rome"), region("dublin", { reached: [1, 900n] })];
      for (const primary of ["rome", "dublin"]) {
        expect(ask({ previous: "lisbon", primary, observations })).toMatchObject({ action: "refuse" });
      }
    });

    it("where nobody remembers who wrote last", () => {
      expect(ask({ previous: undefined, observations: [region("lisbon")] })).toEqual(
        refusal(
          "the last writer was not demoted, so lisbon cannot know that nothing is missing: " +
            "if it is gone for good, name it in lost",
        ),
      );
    });

    it("where the writer sleeps and another region is ahead of it on its timeline", () => {
      const observations = [
        region("rome", { reached: [1, 1000n] }),
        region("lisbon", { reached: [1, 1001n] }),
        region("dublin", { reached: [1, 999n] }),
      ];
      expect(ask({ primary: "rome", observations })).toEqual(
        refusal("rome does not write, and lisbon is ahead of it"),
      );
    });

    it("where the writer sleeps and others are on a later timeline, however short", () => {
      const observations = [
        demoted("rome"),
        region("lisbon", { reached: [2, 10n] }),
        region("oslo", { reached: [2, 9n] }),
      ];
      expect(ask({ primary: "rome", observations })).toEqual(
        refusal("rome does not write, and lisbon, oslo is ahead of it"),
      );
    });
  });

  describe("is a switchover", () => {
    it("where the last writer was demoted", () => {
      const rome = demoted("rome");
      expect(ask({ observations: [region("lisbon"), rome] })).toEqual({
        action: "switchover",
        token: rome.token,
      });
    });

    it("where the primary is behind: it is waited for", () => {
      const observations = [demoted("rome"), region("lisbon", { reached: [1, 10n] })];
      expect(ask({ observations })).toMatchObject({ action: "switchover" });
    });

    it("where the writer was demoted after a handover that nobody remembers", () => {
      const observations = [region("rome"), region("dublin"), demoted("lisbon", 2, 2000n)];
      expect(ask({ primary: "dublin", observations })).toMatchObject({
        action: "switchover",
        token: { region: "lisbon", timeline: 2 },
      });
    });

    it("back to the writer before, where the one since was demoted", () => {
      const observations = [demoted("rome"), demoted("lisbon", 2, 2000n)];
      expect(ask({ primary: "rome", observations })).toMatchObject({
        action: "switchover",
        token: { region: "lisbon" },
      });
    });

    it("by the token that reaches furthest, of two of one timeline", () => {
      const observations = [demoted("rome", 1, 0x20000000000n), region("lisbon"), demoted("dublin", 1, 5n)];
      expect(ask({ observations })).toMatchObject({ action: "switchover", token: { region: "rome" } });
    });
  });

  describe("is a resumption", () => {
    it("where the demoted writer is primary again before another was promoted", () => {
      expect(ask({ primary: "rome", observations: [demoted("rome"), region("lisbon")] })).toEqual({
        action: "resume",
      });
    });

    it("where the writer came up as a standby without ever having been demoted", () => {
      expect(ask({ primary: "rome", observations: [region("rome"), region("lisbon")] })).toEqual({
        action: "resume",
      });
    });

    it("where the primary was demoted after a handover that nobody remembers", () => {
      const observations = [region("rome"), demoted("lisbon", 2, 2000n)];
      expect(ask({ observations })).toEqual({ action: "resume" });
    });
  });

  describe("is a failover", () => {
    it("where the state is gone, nobody writes, and a region is named in lost", () => {
      const observations = [region("lisbon"), region("dublin")];
      expect(ask({ previous: undefined, lost: ["rome"], observations })).toEqual({ action: "failover" });
    });

    it("where the last writer is lost", () => {
      const observations = [region("lisbon"), region("dublin")];
      expect(ask({ lost: ["rome"], observations })).toEqual({ action: "failover" });
    });

    it("where a token is left of a demotion before the one that was lost wrote", () => {
      const observations = [demoted("rome"), region("lisbon", { reached: [2, 2000n] }), region("dublin")];
      expect(ask({ previous: "oslo", lost: ["oslo"], observations })).toEqual({ action: "failover" });
    });

    // A region that slept since its demotion keeps its token; a reader's control file tells the timeline of
    // its last restartpoint, which may be from before the lost writer was promoted.
    it("where the last writer is lost, though the one before it was demoted and slept since", () => {
      const observations = [demoted("rome"), region("dublin", { reached: [1, 900n] })];
      for (const primary of ["rome", "dublin"]) {
        expect(ask({ previous: "lisbon", primary, lost: ["lisbon"], observations })).toEqual({
          action: "failover",
        });
      }
    });
  });
});

describe("whatever is seen, a handover", () => {
  it("never promotes while another region accepts writes", () => {
    check((question, { action }) => {
      const others = question.observations.filter((other) => other.region !== question.primary);
      if (others.some(({ writable }) => writable)) {
        expect(action).toBe("refuse");
      }
    });
  });

  it("never promotes a region that is not seen, or that writes already", () => {
    check((question, { action }) => {
      const target = question.observations.find((each) => each.region === question.primary);
      if (target === undefined || target.writable) {
        expect(["none", "refuse"]).toContain(action);
      }
    });
  });

  it("is never a failover unless the last writer is lost, or nobody remembers it and a region is lost", () => {
    check(({ previous, lost }, { action }) => {
      if (previous === undefined ? lost.length === 0 : !lost.includes(previous)) {
        expect(action).not.toBe("failover");
      }
    });
  });

  it("never relies on a token that a region has gone past", () => {
    check(({ previous, primary, observations }, decision) => {
      const newest = Math.max(...observations.map(({ reached }) => reached[0]));
      if (decision.action === "switchover") {
        expect(decision.token.timeline).toBeGreaterThanOrEqual(newest);
      }
      if (decision.action === "resume" && previous !== primary) {
        const own = observations.find((each) => each.region === primary)?.token;
        expect(own?.timeline).toBeGreaterThanOrEqual(newest);
      }
    });
  });

  it("is never a resumption while another region is ahead", () => {
    check(({ primary, observations }, { action }) => {
      const target = observations.find((each) => each.region === primary);
      if (action === "resume") {
        const [timeline, position] = target!.reached;
        for (const { reached } of observations) {
          expect(reached[0]).toBeLessThanOrEqual(timeline);
          expect(reached[0] === timeline && reached[1] > position).toBe(false);
        }
      }
    });
  });

  it("is never a switchover from the primary to itself", () => {
    check(({ primary }, decision) => {
      if (decision.action === "switchover") {
        expect(decision.token.region).not.toBe(primary);
      }
    });
  });

  it("says why, where it is refused", () => {
    check(({ primary }, decision) => {
      if (decision.action === "refuse") {
        expect(decision.reason).toContain(primary);
        expect(decision.reason).not.toMatch(/undefined|\.$|^[A-Z]/);
      }
    });
  });

  it("does not depend on the order in which the regions are looked at", () => {
    const shuffled = questions.chain((question) =>
      fc
        .shuffledSubarray([...question.observations], { minLength: question.observations.length })
        .map((observations) => [question, { ...question, observations }] as const),
    );
    fc.assert(
      fc.property(shuffled, ([question, other]) => {
        expect(inAnyOrder(decide(other))).toEqual(inAnyOrder(decide(question)));
      }),
    );
  });
});

/** A refusal lists regions as they come. */
function inAnyOrder(decision: Decision): unknown {
  return decision.action === "refuse" ? decision.reason.split(/[ ,]+/).sort() : decision;
}

/** No two logs end at one place: two tokens that do would be of one demotion. */
const questions: fc.Arbitrary<Question> = fc.record({
  previous: fc.option(fc.constantFrom(...regions), { nil: undefined }),
  primary: fc.constantFrom(...regions),
  lost: fc.subarray(regions),
  observations: fc.subarray(regions).chain((seen) => fc.tuple(...seen.map(observation))),
});

function observation(name: string): fc.Arbitrary<Observation> {
  const positions = fc.nat({ max: 1000 }).map((n) => BigInt(n * regions.length + regions.indexOf(name)));
  return fc
    .record({
      writable: fc.constantFrom(false, false, false, false, true),
      timeline: fc.integer({ min: 1, max: 3 }),
      position: positions,
      token: fc.option(fc.record({ older: fc.nat({ max: 2 }), position: positions }), { nil: undefined }),
    })
    .map(({ writable, timeline, position, token }) => ({
      region: name,
      writable,
      reached: [timeline, position] as const,
      ...(token === undefined || token.older >= timeline
        ? {}
        : {
            token: {
              systemIdentifier: "7",
              timeline: timeline - token.older,
              checkpoint: formatLsn(token.position),
              region: name,
            },
          }),
    }));
}

function check(holds: (question: Question, decision: Decision) => void): void {
  fc.assert(
    fc.property(questions, (question) => holds(question, decide(question))),
    { numRuns: 1000 },
  );
}
