import { handover } from "../../../src/aurora/provider/handover";
import type { HandoverInputs, HandoverOutputs } from "../../../src/aurora/provider/inputs";
import { password } from "../../../src/aurora/provider/password";
import { ApiFront } from "../../support/api-front";
import { MiniStack } from "../../support/ministack";

const places = { rome: "eu-south-1", lisbon: "eu-west-1", dublin: "eu-west-2" };
const version = "16.13";
let ministack: MiniStack;
let front: ApiFront;
const environment = { ...process.env };

beforeAll(async () => {
  ministack = await MiniStack.start();
  front = await ApiFront.before(ministack.endpoint);
  Object.assign(process.env, ministack.env, {
    AWS_ENDPOINT_URL: front.endpoint,
    AWS_ENDPOINT_URL_RDS: front.endpoint,
  });
});

afterAll(async () => {
  process.env = environment;
  front?.close();
  await ministack?.stop();
});

beforeEach(async () => {
  // The provider tells its progress there.
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  front.reset();
  await ministack.reset();
  await ministack.rds(places.rome).createGlobalCluster({
    GlobalClusterIdentifier: "shop",
    Engine: "aurora-postgresql",
    EngineVersion: version,
  });
  for (const [name, region] of Object.entries(places)) {
    await ministack.rds(region).createDBCluster({
      DBClusterIdentifier: `shop-${name}`,
      Engine: "aurora-postgresql",
      EngineVersion: version,
      GlobalClusterIdentifier: "shop",
      ...(name === "rome" ? { MasterUsername: "app", MasterUserPassword: "first-password" } : {}),
    });
    await ministack.rds(region).createDBInstance({
      DBInstanceIdentifier: `shop-${name}-1`,
      DBClusterIdentifier: `shop-${name}`,
      DBInstanceClass: "db.r6g.large",
      Engine: "aurora-postgresql",
    });
  }
});

