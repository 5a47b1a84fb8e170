import { handOver, handover, isDue } from "../../../../src/aurora/provider/handover";
import type { HandoverInputs, HandoverOutputs } from "../../../../src/aurora/provider/inputs";
import { NoCredentials } from "../../../../src/aurora/provider/rds-api";
import { arnOf, FakeClock, FakeRds, inputsOf, member } from "./fake-rds";

const founded = (inputs: HandoverInputs): HandoverOutputs => ({
  ...inputs,
  report: { kind: "founding", to: inputs.primary, at: "2026-11-20T05:00:00.000Z" },
  globalWriterHost: "db.global.example",
});

async function run(api: FakeRds, news: HandoverInputs, olds?: HandoverOutputs) {
  const time = new FakeClock(api.pass);
  const outputs = await handOver(news, olds, api, time);
  return { outputs, told: time.told };
}

const olds = founded(inputsOf("rome"));

describe("a handover", () => {
  it("founds a topology where its primary writes already", async () => {
    const api = new FakeRds();
    const { outputs } = await run(api, inputsOf("rome"));
    expect(outputs.report).toEqual({ kind: "founding", to: "rome", at: "2026-11-21T05:00:00.000Z" });
    expect(outputs.globalWriterHost).toBe("db.global.example");
    expect(api.asked).toEqual([]);
  });

  it("switches over where the writer is, waits until it has moved, and reports", async () => {
    const api = new FakeRds();
    const { outputs, told } = await run(api, inputsOf("lisbon"), olds);
    expect(api.asked).toEqual(["switching-over db in eu-south-1 to db-lisbon"]);
    expect(api.writer).toBe(arnOf("lisbon"));
    expect(outputs.report).toEqual({
      kind: "switchover",
      from: "rome",
      to: "lisbon",
      at: "2026-11-21T05:00:30.000Z",
    });
    expect(told).toEqual([
      "switchover from rome to lisbon: writes wait until lisbon accepts them",
      "0 s: lisbon does not write yet; the global database is switching-over",
    ]);
  });

  it("switches back", async () => {
    const api = new FakeRds();
    const { outputs } = await run(api, inputsOf("lisbon"), olds);
    const back = await run(api, inputsOf("rome"), outputs);
    expect(back.outputs.report).toMatchObject({ kind: "switchover", from: "lisbon", to: "rome" });
    expect(api.asked[1]).toBe("switching-over db in eu-west-1 to db-rome");
  });

  it("keeps the last report where nothing is handed over", async () => {
    const { outputs } = await run(new FakeRds(), inputsOf("rome"), olds);
    expect(outputs.report).toBe(olds.report);
  });

  it("fails over where the next writer is, and contacts nothing that is lost", async () => {
    const api = new FakeRds();
    api.unreachable.add("eu-south-1");
    const { outputs } = await run(api, inputsOf("lisbon", {}, ["rome"]), olds);
    expect(api.asked).toEqual(["failing-over db in eu-west-1 to db-lisbon"]);
    expect(api.contacted).not.toContain("eu-south-1");
    expect(outputs.report).toMatchObject({ kind: "failover", from: "rome", to: "lisbon" });
  });

  it("fails over though other readers are ill, and though a switchover from what is lost does not end", async () => {
    const api = new FakeRds();
    api.begin("switching-over", "lisbon");
    api.database = {
      ...api.database,
      status: "switching-over",
      change: { status: "switching-over", to: arnOf("lisbon"), allowsDataLoss: false },
    };
    api.setCluster("dublin", { engineVersion: "16.11" });
    const { outputs } = await run(api, inputsOf("lisbon", {}, ["rome"]), olds);
    expect(outputs.report.kind).toBe("failover");
  });

  it("does not fail over to a region that is not available", async () => {
    const api = new FakeRds();
    api.setCluster("lisbon", { status: "upgrading" });
    await expect(run(api, inputsOf("lisbon", {}, ["rome"]), olds)).rejects.toThrow(
      "the writer stays where it is: lisbon cannot take over within 300 s: lisbon is upgrading. Run pulumi up again",
    );
    expect(api.asked).toEqual([]);
  });

  it("asks nothing of a region that cannot be reached and is not lost: without its answer nothing is done", async () => {
    const api = new FakeRds();
    api.unreachable.add("eu-south-1");
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow(
      "rome cannot be asked: connect ETIMEDOUT. If AWS has lost rome, name it in lost and run pulumi up: " +
        "commits of a lost writer that no other region has received are lost",
    );
    expect(api.asked).toEqual([]);
  });

  it("tells missing rights and throttling as what they are, and advises no failover for them", async () => {
    for (const name of ["ExpiredTokenException", "AccessDenied", "ThrottlingException"]) {
      const api = new FakeRds();
      const refusal = Object.assign(new Error("no"), { name });
      api.refusals.set("eu-south-1", refusal);
      const error: unknown = await run(api, inputsOf("lisbon"), olds).catch((reason) => reason);
      expect(String(error)).toBe(`Error: rome cannot be asked: ${name}: no`);
    }
  });

  it("takes the silence of a service that gives credentials for no region's", async () => {
    const api = new FakeRds();
    const silence = Object.assign(new Error("connect ETIMEDOUT"), { code: "ETIMEDOUT" });
    api.refusals.set("eu-south-1", new NoCredentials(silence));
    const error: unknown = await run(api, inputsOf("lisbon"), olds).catch((reason) => reason);
    expect(String(error)).toBe("Error: rome cannot be asked: NoCredentials: connect ETIMEDOUT");
  });

  it("advises no failover where no region answers, nor to lose the region that is to write", async () => {
    const api = new FakeRds();
    api.unreachable.add("eu-west-1");
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow(
      "lisbon cannot be asked: connect ETIMEDOUT. lisbon is to write and cannot: give a primary that answers, or run " +
        "pulumi up again later",
    );
    ["eu-south-1", "eu-west-2"].forEach((region) => api.unreachable.add(region));
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow(
      "lisbon cannot be asked: connect ETIMEDOUT. No region answers: look whether this machine reaches AWS, and run " +
        "pulumi up again",
    );
  });

  it("tells a refusal before a silence", async () => {
    const api = new FakeRds();
    api.unreachable.add("eu-west-2");
    api.refusals.set("eu-south-1", Object.assign(new Error("no"), { name: "AccessDenied" }));
    const error: unknown = await run(api, inputsOf("lisbon"), olds).catch((reason) => reason);
    expect(String(error)).toBe("Error: rome cannot be asked: AccessDenied: no");
  });

  it("takes a time-out of AWS's SDK, and a refusal of every address, for silence", async () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    for (const silence of [
      Object.assign(new Error("no answer"), { name: "TimeoutError" }),
      new AggregateError([refused], "every address"),
      new Error("request failed", { cause: refused }),
    ]) {
      const api = new FakeRds();
      api.refusals.set("eu-south-1", silence);
      await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow("name it in lost and run pulumi up");
    }
  });

  it("waits for the primary alone after a failover, and tells how the other readers are", async () => {
    const api = new FakeRds();
    const lost = inputsOf("lisbon", {}, ["rome"]);
    const { outputs, told } = await run(api, lost, olds);
    expect(outputs.report).toMatchObject({ kind: "failover", at: "2026-11-21T05:00:30.000Z" });
    expect(told.at(-1)).toBe(
      "lisbon writes; dublin is rebuilding: AWS rebuilds readers after a failover, for minutes to hours, and the next " +
        "handover waits for them",
    );
    expect(await isDue(outputs, lost, api)).toBe(false);
  });

  it("does not move the writer on before the readers of a failover are rebuilt", async () => {
    const api = new FakeRds();
    const { outputs } = await run(api, inputsOf("lisbon", {}, ["rome"]), olds);
    const next = inputsOf("dublin", {}, ["rome"]);
    await expect(run(api, next, outputs)).rejects.toThrow(
      "the writer stays where it is: dublin cannot take over within 300 s: AWS rebuilds readers after a failover; " +
        "dublin is rebuilding. Run pulumi up again to go on",
    );
    api.pass(api.secondsToRebuild);
    expect((await run(api, next, outputs)).outputs.report).toMatchObject({
      kind: "switchover",
      to: "dublin",
    });
  });

  it("finishes a failover that was killed, and waits for no other reader", async () => {
    const api = new FakeRds();
    api.begin("failing-over", "lisbon");
    const { outputs } = await run(api, inputsOf("lisbon", {}, ["rome"]), olds);
    expect(api.asked).toEqual([]);
    expect(outputs.report).toMatchObject({ kind: "failover", from: "rome", to: "lisbon" });
  });

  it("tells a failover under way by the data loss that it allows, whatever its status is called", async () => {
    const api = new FakeRds();
    api.begin("failing-over", "lisbon");
    api.database = { ...api.database, status: "available" };
    await run(api, inputsOf("lisbon", {}, ["rome"]), olds);
    expect(api.asked).toEqual([]);
  });

  it("publishes a failover though another region has left the global database, and the next update says so", async () => {
    const api = new FakeRds();
    api.secondsToRebuild = 0;
    api.setMember("dublin", undefined);
    const lost = inputsOf("lisbon", {}, ["rome"]);
    const { outputs } = await run(api, lost, olds);
    expect(outputs.report.kind).toBe("failover");
    api.pass(1);
    await expect(isDue(outputs, lost, api)).rejects.toThrow("dublin left the global database");
  });

  it("fails over from the writer that it saw alone, and from no other that has become it meanwhile", async () => {
    const api = new FakeRds();
    api.setCluster("lisbon", { status: "upgrading" });
    const time = new FakeClock(() => {
      api.setCluster("lisbon", { status: "available" });
      const members = api.database.members.map((each) => ({
        ...each,
        isWriter: each.arn === arnOf("dublin"),
      }));
      api.database = { ...api.database, members };
    });
    await expect(handOver(inputsOf("lisbon", {}, ["rome"]), olds, api, time)).rejects.toThrow(
      "the writer stays where it is: dublin has become the writer meanwhile. Run pulumi up again",
    );
    expect(api.asked).toEqual([]);
  });

  it("refuses to call a cluster a reader that has left the global database", async () => {
    const api = new FakeRds();
    api.setMember("dublin", undefined);
    await expect(isDue(olds, inputsOf("rome"), api)).rejects.toThrow("dublin left the global database");
    await expect(run(api, inputsOf("rome"), olds)).rejects.toThrow(
      "dublin left the global database: its cluster is a database of its own, which follows no writer and may accept " +
        "writes. Save what only that cluster holds, take the region out of regions, which deletes the cluster, and " +
        "add the region again afterwards",
    );
  });

  it("moves the writer out of a region that is taken out in the same update", async () => {
    const api = new FakeRds();
    const { rome, ...regions } = olds.regions;
    expect(rome).toBeDefined();
    const { outputs } = await run(api, inputsOf("lisbon", { regions }), olds);
    expect(api.asked).toEqual(["switching-over db in eu-south-1 to db-lisbon"]);
    expect(outputs.report).toMatchObject({ kind: "switchover", from: "rome" });
  });

  it("brings the writer back that somebody has moved by hand", async () => {
    const api = new FakeRds("dublin");
    expect(await isDue(olds, inputsOf("rome"), api)).toBe(true);
    const { outputs } = await run(api, inputsOf("rome"), olds);
    expect(outputs.report).toMatchObject({ kind: "switchover", from: "dublin", to: "rome" });
  });

  it("is due where the inputs differ, and where another region writes", async () => {
    expect(await isDue(olds, inputsOf("rome"), new FakeRds())).toBe(false);
    expect(await isDue(olds, inputsOf("lisbon"), new FakeRds())).toBe(true);
    expect(await isDue(olds, inputsOf("rome", { follows: true }), new FakeRds("lisbon"))).toBe(true);
  });

  it("refuses to take the writer from a member that is none of its own", async () => {
    const api = new FakeRds();
    api.database = {
      ...api.database,
      members: api.database.members.map((each) =>
        each.isWriter ? { ...each, arn: "arn:aws:rds:us-east-1:1:cluster:elsewhere" } : each,
      ),
    };
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow(
      "arn:aws:rds:us-east-1:1:cluster:elsewhere writes, which is no region of this topology",
    );
  });

  it("refuses a target that is no member", async () => {
    const api = new FakeRds();
    api.setMember("lisbon", undefined);
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow(
      "lisbon is no member of the global database",
    );
  });

  it("follows a writer of another program, and never takes it over", async () => {
    const api = new FakeRds("rome");
    const inputs = inputsOf("lisbon", { follows: true, regions: { lisbon: member("lisbon") } });
    const { outputs } = await run(api, inputs);
    expect(outputs.report).toEqual({ kind: "following", to: "lisbon", at: "2026-11-21T05:00:00.000Z" });
    const again = await run(api, inputs, outputs);
    expect(again.outputs.report).toBe(outputs.report);
    expect(await isDue(outputs, inputs, api)).toBe(false);
    expect(api.asked).toEqual([]);
  });
});

