import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { KubernetesApi } from "../../kubernetes/api";
import { fieldManager, passingFieldManager } from "../../kubernetes/field-manager";
import type { Access } from "./access";
import type { LiveCluster } from "./live-cluster";
import { openPsql, type Psql } from "./psql";

/** A region's Kubernetes cluster, as far as it is about one `Cluster` of CloudNativePG. */
export class RegionCluster {
  private constructor(
    readonly access: Access,
    private readonly api: KubernetesApi,
  ) {}

  /** @param seconds How long a request may take. */
  static async connect(access: Access, seconds?: number): Promise<RegionCluster> {
    return new RegionCluster(access, await KubernetesApi.connect(access, seconds));
  }

  /** The `Cluster` as it is now: nothing where there is none. */
  async read(): Promise<LiveCluster | undefined> {
    return this.api.read(this.name);
  }

  /** Waits until the `Cluster` is as it should be. Whatever `expected` says is missing becomes the error. */
  async waitFor(
    seconds: number,
    expected: (live: LiveCluster | undefined) => true | string | Promise<true | string>,
  ): Promise<LiveCluster | undefined> {
    for (const end = Date.now() + seconds * 1000; ; await sleep(pollMilliseconds)) {
      const live = await this.read();
      const missing = await expected(live);
      if (missing === true) {
        return live;
      }
      if (Date.now() > end) {
        throw new Error(`${this.access.region}: after ${seconds} s ${missing}`);
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

  /** A psql session as superuser in the instance that leads the region. */
  async psql(live: LiveCluster): Promise<Psql> {
    const pod = live.status?.currentPrimary;
    if (pod === undefined) {
      throw new Error(`${this.access.region}: no instance leads: ${live.status?.phase ?? "it is new"}`);
    }
    return openPsql(this.api.exec(), this.access, pod);
  }

  private get name() {
    const { cluster: name, namespace } = this.access;
    return { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", metadata: { name, namespace } };
  }
}

const pollMilliseconds = 100;
