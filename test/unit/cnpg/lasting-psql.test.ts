import { lastingPsql } from "../../../src/cnpg/kubernetes/lasting-psql";
import type { Psql } from "../../../src/cnpg/kubernetes/psql";

/** psql that answers so often, and has then ended. */
function psql(name: string, answers: number) {
  const ask = jest.fn((sql: string) =>
    answers-- > 0 ? Promise.resolve([`${name}: ${sql}`]) : Promise.reject(new Error(`${name} has ended`)),
  );
  const session = { query: ask, run: ask, connect: ask, close: jest.fn() };
  return session as unknown as Psql & typeof session;
}

describe("psql at a server that may restart", () => {
  it("is opened again where it has ended, and asks again", async () => {
    const [first, second] = [psql("first", 1), psql("second", 2)];
    const open = jest.fn(() => Promise.resolve<Psql>(second));
    const lasting = lastingPsql(first, open);
    expect(await lasting.query("one")).toEqual(["first: one"]);
    expect(await lasting.query("two")).toEqual(["second: two"]);
    expect(await lasting.query("three")).toEqual(["second: three"]);
    expect(open).toHaveBeenCalledTimes(1);
    expect(first.close).toHaveBeenCalledTimes(1);
    lasting.close();
    await Promise.resolve();
    expect(second.close).toHaveBeenCalledTimes(1);
  });

  it("is opened once for all who ask", async () => {
    const open = jest.fn(() => Promise.resolve<Psql>(psql("second", 2)));
    const lasting = lastingPsql(psql("first", 0), open);
    const answers = await Promise.all([lasting.query("one"), lasting.query("two")]);
    expect(answers).toEqual([["second: one"], ["second: two"]]);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("tells what is wrong where that does not help", async () => {
    const lasting = lastingPsql(psql("first", 0), () => Promise.resolve<Psql>(psql("second", 0)));
    await expect(lasting.query("one")).rejects.toThrow("second has ended");
  });
});