describe("a handover that was interrupted", () => {
  it("is waited for where AWS is at it", async () => {
    const api = new FakeRds();
    api.begin("switching-over", "lisbon");
    const { outputs, told } = await run(api, inputsOf("lisbon"), olds);
    expect(api.asked).toEqual([]);
    expect(outputs.report).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
    expect(told).toEqual(["0 s: the global database is switching-over"]);
  });

  it("is reported where AWS has done it", async () => {
    const api = new FakeRds("lisbon");
    const { outputs } = await run(api, inputsOf("lisbon"), olds);
    expect(api.asked).toEqual([]);
    expect(outputs.report).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
  });

  it("is a failover where what wrote before is lost", async () => {
    const { outputs } = await run(new FakeRds("lisbon"), inputsOf("lisbon", {}, ["rome"]), olds);
    expect(outputs.report).toMatchObject({ kind: "failover", from: "rome", to: "lisbon" });
  });

  it("is waited for, and taken elsewhere then", async () => {
    const api = new FakeRds();
    api.begin("switching-over", "dublin");
    const { outputs } = await run(api, inputsOf("lisbon"), olds);
    expect(api.asked).toEqual(["switching-over db in eu-west-2 to db-lisbon"]);
    expect(outputs.report).toMatchObject({ kind: "switchover", from: "dublin", to: "lisbon" });
  });

  it("goes on where AWS has heard the request and its answer got lost", async () => {
    const api = new FakeRds();
    api.answer = { error: new Error("socket hang up"), andDoes: true };
    const { outputs } = await run(api, inputsOf("lisbon"), olds);
    expect(outputs.report).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
  });

  it("fails with AWS's own words where AWS refuses", async () => {
    const api = new FakeRds();
    api.answer = { error: new Error("Rate exceeded"), andDoes: false };
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow("Rate exceeded");
    expect(api.writer).toBe(arnOf("rome"));
    expect((await run(api, inputsOf("lisbon"), olds)).outputs.report.kind).toBe("switchover");
  });

  it("gives up after an hour, and says how to go on", async () => {
    const api = new FakeRds();
    api.secondsToMove = 1e9;
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow(
      "lisbon has been asked to write, but not everything is well within 3600 s: lisbon does not write yet; the global database is switching-over. Run pulumi up again to go on",
    );
  });
});

