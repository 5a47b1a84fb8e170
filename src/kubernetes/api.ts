import type * as ClientNode from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { ClusterAccess } from "./access";
import { apiError } from "./api-error";
import { loadKubeconfig } from "./kubeconfig";
import { retry } from "./transient";

/** Timeout of one request, in seconds. */
const requestSeconds = 10;

/** How many time-outs long a request is sent again after failures that may pass. */
const requestsInTime = 1.5;

/** What an object is called: enough to read or to delete it. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The Kubernetes API of a region. Whatever fails names the region; what is not there is undefined. */
export class KubernetesApi {
  private constructor(
    private readonly region: string,
    private readonly library: typeof ClientNode,
    private readonly config: ClientNode.KubeConfig,
    private readonly objects: ClientNode.KubernetesObjectApi,
    private readonly seconds: number,
  ) {}

  /** @param seconds How long the server may take to answer once. */
  static async connect(
    { kubeconfig, context, region }: ClusterAccess,
    seconds = requestSeconds,
  ): Promise<KubernetesApi> {
    const library = await import("@kubernetes/client-node");
    const config = new library.KubeConfig();
    loadKubeconfig(config, kubeconfig, region);
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
            // So that audit logs tell who asked.
            request.setHeaderParam("User-Agent", "pulumi-multi-region-postgres");
            return request;
          },
          post: async (response) => response,
        },
      ],
    });
    return new KubernetesApi(
      region,
      library,
      config,
      new library.KubernetesObjectApi(configuration),
      seconds,
    );
  }

  /** What runs programs in the region's pods. */
  exec(): ClientNode.Exec {
    return new this.library.Exec(this.config);
  }

  async read<T>(name: ObjectName): Promise<T | undefined> {
    return (await this.ask(() => this.objects.read(name))) as T | undefined;
  }

  /** @param namespace All of them where it is undefined. */
  async list<T>(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    labelSelector?: string,
  ): Promise<T[]> {
    const listed = await this.ask(() =>
      this.objects.list(
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
    return (listed?.items ?? []) as T[];
  }

  /** Changes fields of an object under a name, by server-side apply: what others own under theirs is taken over. */
  async apply(object: ClientNode.KubernetesObject, manager: string): Promise<void> {
    const { ServerSideApply } = this.library.PatchStrategy;
    await this.ask(() => this.objects.patch(object, undefined, undefined, manager, true, ServerSideApply));
  }

  /** Changes fields of an object whoever owns them. */
  async merge(object: ClientNode.KubernetesObject, manager: string): Promise<void> {
    const { MergePatch } = this.library.PatchStrategy;
    await this.ask(() => this.objects.patch(object, undefined, undefined, manager, undefined, MergePatch));
  }

  /** Puts another object into an object's place: fields that it has not are gone. */
  async replace(object: ClientNode.KubernetesObject, manager: string): Promise<void> {
    await this.ask(() => this.objects.replace(object, undefined, undefined, manager));
  }

  /** @returns nothing where its namespace is not there */
  async create(
    object: ClientNode.KubernetesObject,
    manager: string,
    dryRun?: "All",
  ): Promise<ClientNode.KubernetesObject | undefined> {
    return this.ask(async (isFirst) => {
      try {
        return await this.objects.create(object, undefined, dryRun, manager);
      } catch (error) {
        // The answer to an earlier attempt was lost, and the object is there.
        if (!isFirst && this.isAnswer(error, 409) && object.metadata?.name !== undefined) {
          return this.objects.read(object as ObjectName);
        }
        throw error;
      }
    });
  }

  /** Begins to delete an object: it is gone once all that belongs to it is. */
  async delete(name: ObjectName): Promise<void> {
    await this.ask(() => this.objects.delete(name, undefined, undefined, undefined, undefined, "Foreground"));
  }

  /** Again after a failure that may pass, for a while; whatever is asked can be asked twice. */
  private ask<T>(request: (isFirst: boolean) => Promise<T>): Promise<T | undefined> {
    return retry(this.seconds * requestsInTime, async (isFirst) => {
      try {
        return await request(isFirst);
      } catch (error) {
        if (this.isAnswer(error, 404)) {
          return undefined;
        }
        throw apiError(this.region, error);
      }
    });
  }

  private isAnswer(error: unknown, code: number): boolean {
    return error instanceof this.library.ApiException && error.code === code;
  }
}
