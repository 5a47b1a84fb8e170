import type * as ClientNode from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { ClusterAccess } from "./access";
import { loadKubeconfig } from "./kubeconfig";

/** What lets out a request that nobody answers. */
const requestSeconds = 10;

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
  ) {}

  /** @param seconds How long a request may take. */
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
            return request;
          },
          post: async (response) => response,
        },
      ],
    });
    return new KubernetesApi(region, library, config, new library.KubernetesObjectApi(configuration));
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
    return this.ask(() => this.objects.create(object, undefined, dryRun, manager));
  }

  /** Begins to delete an object: it is gone once all that belongs to it is. */
  async delete(name: ObjectName): Promise<void> {
    await this.ask(() => this.objects.delete(name, undefined, undefined, undefined, undefined, "Foreground"));
  }

  private async ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof this.library.ApiException && error.code === 404) {
        return undefined;
      }
      throw new Error(`${this.region}: ${reasonOf(error)}`, { cause: error });
    }
  }
}

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