describe("the provider of handovers, by AWS's SDK", () => {
  it("founds, switches over, and switches back, with nothing to do in between", async () => {
    const founded = await created(inputsOf("rome"));
    expect(founded.report).toMatchObject({ kind: "founding", to: "rome" });
    expect(await isDue(founded, inputsOf("rome"))).toBe(false);

    expect(await isDue(founded, inputsOf("lisbon"))).toBe(true);
    const there = await updated(founded, inputsOf("lisbon"));
    expect(there.report).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
    expect(await writer()).toBe("shop-lisbon");
    expect(await isDue(there, inputsOf("lisbon"))).toBe(false);

    const back = await updated(there, inputsOf("rome"));
    expect(back.report).toMatchObject({ kind: "switchover", from: "lisbon", to: "rome" });
    expect(await writer()).toBe("shop-rome");
    expect(await isDue(back, inputsOf("rome"))).toBe(false);
    expect(front.changes()).toEqual([
      "SwitchoverGlobalCluster eu-south-1",
      "SwitchoverGlobalCluster eu-west-1",
    ]);
  });

  it("fails over where the writer is lost, without a word to its AWS region", async () => {
    const founded = await created(inputsOf("rome"));
    front.reset();
    const over = await updated(founded, inputsOf("lisbon", ["rome"]));
    expect(over.report).toMatchObject({ kind: "failover", from: "rome", to: "lisbon" });
    expect(await writer()).toBe("shop-lisbon");
    expect(front.changes()).toEqual(["FailoverGlobalCluster eu-west-1"]);
    expect(front.seen.filter(({ region }) => region === places.rome)).toEqual([]);
    expect(await isDue(over, inputsOf("lisbon", ["rome"]))).toBe(false);

    const returned = await updated(over, inputsOf("lisbon"));
    expect(returned.report).toEqual(over.report);
    expect((await updated(returned, inputsOf("rome"))).report).toMatchObject({
      kind: "switchover",
      to: "rome",
    });
  });

  it("records what an update has done that was killed before it could", async () => {
    const founded = await created(inputsOf("rome"));
    await updated(founded, inputsOf("lisbon"));
    front.reset();
    const resumed = await updated(founded, inputsOf("lisbon"));
    expect(resumed.report).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
    expect(front.changes()).toEqual([]);
  });

  it("brings the writer back that was moved by hand", async () => {
    const founded = await created(inputsOf("rome"));
    const { DBClusters } = await ministack.rds(places.dublin).describeDBClusters();
    await ministack.rds(places.rome).switchoverGlobalCluster({
      GlobalClusterIdentifier: "shop",
      TargetDbClusterIdentifier: DBClusters![0]!.DBClusterArn!,
    });
    expect(await isDue(founded, inputsOf("rome"))).toBe(true);
    expect((await updated(founded, inputsOf("rome"))).report).toMatchObject({ from: "dublin", to: "rome" });
  });

  it.each([
    ["throttles", 400, "Throttling", "Rate exceeded"],
    ["has faults of its own", 503, "ServiceUnavailable", "Unavailable"],
    ["has internal failures", 500, "InternalFailure", "Internal"],
  ])("goes on where AWS %s for a while", async (_title, status, code, message) => {
    const founded = await created(inputsOf("rome"));
    front.failNext(4, status, code, message);
    const there = await updated(founded, inputsOf("lisbon"));
    expect(there.report).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
    expect(front.failures).toBe(0);
  });

  it("goes on where AWS hears a switchover, and its answer gets lost", async () => {
    const founded = await created(inputsOf("rome"));
    front.loseAnswerOf("SwitchoverGlobalCluster");
    const there = await updated(founded, inputsOf("lisbon"));
    expect(there.report).toMatchObject({ kind: "switchover", from: "rome", to: "lisbon" });
    expect(await writer()).toBe("shop-lisbon");
  });

  it("says that a global database is not there", async () => {
    await expect(created({ ...inputsOf("rome"), globalDatabaseId: "nowhere" })).rejects.toThrow(
      /^rome cannot be asked: .*nowhere not found/,
    );
  });

  it("moves the writer nowhere while a member has another version", async () => {
    const founded = await created(inputsOf("rome"));
    await ministack
      .rds(places.dublin)
      .modifyDBCluster({ DBClusterIdentifier: "shop-dublin", EngineVersion: "16.14" });
    const moving = updated(founded, inputsOf("lisbon"));
    // It waits: whoever upgrades is still at it.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await writer()).toBe("shop-rome");
    for (const [name, region] of Object.entries(places)) {
      await ministack
        .rds(region)
        .modifyDBCluster({ DBClusterIdentifier: `shop-${name}`, EngineVersion: "16.14" });
    }
    expect((await moving).report).toMatchObject({ kind: "switchover", to: "lisbon" });
  });
});

describe("the provider of the password, by AWS's SDK", () => {
  it("gives a new one to whichever region writes", async () => {
    const founded = await created(inputsOf("rome"));
    await updated(founded, inputsOf("lisbon"));
    front.reset();
    const { report, globalWriterHost, ...topology } = founded;
    expect([report.kind, globalWriterHost]).toEqual(["founding", ""]);
    await password.update!(
      "password",
      { ...topology, password: "old" },
      { ...topology, password: "new-password" },
    );
    expect(front.changes()).toEqual(["ModifyDBCluster eu-west-1"]);
  });
});

function inputsOf(primary: keyof typeof places, lost: string[] = []): HandoverInputs {
  const regions = Object.entries(places).map(([name, awsRegion]) => [
    name,
    { awsRegion, cluster: `shop-${name}`, activity: lost.includes(name) ? "lost" : "active", instances: 1 },
  ]);
  return {
    globalDatabaseId: "shop",
    primary,
    follows: false,
    engineVersion: version,
    database: "app",
    owner: "app",
    profile: "",
    regions: Object.fromEntries(regions) as HandoverInputs["regions"],
  };
}

async function created(inputs: HandoverInputs): Promise<HandoverOutputs> {
  return (await handover.create(inputs)).outs!;
}

async function updated(olds: HandoverOutputs, news: HandoverInputs): Promise<HandoverOutputs> {
  return (await handover.update!("handover", olds, news)).outs!;
}

async function isDue(olds: HandoverOutputs, news: HandoverInputs): Promise<boolean> {
  return (await handover.diff!("handover", olds, news)).changes!;
}

async function writer(): Promise<string | undefined> {
  const { GlobalClusters } = await ministack.rds(places.rome).describeGlobalClusters();
  return GlobalClusters?.[0]?.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter)
    ?.DBClusterArn?.split(":")
    .at(-1);
}
