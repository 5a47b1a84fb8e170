import { setImmediate as soon } from "node:timers/promises";
import { inTurn } from "../../../src/cnpg/kubernetes/psql";

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
