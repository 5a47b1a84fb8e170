import type { LiveCluster } from "../../../../src/cnpg/kubernetes/live-cluster";
import type { Psql } from "../../../../src/cnpg/kubernetes/psql";
import type { RegionCluster } from "../../../../src/cnpg/kubernetes/region";
import type { Seen } from "../../../../src/cnpg/provider/regions";

type Patch = {
  metadata?: { resourceVersion?: string; annotations?: Record<string, string | null> };
  spec?: { replica?: object };
};

/** A region of which the `Cluster` is kept as an API server does: every change has a version of its own. */
export class FakeRegion {
  live: LiveCluster | undefined;
  readonly access;
  /** What psql says, by a part of the query; an error is thrown. */
  answers: [RegExp, unknown[] | Error][] = [];
  readonly patches: Patch[] = [];
  /** Called before a patch is judged: where another client is faster. */
  beforeMerge: () => void = () => undefined;

  constructor(
    readonly name: string,
    changes: { primary?: string; annotations?: Record<string, string>; status?: LiveCluster["status"] } = {},
  ) {
    this.access = { region: name, kubeconfig: "", context: "", namespace: "db", cluster: `db-${name}` };
    const replica = { self: `db-${name}`, primary: `db-${changes.primary ?? name}`, source: "db-rome" };
    this.live = {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Cluster",
      metadata: {
        name: `db-${name}`,
        namespace: "db",
        resourceVersion: "1",
        annotations: changes.annotations ?? {},
      },
      spec: { instances: 1, replica } as unknown as LiveCluster["spec"],
      status: {
        phase: "Cluster in healthy state",
        readyInstances: 1,
        currentPrimary: `db-${name}-1`,
        systemID: "7",
        timelineID: 1,
        ...changes.status,
      },
    };
  }

  async read(): Promise<LiveCluster | undefined> {
    return this.live;
  }

  /** What is expected is there, or the test fails. */
  async waitFor(
    _seconds: number,
    expected: (live: LiveCluster | undefined) => true | string | Promise<true | string>,
  ): Promise<LiveCluster | undefined> {
    const answer = await expected(this.live);
    if (answer !== true) {
      throw new Error(`${this.name}: ${answer}`);
    }
    return this.live;
  }

  async merge(patch: Patch): Promise<void> {
    this.beforeMerge();
    const { resourceVersion, annotations = {} } = patch.metadata ?? {};
    const { metadata, spec } = this.live!;
    if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
      throw new Error(`${this.name}: the object has been modified`, { cause: { code: 409 } });
    }
    this.patches.push(patch);
    const merged = Object.entries({ ...metadata.annotations, ...annotations }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    );
    this.live = {
      ...this.live!,
      metadata: {
        ...metadata,
        annotations: Object.fromEntries(merged),
        resourceVersion: String(Number(metadata.resourceVersion) + 1),
      },
      spec: { ...spec, replica: { ...spec.replica, ...patch.spec?.replica } },
    };
  }

  psqlOnce(): Promise<Psql> {
    return this.psql();
  }

  async psql(): Promise<Psql> {
    return {
      query: async <Row>(sql: string) => {
        const [, answer] = this.answers.find(([part]) => part.test(sql)) ?? [undefined, []];
        if (answer instanceof Error) {
          throw answer;
        }
        return answer as Row[];
      },
      run: async () => undefined,
      connect: async () => undefined,
      close: () => undefined,
    };
  }

  /** As Pulumi tells the `Cluster` after the handover. */
  promote(): void {
    const { spec } = this.live!;
    this.live = {
      ...this.live!,
      spec: { ...spec, replica: { ...spec.replica, primary: `db-${this.name}` } },
    };
  }

  get region(): RegionCluster {
    return this as unknown as RegionCluster;
  }

  seen(activity: Seen["activity"] = "active"): Seen {
    return { name: this.name, activity, region: this.region, live: this.live };
  }
}
