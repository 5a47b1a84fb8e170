import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { handover } from "../../../src/aurora/provider/handover";
import type { HandoverInputs, HandoverOutputs } from "../../../src/aurora/provider/inputs";
import { password } from "../../../src/aurora/provider/password";
import { MiniStack } from "../../support/ministack";

const places = { rome: "eu-south-1", lisbon: "eu-west-1", dublin: "eu-west-2" };
const version = "16.13";
let ministack: MiniStack;
let front: Front;
const environment = { ...process.env };

beforeAll(async () => {
  ministack = await MiniStack.start();
  front = await Front.before(ministack.endpoint);
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

interface Heard {
  readonly action: string;
  readonly region: string;
}

/** Stands in front of MiniStack: hears what is asked, and fails as AWS does at times. */
class Front {
  seen: Heard[] = [];
  failures = 0;
  #failure = { status: 500, body: "" };
  #lost: string | undefined;

  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static async before(behind: string): Promise<Front> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const front = new Front(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        const action = new URLSearchParams(body.toString()).get("Action") ?? "";
        const region =
          /\/([a-z0-9-]+)\/rds\/aws4_request/.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
        front.seen.push({ action, region });
        if (front.failures > 0) {
          front.failures -= 1;
          outgoing.writeHead(front.#failure.status, { "content-type": "text/xml" }).end(front.#failure.body);
          return;
        }
        const { method, url, headers } = incoming;
        const passed = request(new URL(url!, behind), { method: method!, headers }, (answer) => {
          if (front.#lost === action) {
            front.#lost = undefined;
            answer.resume();
            outgoing.destroy();
            return;
          }
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        });
        passed.end(body);
      });
    });
    return front;
  }

  /** What was asked to be changed, and in which AWS region. */
  changes(): string[] {
    return this.seen
      .filter(({ action }) => !action.startsWith("Describe"))
      .map(({ action, region }) => `${action} ${region}`);
  }

  failNext(count: number, status: number, code: string, message: string): void {
    this.failures = count;
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    this.#failure = { status, body: `<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>` };
  }

  loseAnswerOf(action: string): void {
    this.#lost = action;
  }

  reset(): void {
    this.seen = [];
    this.failures = 0;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
