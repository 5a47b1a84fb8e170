import { claimOf, claimPromotion, nextWriter } from "../../../../src/cnpg/provider/claim";
import { FakeClock } from "../fake-clock";
import { FakeRegion } from "./fake-region";

const names = ["dublin", "lisbon", "rome"];

function claim(
  to: string,
  on: FakeRegion[],
  everyone: FakeRegion[],
  timeline = 3,
  time = new FakeClock(),
): Promise<void> {
  const seen = (regions: FakeRegion[]) => regions.map((each) => each.seen());
  return claimPromotion({ timeline, to }, seen(on), seen(everyone), names, time);
}

function reader(name: string): FakeRegion {
  return new FakeRegion(name, { primary: "rome" });
}

describe("The claim of a promotion", () => {
  it("is won by exactly one of two updates that promote two regions at once", async () => {
    const [rome, lisbon, dublin] = [reader("rome"), reader("lisbon"), reader("dublin")];
    const promote = async (region: FakeRegion) => {
      await claim(region.name, [rome], [rome, lisbon, dublin]);
      region.promote();
    };
    const results = await Promise.allSettled([promote(lisbon), promote(dublin)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = results.find((result) => result.status === "rejected")!;
    expect((lost.reason as Error).message).toMatch(/^another pulumi up has given the role .* writes now/);
  });

  it("is judged again where another update claims between the look and the patch", async () => {
    const [rome, lisbon] = [reader("rome"), new FakeRegion("lisbon")];
    rome.beforeMerge = () => {
      rome.beforeMerge = () => undefined;
      void rome.merge({ metadata: { annotations: { [nextWriter]: "3 lisbon" } } });
    };
    await expect(claim("dublin", [rome], [rome, lisbon, reader("dublin")])).rejects.toThrow(
      /lisbon writes now/,
    );
    expect(claimOf(rome.live!)).toEqual({ timeline: 3, to: "lisbon" });
  });

  it("is taken over from an update that has ended without a promotion, and not before", async () => {
    const [rome, lisbon, dublin] = [reader("rome"), reader("lisbon"), reader("dublin")];
    await claim("lisbon", [rome], [rome, lisbon, dublin]);
    await claim("dublin", [rome], [rome, lisbon, dublin]);
    expect(claimOf(rome.live!)).toEqual({ timeline: 3, to: "dublin" });
  });

  it("is respected for the whole time again once its update has renewed it", async () => {
    const [rome, lisbon, dublin] = [reader("rome"), reader("lisbon"), reader("dublin")];
    const everyone = [rome, lisbon, dublin];
    const time = new FakeClock((seconds) => {
      if (seconds === 15) {
        void claim("lisbon", [rome], everyone, 3, time);
      } else if (seconds === 30) {
        lisbon.promote();
      }
    });
    await claim("lisbon", [rome], everyone, 3, time);
    await expect(claim("dublin", [rome], everyone, 3, time)).rejects.toThrow(/lisbon writes now/);
  });

  it("is void once the region that was claimed for has begun a timeline", async () => {
    const [rome, lisbon, dublin] = [reader("rome"), new FakeRegion("lisbon"), reader("dublin")];
    await claim("lisbon", [rome], [rome, dublin]);
    await claim("dublin", [rome], [rome, lisbon, dublin], 4);
    expect(claimOf(rome.live!)).toEqual({ timeline: 4, to: "dublin" });
  });

  it("is not taken over from a region that this state does not know", async () => {
    const rome = new FakeRegion("rome", { primary: "paris", annotations: { [nextWriter]: "3 paris" } });
    await expect(claim("lisbon", [rome], [rome])).rejects.toThrow(
      "another pulumi up has given the role of the writer to paris, as the Cluster of rome says, and paris is not in " +
        "regions: two states of one topology are in use",
    );
    expect(claimOf(rome.live!)?.to).toBe("paris");
  });

  it("meets that of another failover, whose lost regions differ, on a region that both ask", async () => {
    const [lisbon, dublin] = [reader("lisbon"), reader("dublin")];
    const promote = async (region: FakeRegion, asked: FakeRegion[]) => {
      await claim(region.name, asked, [lisbon, dublin]);
      region.promote();
    };
    const results = await Promise.allSettled([promote(lisbon, [lisbon, dublin]), promote(dublin, [dublin])]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
