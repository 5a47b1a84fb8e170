import { turnBack } from "../../../../src/cnpg/provider/replication";
import { FakeRegion } from "./fake-region";

const lisbon = { primary: "db-lisbon", source: "db-lisbon" };

describe("A reader, once the writer is known", () => {
  it("follows the writer again where a handover of another state has turned the reader elsewhere", async () => {
    const rome = new FakeRegion("rome", { primary: "dublin" });
    await turnBack(rome.seen(), lisbon);
    expect(rome.live!.spec.replica).toMatchObject({ self: "db-rome", ...lisbon });
  });

  it("follows the writer again where an interrupted catch-up has turned the reader elsewhere", async () => {
    const dublin = new FakeRegion("dublin", { primary: "lisbon" });
    await turnBack(dublin.seen(), lisbon);
    expect(dublin.live!.spec.replica).toMatchObject({ self: "db-dublin", ...lisbon });
  });

  it("is left as it is where the reader follows the writer", async () => {
    const dublin = new FakeRegion("dublin", { primary: "rome" });
    await turnBack(dublin.seen(), { primary: "db-rome", source: "db-rome" });
    expect(dublin.patches).toEqual([]);
  });

  it("is not demoted where that region writes", async () => {
    const dublin = new FakeRegion("dublin");
    await turnBack(dublin.seen(), lisbon);
    expect(dublin.patches).toEqual([]);
  });
});
