import type { HandoverInputs, Member } from "../../../../src/aurora/provider/inputs";
import type { GlobalDatabase, MemberCluster, RdsApi } from "../../../../src/aurora/provider/rds-api";
import type { Clock } from "../../../../src/aurora/provider/waiting";

const awsRegions: Record<string, string> = { rome: "eu-south-1", lisbon: "eu-west-1", dublin: "eu-west-2" };

export function member(region: string, changes: Partial<Member> = {}): Member {
  return {
    awsRegion: awsRegions[region]!,
    cluster: `db-${region}`,
    activity: "active",
    instances: 1,
    ...changes,
  };
}

export function arnOf(region: string): string {
  return `arn:aws:rds:${awsRegions[region]}:123456789012:cluster:db-${region}`;
}

export function inputsOf(
  primary: string,
  changes: Partial<HandoverInputs> = {},
  lost: string[] = [],
): HandoverInputs {
  return {
    globalDatabaseId: "db",
    primary,
    follows: false,
    engineVersion: "16.13",
    database: "app",
    owner: "app",
    profile: "",
    regions: Object.fromEntries(
      Object.keys(awsRegions).map((name) => [
        name,
        member(name, { activity: lost.includes(name) ? "lost" : "active" }),
      ]),
    ),
    ...changes,
  };
}

/** Time that passes by sleeping alone. */
export class FakeClock implements Clock {
  readonly told: string[] = [];
  #now = Date.parse("2026-11-21T05:00:00.000Z");

  constructor(private readonly tick: (seconds: number) => void = () => undefined) {}

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    this.tick(milliseconds / 1000);
  }

  log(message: string): void {
    this.told.push(message);
  }
}

/** A global database of three regions, which moves its writer within a few looks, as AWS does. */
export class FakeRds implements RdsApi {
  /** What was asked to be changed, and where. */
  readonly asked: string[] = [];
  /** The AWS regions that were contacted. */
  readonly contacted = new Set<string>();
  readonly clusters: Record<string, MemberCluster | undefined>;
  database: GlobalDatabase;
  /** What AWS answers to the next change, though it may do it all the same. */
  answer: { error: Error; andDoes: boolean } | undefined;
  /** How long a change takes; after it AWS has the writer moved. */
  secondsToMove = 30;
  /** How long AWS rebuilds the other readers after a failover, which goes on meanwhile. */
  secondsToRebuild = 7_200;
  readonly unreachable = new Set<string>();
  /** What AWS refuses to tell, by AWS region. */
  readonly refusals = new Map<string, Error>();
  #remaining = 0;

  constructor(writer = "rome", regions: readonly string[] = Object.keys(awsRegions)) {
    this.clusters = Object.fromEntries(
      regions.map((name) => [
        `${awsRegions[name]} db-${name}`,
        {
          arn: arnOf(name),
          status: "available",
          engineVersion: "16.13",
          instances: 1,
          awaitsPassword: false,
        },
      ]),
    );
    this.database = {
      status: "available",
      writerHost: "db.global.example",
      members: regions.map((name) => ({
        arn: arnOf(name),
        isWriter: name === writer,
        synchronization: "connected",
      })),
    };
  }

  get writer(): string | undefined {
    return this.database.members.find(({ isWriter }) => isWriter)?.arn;
  }

  setCluster(region: string, changes: Partial<MemberCluster> | undefined): void {
    const key = `${awsRegions[region]} db-${region}`;
    this.clusters[key] = changes === undefined ? undefined : { ...this.clusters[key]!, ...changes };
  }

  setMember(region: string, synchronization: string | undefined): void {
    const members = this.database.members.flatMap((each) =>
      each.arn !== arnOf(region)
        ? [each]
        : synchronization === undefined
          ? []
          : [{ ...each, synchronization }],
    );
    this.database = { ...this.database, members };
  }

  /** As if somebody had asked for a change of the writer. */
  begin(status: "switching-over" | "failing-over", region: string): void {
    const change = { status: "pending", to: arnOf(region), allowsDataLoss: status === "failing-over" };
    this.database = { ...this.database, status, change };
    this.#remaining = this.secondsToMove;
  }

  readonly pass = (seconds: number): void => {
    const { change, members, writerHost } = this.database;
    this.#remaining -= seconds;
    if (change === undefined || this.#remaining > 0) {
      return;
    }
    const moved = members.map((each) => ({ ...each, isWriter: each.arn === change.to }));
    const isRebuilt = !change.allowsDataLoss || this.writer === change.to;
    this.#setOthers(change.to, isRebuilt ? "available" : "rebuilding");
    this.database = { status: "available", writerHost, members: moved };
    if (!isRebuilt) {
      this.database = { ...this.database, change: { ...change, status: "failing-over" } };
      this.#remaining = this.secondsToRebuild;
    }
  };

  #setOthers(writer: string, status: string): void {
    for (const [key, cluster] of Object.entries(this.clusters)) {
      if (cluster !== undefined && cluster.arn !== writer) {
        this.clusters[key] = { ...cluster, status };
      }
    }
  }

  async globalDatabase(awsRegion: string): Promise<GlobalDatabase> {
    this.#contact(awsRegion);
    return this.database;
  }

  async cluster(awsRegion: string, name: string): Promise<MemberCluster | undefined> {
    this.#contact(awsRegion);
    return this.clusters[`${awsRegion} ${name}`];
  }

  async switchover(awsRegion: string, id: string, target: string): Promise<void> {
    this.#change("switching-over", awsRegion, id, target);
  }

  async failover(awsRegion: string, id: string, target: string): Promise<void> {
    this.#change("failing-over", awsRegion, id, target);
  }

  async setPassword(awsRegion: string, cluster: string, password: string): Promise<void> {
    this.#contact(awsRegion);
    this.asked.push(`password ${password} of ${cluster} in ${awsRegion}`);
    const key = `${awsRegion} ${cluster}`;
    this.clusters[key] = {
      ...this.clusters[key]!,
      status: "resetting-master-credentials",
      awaitsPassword: true,
    };
  }

  #change(status: "switching-over" | "failing-over", awsRegion: string, id: string, target: string): void {
    this.#contact(awsRegion);
    this.asked.push(`${status} ${id} in ${awsRegion} to ${target.split(":").at(-1)}`);
    const { answer } = this;
    this.answer = undefined;
    if (answer === undefined || answer.andDoes) {
      this.begin(status, target.split(":db-").at(-1)!);
    }
    if (answer !== undefined) {
      throw answer.error;
    }
  }

  #contact(awsRegion: string): void {
    this.contacted.add(awsRegion);
    const refusal = this.refusals.get(awsRegion);
    if (refusal !== undefined) {
      throw refusal;
    }
    if (this.unreachable.has(awsRegion)) {
      throw Object.assign(new Error("connect ETIMEDOUT"), { code: "ETIMEDOUT" });
    }
  }
}
