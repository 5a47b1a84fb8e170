import type { KubernetesObject } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { KubernetesApi } from "../../kubernetes/api";
import { fieldManager, passingFieldManager } from "../../kubernetes/field-manager";
import { clock, retry, TransientError, type Clock } from "../../kubernetes/transient";
import type { Access } from "./access";
import { lastingPsql } from "./lasting-psql";
import type { LiveCluster } from "./live-cluster";
import { runInPod, type Ended } from "./pod-command";
import { openPsql, type Psql } from "./psql";

/** A region's Kubernetes cluster, as far as it is about one `Cluster` of CloudNativePG. */
export class RegionCluster {
  constructor(
    readonly access: Access,
    private readonly api: KubernetesApi,
    private readonly time: Clock = clock,
  ) {}

  /** @param seconds How long the API server may take to answer once. */
  static async connect(access: Access, seconds?: number): Promise<RegionCluster> {
    return new RegionCluster(access, await KubernetesApi.connect(access, seconds));
  }

  /** The `Cluster` as it is now: nothing where there is none. */
  async read(): Promise<LiveCluster | undefined> {
    return this.api.read(this.name);
  }

  /** What tells its Kubernetes cluster from every other one; nothing where we may not read that. */
  async uid(): Promise<string | undefined> {
    const name = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", namespace: "" } };
    try {
      return (await this.api.read<KubernetesObject>(name))?.metadata?.uid;
    } catch (error) {
      if (error instanceof TransientError) {
        throw error;
      }
      return undefined;
    }
  }

  /**
   * Waits until the `Cluster` is as it should be, past failures that may pass. What `expected` says is missing becomes
   * the error.
   */
  async waitFor(
    seconds: number,
    expected: (live: LiveCluster | undefined) => true | string | Promise<true | string>,
  ): Promise<LiveCluster | undefined> {
    for (const end = this.time.now() + seconds * 1000; ; await this.time.sleep(pollMilliseconds)) {
      let missing: string;
      try {
        const live = await this.read();
        const answer = await expected(live);
        if (answer === true) {
          return live;
        }
        missing = `${this.access.region}: after ${seconds} s ${answer}`;
      } catch (error) {
        if (!(error instanceof TransientError)) {
          throw error;
        }
        missing = `${error.message}, for ${seconds} s`;
      }
      if (this.time.now() > end) {
        throw new Error(missing);
      }
    }
  }

  /** Changes fields of an object under our name, by server-side apply. */
  async apply(object: KubernetesObject): Promise<void> {
    await this.api.apply(object, fieldManager);
  }

  /** Changes fields of an object whoever owns them. */
  async merge(object: KubernetesObject): Promise<void> {
    await this.api.merge(object, passingFieldManager);
  }

  /** Asks whether an object would be created, webhooks included. */
  async wouldCreate(object: KubernetesObject): Promise<void> {
    if ((await this.api.create(object, fieldManager, "All")) === undefined) {
      throw new Error(`${this.access.region}: the namespace ${this.access.namespace} is not there`);
    }
  }

  /** Deletes the `Cluster` with its instances, and waits until they are gone. */
  async delete(seconds: number): Promise<void> {
    await this.api.delete(this.name);
    await this.waitFor(seconds, (live) => live === undefined || "its Cluster is still being deleted");
  }

  async list<T>(apiVersion: string, kind: string, labelSelector?: string, everywhere = false): Promise<T[]> {
    const namespace = everywhere ? undefined : this.access.namespace;
    return this.api.list(apiVersion, kind, namespace, labelSelector);
  }

  /**
   * A psql session as superuser in the instance that leads the region. It outlives restarts of that instance, and of its
   * API server, and goes on in whichever instance leads then.
   *
   * @param seconds How long it may take to open it, and to answer a question, with all attempts.
   */
  async psql(live: LiveCluster, seconds = psqlSeconds): Promise<Psql> {
    let known: LiveCluster | undefined = live;
    const session = lastingPsql(
      async () => {
        const leading = known ?? (await this.read());
        known = undefined;
        if (leading === undefined) {
          throw new Error(`${this.access.region}: it has no Cluster`);
        }
        return this.psqlOnce(leading);
      },
      seconds,
      this.time,
    );
    try {
      await session.opened();
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** The same, which ends with the first failure. */
  async psqlOnce(live: LiveCluster): Promise<Psql> {
    return openPsql(this.api.exec(), this.access, this.leading(live));
  }

  /** Runs a program in the instance that leads the region: one that may be run twice. */
  async run(live: LiveCluster, command: string[]): Promise<Ended> {
    const pod = this.leading(live);
    return retry(psqlSeconds, () => runInPod(this.api.exec(), this.access, pod, command), this.time);
  }

  private leading({ status }: LiveCluster): string {
    if (status?.currentPrimary === undefined) {
      const { phase = "it is new" } = status ?? {};
      throw new TransientError(`${this.access.region}: no instance leads: ${phase}`, false);
    }
    return status.currentPrimary;
  }

  private get name() {
    const { cluster: name, namespace } = this.access;
    return { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", metadata: { name, namespace } };
  }
}

const pollMilliseconds = 100;
const psqlSeconds = 30;
