import { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import { setImmediate as soon, setTimeout as sleep } from "node:timers/promises";
import { inTurn, openPsql, type Psql } from "../../../src/cnpg/kubernetes/psql";
import { TransientError } from "../../../src/kubernetes/transient";

describe("questions to one psql", () => {
  it("are asked one after the other, whoever asks, and a failure keeps nobody from asking", async () => {
    const asked: string[] = [];
    const answers: ((answer: string | Error) => void)[] = [];
    const ask = inTurn((question: string) => {
      asked.push(question);
      return new Promise<string>((resolve, reject) =>
        answers.push((answer) => (typeof answer === "string" ? resolve(answer) : reject(answer))),
      );
    });
    const [first, second, third] = ["first", "second", "third"].map((question) => ask(question));

    await soon();
    expect(asked).toEqual(["first"]);
    answers[0]!("one");
    expect(await first).toBe("one");
    await soon();
    expect(asked).toEqual(["first", "second"]);
    answers[1]!(new Error("no answer"));
    await expect(second).rejects.toThrow("no answer");
    await soon();
    answers[2]!("three");
    expect(await third).toBe("three");
  });
});

type Ended = (status: { status: string; message: string }) => void;

const access = { region: "rome", kubeconfig: "", context: "", namespace: "here", cluster: "db-rome" };

/** An exec in a pod, as the library has it: a program that answers when the test says so. */
class FakeExec {
  readonly socket = Object.assign(new EventEmitter(), { close: jest.fn(), terminate: jest.fn() });
  asked = "";
  #output!: Writable;
  #errors!: Writable;
  #ended!: Ended;

  /** @param started When it is, or why it is not. */
  constructor(private readonly started: Promise<void> = Promise.resolve()) {}

  async exec(...args: unknown[]) {
    const [, , , , output, errors, input, , ended] = args as unknown[] & { length: 9 };
    [this.#output, this.#errors] = [output as Writable, errors as Writable];
    this.#ended = ended as Ended;
    (input as Readable).on("data", (text: Buffer) => (this.asked += text.toString()));
    await this.started;
    return this.socket;
  }

  answer(text: string): void {
    this.#output.write(`${text}\n`);
  }

  end(complaint: string, message: string): void {
    if (complaint !== "") {
      this.#errors.write(complaint);
    }
    this.#ended({ status: "Failure", message });
    this.socket.emit("close");
  }
}

/** psql at a fake of an exec. */
function open(exec: FakeExec, seconds = 0.2): Promise<Psql> {
  return openPsql(exec as unknown as Parameters<typeof openPsql>[0], access, "db-rome-1", seconds);
}

const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe("psql in an instance", () => {
  it("gives the rows of a query", async () => {
    const exec = new FakeExec();
    const psql = await open(exec);
    const rows = psql.query("SELECT 1 AS one");
    await soon();
    exec.answer('[{"one": 1}]');
    expect(await rows).toEqual([{ one: 1 }]);
    expect(exec.asked).toContain("FROM (SELECT 1 AS one) AS answer");
  });

  it("lasts longer than the timeout of a question that was answered", async () => {
    const exec = new FakeExec();
    const psql = await open(exec, 0.05);
    const first = psql.query("SELECT 1 AS one");
    await soon();
    exec.answer('[{"one": 1}]');
    await first;
    await sleep(100);
    expect(exec.socket.close).not.toHaveBeenCalled();
    expect(exec.socket.terminate).not.toHaveBeenCalled();
  });

  test.each([
    ["its pod is gone", "", "command terminated with exit code 137"],
    ["the server restarts", "FATAL:  terminating connection due to administrator command", "exit code 2"],
    [
      "a query is in the way of replay",
      "ERROR:  canceling statement due to conflict with recovery",
      "exit code 3",
    ],
  ])("has ended in a way that may pass where %s", async (_, complaint, status) => {
    const exec = new FakeExec();
    const answer = failure((await open(exec)).query("SELECT 1"));
    await soon();
    exec.end(complaint, status);
    const error = await answer;
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ message: `rome: psql in db-rome-1 has ended: ${complaint || status}` });
  });

  it("has ended for good where a statement is wrong", async () => {
    const exec = new FakeExec();
    const answer = failure((await open(exec)).query("SELCT"));
    await soon();
    exec.end('ERROR:  syntax error at or near "SELCT"', "exit code 3");
    expect(await answer).not.toBeInstanceOf(TransientError);
  });

  it("is given up where it does not answer, so that a late answer is none to the next question", async () => {
    const exec = new FakeExec();
    const error = await failure((await open(exec)).query("SELECT pg_sleep(100)"));
    expect(error).toBeInstanceOf(TransientError);
    expect(exec.socket.terminate).toHaveBeenCalled();
  });

  it("breaks in a way that may pass where its connection does", async () => {
    const exec = new FakeExec();
    const answer = failure((await open(exec)).query("SELECT 1"));
    await soon();
    exec.socket.emit("error", new Error("read ECONNRESET"));
    exec.socket.emit("close");
    const error = await answer;
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ message: expect.stringContaining("read ECONNRESET") });
  });

  test.each([
    ["429", true],
    ["500", true],
    ["404", true],
    ["403", false],
  ])("that is not started for a %s may be started later: %s", async (code, passes) => {
    const refusal = Promise.reject(new Error(`Unexpected server response: ${code}`));
    const error = await failure(open(new FakeExec(refusal)));
    expect(error instanceof TransientError).toBe(passes);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^rome: psql cannot be started in db-rome-1/),
    });
  });

  it("is not waited for where the API server never answers", async () => {
    const error = await failure(open(new FakeExec(new Promise(() => undefined))));
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ isNetwork: true });
  });
});