describe("before a switchover", () => {
  it.each([
    [
      "a member is ill",
      (api: FakeRds) => api.setCluster("dublin", { status: "modifying" }),
      "dublin is modifying",
    ],
    [
      "versions differ",
      (api: FakeRds) => api.setCluster("dublin", { engineVersion: "16.11" }),
      "dublin is of version 16.11, and lisbon of 16.13",
    ],
    [
      "a member is not in step",
      (api: FakeRds) => api.setMember("dublin", "pending-resync"),
      "dublin is pending-resync",
    ],
    [
      "the global database is busy",
      (api: FakeRds) => (api.database = { ...api.database, status: "upgrading" }),
      "the global database is upgrading",
    ],
  ])("it waits where %s, and asks nothing of AWS if that lasts", async (_title, change, reason) => {
    const api = new FakeRds();
    change(api);
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow(
      `the writer stays where it is: lisbon cannot take over within 300 s: ${reason}. Run pulumi up again to go on`,
    );
    expect(api.asked).toEqual([]);
    const mended = new FakeRds();
    change(mended);
    const mend = (seconds: number) => {
      mended.setCluster("dublin", { status: "available", engineVersion: "16.13" });
      mended.setMember("dublin", "connected");
      mended.database = {
        ...mended.database,
        ...(mended.database.status === "upgrading" && { status: "available" }),
      };
      mended.pass(seconds);
    };
    const { report } = await handOver(inputsOf("lisbon"), olds, mended, new FakeClock(mend));
    expect(report.kind).toBe("switchover");
  });

  it.each([
    [
      "the target has no instance",
      (api: FakeRds) => api.setCluster("lisbon", { instances: 0 }),
      "lisbon has no instance",
    ],
    [
      "a member left",
      (api: FakeRds) => api.setMember("dublin", undefined),
      "dublin is no member of the global database any more: take it out of regions, and add it afterwards",
    ],
    [
      "a cluster is gone",
      (api: FakeRds) => api.setCluster("dublin", undefined),
      "dublin has no cluster: if it was deleted by hand, run pulumi refresh",
    ],
  ])("it refuses at once where %s", async (_title, change, reason) => {
    const api = new FakeRds();
    change(api);
    await expect(run(api, inputsOf("lisbon"), olds)).rejects.toThrow(
      `the writer stays where it is: lisbon cannot take over: ${reason}`,
    );
    expect(api.asked).toEqual([]);
  });

  it("it takes a backup that runs for no obstacle", async () => {
    const api = new FakeRds();
    api.setCluster("dublin", { status: "backing-up" });
    expect((await run(api, inputsOf("lisbon"), olds)).outputs.report.kind).toBe("switchover");
  });
});

