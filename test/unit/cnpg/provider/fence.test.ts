import { RegionCluster } from "../../../../src/cnpg/kubernetes/region";
import { fencedFor, fencedInstances, fenceLostWriter, liftFence } from "../../../../src/cnpg/provider/fence";
import type { TopologyInputs } from "../../../../src/cnpg/provider/inputs";
import { FakeRegion } from "./fake-region";

const noSocket = new Error("rome: psql in db-rome-1 has ended: connection failed: No such file or directory");

function connectTo(rome: FakeRegion | Error) {
  return jest.spyOn(RegionCluster, "connect").mockImplementation(async () => {
    if (rome instanceof Error) {
      throw rome;
    }
    return rome.region;
  });
}

afterEach(() => jest.restoreAllMocks());

describe("The fence of a lost writer", () => {
  it("is waited for until the server is down", async () => {
    const rome = new FakeRegion("rome");
    connectTo(rome);
    rome.answers = [[/SELECT 1/, [{ one: 1 }]]];
    let settled = false;
    const fenced = fenceLostWriter(rome.access, "lisbon", 10).finally(() => (settled = true));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(settled).toBe(false);
    expect(rome.live!.metadata.annotations).toEqual({ [fencedInstances]: '["*"]', [fencedFor]: "lisbon" });
    rome.answers = [[/SELECT 1/, noSocket]];
    expect(await fenced).toBeUndefined();
  });

  it("tells what was not possible, and ends", async () => {
    const rome = new FakeRegion("rome");
    connectTo(rome);
    rome.answers = [[/SELECT 1/, [{ one: 1 }]]];
    expect(await fenceLostWriter(rome.access, "lisbon", 0.3)).toBe(
      "rome is fenced, and was not seen to be down within 0.3 s: its server answers",
    );
    connectTo(new Error("rome: its Kubernetes API cannot be asked: timeout"));
    expect(await fenceLostWriter(rome.access, "lisbon")).toBe(
      "rome is not fenced: rome: its Kubernetes API cannot be asked: timeout",
    );
  });
});

describe("The fence of a failover that was abandoned", () => {
  const inputs = (...names: string[]) =>
    ({ regions: Object.fromEntries(names.map((name) => [name, {}])) }) as unknown as TopologyInputs;
  const fenced = () =>
    new FakeRegion("rome", {
      annotations: { [fencedInstances]: '["*"]', [fencedFor]: "lisbon", other: "1" },
    });

  it("is taken back where no one was promoted", async () => {
    const [rome, lisbon] = [fenced(), new FakeRegion("lisbon", { primary: "rome" })];
    await liftFence(rome.seen(), [rome.seen(), lisbon.seen()], inputs("rome", "lisbon"));
    expect(rome.live!.metadata.annotations).toEqual({ other: "1" });
  });

  it.each([
    ["writes", new FakeRegion("lisbon"), "lisbon has gone on without rome"],
    [
      "is on a later timeline",
      new FakeRegion("lisbon", { primary: "rome", status: { timelineID: 2 } }),
      "lisbon has gone on without rome",
    ],
    [
      "is not declared any more",
      new FakeRegion("dublin", { primary: "rome" }),
      "lisbon, which was to be promoted",
    ],
  ])("stays where the other region %s", async (_, other, reason) => {
    const rome = fenced();
    const known = inputs("rome", other.name);
    await expect(liftFence(rome.seen(), [rome.seen(), other.seen()], known)).rejects.toThrow(reason);
    expect(rome.live!.metadata.annotations).toHaveProperty([fencedInstances]);
  });
});
