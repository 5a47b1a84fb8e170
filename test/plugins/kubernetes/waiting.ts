import type * as Await from "../../../tools/plugins/kubernetes/await/index.mjs" with {
  "resolution-mode": "import",
};

const { NotReady, untilDeleted, untilReady } = jest.requireActual<typeof Await>(
  "../../../tools/plugins/kubernetes/await/index.mjs",
);

export type KubernetesObject = Await.KubernetesObject;

/** A cluster that is nothing but a list of objects, which a test changes as controllers would. */
export class FakeCluster {
  private readonly objects = new Map<string, KubernetesObject>();
  /** What the next requests fail with. */
  failures: Error[] = [];
  forbidden: string[] = [];

  put(...objects: KubernetesObject[]): void {
    for (const object of objects) {
      this.objects.set(keyOf({ ...object, ...object.metadata }), structuredClone(object));
    }
  }

  remove(object: KubernetesObject): void {
    this.objects.delete(keyOf({ ...object, ...object.metadata }));
  }

  read: Await.Cluster["read"] = async (query) => {
    this.answer(query.kind);
    return structuredClone(this.objects.get(keyOf(query)));
  };

  list: Await.Cluster["list"] = async ({ apiVersion, kind, namespace, labelSelector }) => {
    this.answer(kind);
    const wanted = labelSelector?.split(",").map((term) => term.split("=")) ?? [];
    return [...this.objects.values()].filter(
      (object) =>
        object.apiVersion === apiVersion &&
        object.kind === kind &&
        object.metadata.namespace === namespace &&
        wanted.every(([key, value]) => labelsOf(object)[key!] === value),
    );
  };

  private answer(kind: string): void {
    const failure = this.failures.shift();
    if (failure !== undefined) {
      throw failure;
    }
    if (this.forbidden.includes(kind)) {
      throw Object.assign(new Error(`${kind} is forbidden`), { code: 403 });
    }
  }
}

const labelsOf = ({ metadata }: KubernetesObject) =>
  (metadata as { labels?: Record<string, string> }).labels ?? {};

interface Key {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}
const keyOf = ({ apiVersion, kind, namespace, name }: Key) => [apiVersion, kind, namespace, name].join();

/** What a wait came to; nothing yet while it goes on. */
export interface Outcome {
  live?: KubernetesObject;
  gone?: true;
  message?: string;
  reasons?: string[];
  /** The object as a wait that failed saw it last. */
  seen?: KubernetesObject;
}

/** A wait under way, on a clock that the test turns. */
export class Waiting {
  readonly cluster = new FakeCluster();
  readonly status: string[] = [];
  readonly controller = new AbortController();
  outcome: Outcome = {};

  static forReady(object: KubernetesObject, timeout?: number): Waiting {
    const waiting = new Waiting();
    waiting.cluster.put(object);
    waiting.settle(untilReady(waiting.arguments(object, timeout)).then((live) => ({ live })));
    return waiting;
  }

  static forGone(object: KubernetesObject, timeout?: number): Waiting {
    const waiting = new Waiting();
    waiting.cluster.put(object);
    waiting.settle(untilDeleted(waiting.arguments(object, timeout)).then(() => ({ gone: true })));
    return waiting;
  }

  /** Changes the cluster and lets some time pass. */
  async then(seconds: number, ...objects: KubernetesObject[]): Promise<Outcome> {
    this.cluster.put(...objects);
    await jest.advanceTimersByTimeAsync(seconds * 1000);
    return this.outcome;
  }

  private arguments(object: KubernetesObject, timeout: number | undefined) {
    return {
      cluster: this.cluster,
      object,
      ...(timeout === undefined ? {} : { timeout }),
      report: (text: string) => void this.status.push(text),
      signal: this.controller.signal,
    };
  }

  private settle(work: Promise<Outcome>): void {
    const failed = (error: unknown): Outcome => {
      if (!(error instanceof NotReady)) {
        throw error;
      }
      return { message: error.message, reasons: error.reasons, seen: error.object };
    };
    void work.catch(failed).then((outcome) => {
      this.outcome = outcome;
    });
  }
}

/** An object with the parts given, of generation 1. */
export function object(type: string, parts: Record<string, unknown> = {}): KubernetesObject {
  const [, apiVersion = "", kind = ""] = /^(.*)\/([^/]+)$/.exec(type) ?? [];
  const { metadata, ...rest } = parts;
  return {
    apiVersion,
    kind,
    metadata: { name: "web", namespace: "shop", uid: "1", generation: 1, ...(metadata as object) },
    ...rest,
  };
}

/** The same object, some of its fields replaced. */
export function changed(before: KubernetesObject, parts: Record<string, unknown>): KubernetesObject {
  const { metadata, ...rest } = parts;
  return { ...before, ...rest, metadata: { ...before.metadata, ...(metadata as object) } };
}