describe("a preview", () => {
  const check = async (before: Partial<HandoverInputs>, now: HandoverInputs) => {
    const { inputs, failures } = await handover.check!(before as HandoverInputs, now);
    return { steps: inputs?.steps, failures };
  };

  it("tells the steps of a switchover", async () => {
    expect((await check(inputsOf("rome"), inputsOf("lisbon"))).steps).toEqual([
      "every region is available, of one version and in step, or nothing is done",
      "rome becomes a reader by AWS's switchover: writes wait until lisbon has everything",
      "lisbon becomes the writer: writes go on",
      "dublin follows lisbon",
    ]);
  });

  it("tells the steps of a failover, and of what comes back", async () => {
    expect((await check(inputsOf("rome"), inputsOf("lisbon", {}, ["rome"]))).steps).toEqual([
      "rome is lost: it is not contacted, and not waited for",
      "lisbon is promoted by AWS without the consent of rome: what had not arrived is lost, and writes go on",
      "dublin follows lisbon once rebuilt by AWS, for minutes to hours: the next handover waits",
    ]);
    expect((await check(inputsOf("lisbon", {}, ["rome"]), inputsOf("lisbon"))).steps).toEqual([
      "rome comes back as a reader: AWS brings it level with the writer, or clones it afresh",
    ]);
  });

  it("keeps the last steps where there are no others, and has none at first", async () => {
    const steps = ["rome becomes a reader"];
    expect((await check(inputsOf("lisbon", { steps }), inputsOf("lisbon"))).steps).toEqual(steps);
    expect(await check({}, inputsOf("rome"))).toEqual({ steps: undefined, failures: [] });
  });

  it("refuses what would be another database", async () => {
    const { regions } = inputsOf("rome");
    const moved = {
      ...regions,
      lisbon: member("lisbon", { awsRegion: "eu-west-3", cluster: "shop-lisbon" }),
    };
    const { failures } = await check(
      inputsOf("rome"),
      inputsOf("rome", { database: "shop", globalDatabaseId: "other", regions: moved }),
    );
    expect(failures).toEqual([
      {
        property: "globalDatabaseId",
        reason: 'must stay "db", since another one would be another database, not "other"',
      },
      {
        property: "database",
        reason: 'must stay "app", since another one would be another database, not "shop"',
      },
      {
        property: "regions.lisbon.awsRegion",
        reason:
          'must stay "eu-west-1", since another one would be another database, not "eu-west-3": remove the region, and add it afterwards',
      },
      {
        property: "regions.lisbon.cluster",
        reason:
          'must stay "db-lisbon", since another one would be another database, not "shop-lisbon": remove the region, and add it afterwards',
      },
    ]);
  });

  it("refuses to add a region while the writer moves", async () => {
    const { dublin, ...regions } = inputsOf("rome").regions;
    expect(dublin).toBeDefined();
    expect((await check(inputsOf("rome", { regions }), inputsOf("lisbon"))).failures).toEqual([
      {
        property: "regions.dublin",
        reason: "must be added in an update of its own: in this one the writer moves from rome to lisbon",
      },
    ]);
    expect((await check(inputsOf("rome", { regions }), inputsOf("rome"))).failures).toEqual([]);
  });

  it("refuses to take out a region that is protected, and says what to do first", async () => {
    const { dublin, ...regions } = inputsOf("rome").regions;
    const without = inputsOf("rome", { regions });
    expect((await check(inputsOf("rome"), without)).failures).toEqual([
      {
        property: "regions.dublin",
        reason:
          "must stay, since its cluster is protected from deletion: set deletionProtection: false in dublin and run " +
          "pulumi up, and take it out of regions then, which deletes its data",
      },
    ]);
    const unprotected = { ...regions, dublin: { ...dublin!, mayBeDeleted: true } };
    expect((await check(inputsOf("rome", { regions: unprotected }), without)).failures).toEqual([]);
    expect((await check(inputsOf("rome", {}, ["dublin"]), without)).failures).toEqual([]);
  });

  it("refuses to take out the writer in the update that moves it", async () => {
    const { rome, ...regions } = inputsOf("rome").regions;
    const without = inputsOf("lisbon", { regions });
    const unprotected = { ...regions, rome: { ...rome!, mayBeDeleted: true } };
    const reasons = async (olds: HandoverInputs) =>
      (await check(olds, without)).failures!.map(({ reason }) => reason);
    expect(await reasons(inputsOf("rome"))).toEqual([
      "must stay while the writer moves from it to lisbon: run pulumi up with it, set deletionProtection: false in " +
        "rome and run pulumi up, and take it out of regions then",
    ]);
    expect(await reasons(inputsOf("rome", { regions: unprotected }))).toEqual([
      "must stay while the writer moves from it to lisbon: run pulumi up with it, and take it out of regions then",
    ]);
    expect(await reasons(inputsOf("lisbon", {}, ["rome"]))).toEqual([]);
  });

  it("refuses an upgrade while a region is lost", async () => {
    const upgraded = inputsOf("rome", { engineVersion: "16.14" }, ["dublin"]);
    expect((await check(inputsOf("rome"), upgraded)).failures).toEqual([
      { property: "engineVersion", reason: 'must stay "16.13" while dublin is lost, not "16.14"' },
    ]);
    expect((await check(inputsOf("rome"), inputsOf("rome", { engineVersion: "16.14" }))).failures).toEqual(
      [],
    );
  });
});
