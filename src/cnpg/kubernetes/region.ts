import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type * as ClientNode from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { fieldManager, passingFieldManager } from "../field-manager";
import type { Access } from "./access";
import type { LiveCluster } from "./live-cluster";
import { openPsql, type Psql } from "./psql";

/** What lets out a request that nobody answers. */
const requestSeconds = 10;

const clusterType = { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster" } as const;

/** A region's Kubernetes cluster, as far as it is about one `Cluster` of CloudNativePG. */
export class RegionCluster {
  private constructor(
    readonly access: Access,
    private readonly library: typeof ClientNode,
    private readonly config: ClientNode.KubeConfig,
    private readonly objects: ClientNode.KubernetesObjectApi,
  ) {}

  /** @param seconds How long a request may take. */
  static async connect(access: Access, seconds = requestSeconds): Promise<RegionCluster> {
    const library = await import("@kubernetes/client-node");
    const config = new library.KubeConfig();
    const { kubeconfig, context, region } = access;
    if (existsSync(kubeconfig)) {
      config.loadFromFile(kubeconfig);
    } else {
      config.loadFromString(kubeconfig);
    }
    if (context !== "") {
      config.setCurrentContext(context);
    }
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) {
      throw new Error(`the kubeconfig of ${region} names no cluster in its context`);
    }
    const configuration = library.createConfiguration({
      baseServer: new library.ServerConfiguration(server, {}),
      authMethods: { default: config },
      promiseMiddleware: [
        {
          pre: async (request) => {
            request.setSignal(AbortSignal.timeout(seconds * 1000));
            return request;
          },
          post: async (response) => response,
        },
      ],
    });
    return new RegionCluster(access, library, config, new library.KubernetesObjectApi(configuration));
  }

  /** The `Cluster` as it is now: nothing where there is none. */
  async read(): Promise<LiveCluster | undefined> {
    const { cluster: name, namespace } = this.access;
    return (await this.ask(() => this.objects.read({ ...clusterType, metadata: { name, namespace } }))) as
      LiveCluster | undefined;
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
  async apply(object: ClientNode.KubernetesObject): Promise<void> {
    const { ServerSideApply } = this.library.PatchStrategy;
    await this.ask(() =>
      this.objects.patch(object, undefined, undefined, fieldManager, true, ServerSideApply),
    );
  }

  /** Changes fields of an object whoever owns them. */
  async merge(object: ClientNode.KubernetesObject): Promise<void> {
    const { MergePatch } = this.library.PatchStrategy;
    await this.ask(() =>
      this.objects.patch(object, undefined, undefined, passingFieldManager, undefined, MergePatch),
    );
  }

  /** Asks whether an object would be created, webhooks included. */
  async wouldCreate(object: ClientNode.KubernetesObject): Promise<void> {
    const created = await this.ask(() => this.objects.create(object, undefined, "All", fieldManager));
    if (created === undefined) {
      throw new Error(`${this.access.region}: the namespace ${this.access.namespace} is not there`);
    }
  }

  /** Deletes the `Cluster` with its instances, and waits until they are gone. */
  async delete(seconds: number): Promise<void> {
    const { cluster: name, namespace } = this.access;
    await this.ask(() =>
      this.objects.delete(
        { ...clusterType, metadata: { name, namespace } },
        undefined,
        undefined,
        undefined,
        undefined,
        "Foreground",
      ),
    );
    await this.waitFor(seconds, (live) => live === undefined || "its Cluster is still being deleted");
  }

  async list<T extends ClientNode.KubernetesObject>(
    apiVersion: string,
    kind: string,
    labelSelector?: string,
    everywhere = false,
  ): Promise<T[]> {
    const namespace = everywhere ? undefined : this.access.namespace;
    const listed = await this.ask(() =>
      this.objects.list<T>(
        apiVersion,
        kind,
        namespace,
        undefined,
        undefined,
        undefined,
        undefined,
        labelSelector,
      ),
    );
    return listed?.items ?? [];
  }

  /** A psql session as superuser in the instance that leads the region. */
  async psql(live: LiveCluster): Promise<Psql> {
    const pod = live.status?.currentPrimary;
    if (pod === undefined) {
      throw new Error(`${this.access.region}: no instance leads: ${live.status?.phase ?? "it is new"}`);
    }
    return openPsql(new this.library.Exec(this.config), this.access, pod);
  }

  /** What is not there is undefined; whatever else fails names the region. */
  private async ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof this.library.ApiException && error.code === 404) {
        return undefined;
      }
      throw new Error(`${this.access.region}: ${reasonOf(error)}`, { cause: error });
    }
  }
}

const pollMilliseconds = 100;

/** The API server's own words, where it has some. */
function reasonOf(error: unknown): string {
  const { body, message } = error as { body?: unknown; message?: string };
  const status = typeof body === "string" ? parsed(body) : body;
  const told = (status as { message?: unknown } | null | undefined)?.message;
  return typeof told === "string" ? told : `its Kubernetes API cannot be asked: ${message ?? String(error)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
