import { RegionCluster } from "../../../../src/cnpg/kubernetes/region";
import { claimOf, nextWriter } from "../../../../src/cnpg/provider/claim";
import { fencedFor, fencedInstances } from "../../../../src/cnpg/provider/fence";
import { handover } from "../../../../src/cnpg/provider/handover";
import type { HandoverInputs, HandoverOutputs } from "../../../../src/cnpg/provider/inputs";
import type { Activity } from "../../../../src/topology-plan";
import { FakeRegion } from "./fake-region";

const token = Buffer.from(
  JSON.stringify({
    databaseSystemIdentifier: "7",
    latestCheckpointTimelineID: "1",
    latestCheckpointREDOLocation: "0/3000028",
  }),
).toString("base64");
const noSocket = new Error("rome: psql in db-rome-1 has ended: connection failed: No such file or directory");

/** Regions that are found where the inputs lead to. */
function connectTo(...regions: (FakeRegion | string)[]): void {
  jest.spyOn(RegionCluster, "connect").mockImplementation(async ({ region }) => {
    const found = regions.find((each) => each instanceof FakeRegion && each.name === region);
    if (found === undefined) {
      throw new Error(`${region}: its Kubernetes API cannot be asked: timeout`);
    }
    return (found as FakeRegion).region;
  });
}

/** A reader of rome that has got so far. */
function reader(name: string, received = "0/3000100"): FakeRegion {
  const region = new FakeRegion(name, { primary: "rome" });
  region.answers = [
    [/system_identifier/, [{ identifier: "7", timeline: "00000001", replayed: received }]],
    [/AS timeline/, [{ timeline: "00000001" }]],
    [/AS lsn/, [{ lsn: received }]],
    [/AS done/, [{ done: true }]],
    [/AS at/, [{ at: null, behind: null }]],
  ];
  return region;
}

function inputs(primary: string, activities: Record<string, Activity>): HandoverInputs {
  const regions = Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      { activity, access: new FakeRegion(name).access },
    ]),
  );
  return { primary, founding: "rome", durability: "local", regions };
}

const all: Record<string, Activity> = { rome: "active", lisbon: "active", dublin: "active" };
const before: HandoverOutputs = {
  ...inputs("rome", all),
  report: { kind: "founding", to: "rome" },
  token: "",
};

async function update(news: HandoverInputs): Promise<HandoverOutputs> {
  return (await handover.update!("handover", before, news)).outs as HandoverOutputs;
}

let told: string[];
beforeEach(() => {
  told = [];
  jest.spyOn(console, "log").mockImplementation((text: string) => void told.push(text));
});
afterEach(() => jest.restoreAllMocks());

describe("A failover", () => {
  const lost = inputs("lisbon", { ...all, rome: "lost" });

  it("fences the lost writer for the next one, and claims the promotion on every region that is asked", async () => {
    const [rome, lisbon, dublin] = [new FakeRegion("rome"), reader("lisbon"), reader("dublin")];
    rome.answers = [[/SELECT 1/, noSocket]];
    connectTo(rome, lisbon, dublin);
    const { token: given, report } = await update(lost);
    expect([given, report]).toMatchObject(["", { kind: "failover", from: "rome", to: "lisbon" }]);
    expect(rome.live!.metadata.annotations).toEqual({ [fencedInstances]: '["*"]', [fencedFor]: "lisbon" });
    expect([lisbon, dublin].map(({ live }) => claimOf(live!))).toEqual([
      { timeline: 1, to: "lisbon" },
      { timeline: 1, to: "lisbon" },
    ]);
    expect(told).toEqual([]);
  });

  it("says that the lost writer could not be fenced", async () => {
    connectTo(reader("lisbon"), reader("dublin"));
    await update(lost);
    expect(told).toEqual([
      expect.stringMatching(/^warning: rome is not fenced: .* timeout\. If rome still runs/),
    ]);
  });

  it("promotes no one where another update has promoted another region", async () => {
    const [lisbon, dublin] = [reader("lisbon"), reader("dublin")];
    connectTo(lisbon, dublin);
    dublin.beforeMerge = () => {
      dublin.beforeMerge = () => undefined;
      void dublin.merge({ metadata: { annotations: { [nextWriter]: "1 dublin" } } });
      dublin.promote();
    };
    await expect(update(lost)).rejects.toThrow(
      /given the role of the writer to dublin, .* dublin writes now/,
    );
  });

  it("leaves the next writer following whom it followed, if it does not receive what another reader has", async () => {
    const [lisbon, dublin] = [reader("lisbon"), reader("dublin", "0/4000000")];
    connectTo(lisbon, dublin);
    let now = Date.now();
    jest.spyOn(Date, "now").mockImplementation(() => (now += 10_000));
    await expect(update(lost)).rejects.toThrow("dublin has more than lisbon, and lisbon has not received it");
    const sources = lisbon.patches.map(({ spec }) => spec?.replica);
    expect(sources).toEqual([{ source: "db-dublin" }, { source: "db-rome" }]);
  });

  it("is taken back: the writer of before is released and writes on", async () => {
    const annotations = { [fencedInstances]: '["*"]', [fencedFor]: "lisbon" };
    const rome = new FakeRegion("rome", { annotations });
    connectTo(rome, reader("lisbon"), reader("dublin"));
    const same = { ...before, ...inputs("rome", all) };
    expect((await handover.diff!("handover", before, same)).changes).toBe(true);
    expect((await update(same)).report).toEqual(before.report);
    expect(rome.live!.metadata.annotations).toEqual({});
  });
});

describe("A switchover", () => {
  it("hands the token on once it is claimed on the old writer's Cluster", async () => {
    const rome = new FakeRegion("rome", { primary: "lisbon", status: { demotionToken: token } });
    connectTo(rome, reader("lisbon"), reader("dublin"));
    expect((await update(inputs("lisbon", all))).token).toBe(token);
    expect(claimOf(rome.live!)).toEqual({ timeline: 1, to: "lisbon" });
  });

  it("tells in the preview what does not come along", async () => {
    const { inputs: checked } = await handover.check!(before, inputs("lisbon", all));
    expect((checked as HandoverInputs).steps).toContain(
      "unlogged tables are empty in lisbon, and logical replication slots of rome are not in lisbon",
    );
  });
});
