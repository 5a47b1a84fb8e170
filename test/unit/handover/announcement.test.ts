import {
  announce,
  dangersOf,
  withoutDangers,
  type DangerousChange,
} from "../../../src/handover/announcement";
import { previewOf } from "../../../src/local/provider/handover-preview";
import type { HandoverInputs } from "../../../src/local/provider/inputs";

const all = { rome: "active", lisbon: "active", dublin: "active" } as const;
const change: DangerousChange = {
  from: "rome",
  to: "rome",
  before: all,
  after: all,
  durability: "local",
  fateOf: () => "its data is deleted",
};

describe("the dangers of an update", () => {
  it("are none where nothing changes, and none in a switchover", () => {
    expect(dangersOf(change)).toEqual([]);
    expect(dangersOf({ ...change, to: "lisbon" })).toEqual([]);
    expect(dangersOf({ ...change, from: undefined, before: {} })).toEqual([]);
  });

  it("are what a failover may lose, by the durability of the old writer", () => {
    const failover = { ...change, to: "lisbon", after: { ...all, rome: "lost" } as const };
    expect(dangersOf(failover)).toEqual([
      "failover: lisbon is promoted without the consent of rome, and what rome acknowledged and no other region has received is lost",
    ]);
    expect(dangersOf({ ...failover, durability: "region" })).toEqual([
      'failover: lisbon is promoted without the consent of rome, and with durability "region" every acknowledged commit is in another region, which is asked first',
    ]);
  });

  it("are the data of regions that are taken out, unless it stays", () => {
    const { rome, lisbon } = all;
    const after = { rome, lisbon };
    expect(dangersOf({ ...change, after })).toEqual(["dublin is taken out of regions: its data is deleted"]);
    expect(dangersOf({ ...change, after, fateOf: () => undefined })).toEqual([]);
  });

  it("are what a region that rejoins holds alone", () => {
    expect(dangersOf({ ...change, before: { ...all, dublin: "lost" } })).toEqual([
      "dublin is taken out of lost and rejoins as a reader: what it alone holds is discarded",
    ]);
  });
});

describe("an announcement", () => {
  it("adds nothing where there is nothing to tell, so that the state of an earlier version shows no change", () => {
    expect(announce({}, { primary: "rome" }, { steps: [], dangers: [] })).toEqual({ primary: "rome" });
  });

  it("keeps the steps of the last handover, and no danger", () => {
    const olds = { steps: ["one"], dangers: ["old"] };
    expect(announce(olds, { primary: "rome" }, {})).toEqual({ primary: "rome", steps: ["one"] });
    expect(withoutDangers({ primary: "rome", ...olds })).toEqual({ primary: "rome", steps: ["one"] });
  });
});

describe("the preview of a handover on this machine", () => {
  const region = (name: string) => ({
    folder: `/data/${name}`,
    host: "localhost",
    port: 1,
    hibernated: false,
  });
  const inputs: HandoverInputs = {
    primary: "rome",
    durability: "local",
    lost: [],
    regions: { rome: region("rome"), lisbon: region("lisbon") },
    caCertificate: "ca",
    superuserPassword: "password",
  };

  it("has the steps of a switchover", () => {
    const { steps, dangers } = previewOf(inputs, { ...inputs, primary: "lisbon" });
    expect(steps).toContain("rome becomes a reader: writes wait");
    expect(dangers).toBeUndefined();
  });

  it("names the folder of a region that is taken out, unless data is kept", () => {
    const news = { ...inputs, regions: { rome: region("rome") } };
    expect(previewOf(inputs, news).dangers).toEqual([
      "lisbon is taken out of regions: its data in /data/lisbon is deleted",
    ]);
    expect(previewOf({ ...inputs, keepData: true }, news).dangers).toBeUndefined();
  });

  it("takes a region of an earlier update for lost where it was in lost", () => {
    const failover = { ...inputs, primary: "lisbon", lost: ["rome"], regions: { lisbon: region("lisbon") } };
    expect(previewOf(inputs, failover).dangers).toEqual([expect.stringContaining("failover: lisbon")]);
    expect(previewOf(failover, failover).dangers).toBeUndefined();
  });
});
