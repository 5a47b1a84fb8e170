import { TransientError } from "../../../src/kubernetes/transient";
import { lastingPsql } from "../../../src/cnpg/kubernetes/lasting-psql";
import type { Psql } from "../../../src/cnpg/kubernetes/psql";
import { FakeClock } from "./fake-clock";

/** psql that answers so often, and has then ended. */
function psql(
  name: string,
  answers: number,
  failure: Error = new TransientError(`${name} has ended`, false),
) {
  const ask = jest.fn((sql: string) =>
    answers-- > 0 ? Promise.resolve([`${name}: ${sql}`]) : Promise.reject(failure),
  );
  const session = { query: ask, run: ask, connect: ask, close: jest.fn() };
  return session as unknown as Psql & typeof session;
}

/** Opens one after the other, and the last one for ever. */
function opener(...sessions: (Psql | Error)[]) {
  return jest.fn(async () => {
    const next = sessions.length > 1 ? sessions.shift()! : sessions[0]!;
    if (next instanceof Error) {
      throw next;
    }
    return next;
  });
}

const busy = new TransientError("the API server is busy", false);

describe("psql at a server that may restart", () => {
  it("is opened again where it has ended, and asks again", async () => {
    const [first, second] = [psql("first", 1), psql("second", 2)];
    const open = opener(first, second);
    const lasting = lastingPsql(open, 30, new FakeClock());
    expect(await lasting.query("one")).toEqual(["first: one"]);
    expect(await lasting.query("two")).toEqual(["second: two"]);
    expect(await lasting.query("three")).toEqual(["second: three"]);
    expect(open).toHaveBeenCalledTimes(2);
    expect(first.close).toHaveBeenCalledTimes(1);
    lasting.close();
    await Promise.resolve();
    expect(second.close).toHaveBeenCalledTimes(1);
  });

  it("is opened again once for all that ask", async () => {
    const open = opener(psql("first", 0), psql("second", 2));
    const lasting = lastingPsql(open, 30, new FakeClock());
    const answers = await Promise.all([lasting.query("one"), lasting.query("two")]);
    expect(answers).toEqual([["second: one"], ["second: two"]]);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it("is opened again past API servers that are busy, and turned to the server where it was", async () => {
    const second = psql("second", 2);
    const open = opener(psql("first", 1), busy, busy, busy, second);
    const lasting = lastingPsql(open, 30, new FakeClock());
    await lasting.connect("host=outside");
    expect(await lasting.query("two")).toEqual(["second: two"]);
    expect(second.connect).toHaveBeenCalledWith("host=outside");
  });

  it("tells what is wrong where that does not help in time", async () => {
    const time = new FakeClock();
    const lasting = lastingPsql(opener(psql("first", 0)), 30, time);
    await expect(lasting.query("one")).rejects.toThrow("first has ended");
    expect(time.now() / 1000).toBeCloseTo(30, 0);
  });

  it("tells of a mistake at once, and can be asked something else after it", async () => {
    const time = new FakeClock();
    const open = opener(psql("first", 0, new Error("ERROR:  syntax error")), psql("second", 1));
    const lasting = lastingPsql(open, 30, time);
    await expect(lasting.query("SELCT")).rejects.toThrow("syntax error");
    expect(time.now()).toBe(0);
    expect(await lasting.query("two")).toEqual(["second: two"]);
  });
});
