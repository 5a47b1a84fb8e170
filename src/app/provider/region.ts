import { isDeepStrictEqual } from "node:util";
import type { KubernetesObject } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { KubernetesApi } from "../../kubernetes/api";
import { fieldManager, passingFieldManager } from "../../kubernetes/field-manager";
import { appNames, selectorOf, serverLabels } from "../manifests/names";
import type { AppAccess } from "./inputs";
import type { LiveDeployment, LivePod, LiveReplicaSet, LiveTemplate } from "./live";
import { without } from "../without";
import { applied, putBackAnnotation, withoutHash } from "./release";

/** A region's Kubernetes cluster, as far as it is about the pods of one application. */
export class RegionOfApp {
  private constructor(
    private readonly app: string,
    private readonly access: AppAccess,
    readonly api: KubernetesApi,
  ) {}

  static async connect(app: string, access: AppAccess): Promise<RegionOfApp> {
    return new RegionOfApp(app, access, await KubernetesApi.connect(access));
  }

  /** The Deployment as it is now: nothing where there is none. */
  read(): Promise<LiveDeployment | undefined> {
    return this.api.read(this.name);
  }

  /** What the Deployment remembers of its releases. */
  replicaSets(): Promise<LiveReplicaSet[]> {
    return this.list("apps/v1", "ReplicaSet");
  }

  pods(): Promise<LivePod[]> {
    return this.list("v1", "Pod");
  }

  /** Has the Deployment run these pods, and nothing that anybody has added by hand. */
  async run(live: LiveDeployment, template: LiveTemplate, replicas: number | undefined): Promise<void> {
    await this.api.apply(applied(live, template, replicas), fieldManager);
    const now = await this.read();
    if (now !== undefined && !isDeepStrictEqual(withoutHash(now.spec.template), template)) {
      const metadata = without(now.metadata, "managedFields", "resourceVersion");
      const whole = { ...this.name, ...now, metadata, spec: { ...now.spec, template } };
      // By now it only takes away: so nothing comes to be this other name's.
      await this.api.replace(whole, passingFieldManager);
    }
  }

  /** Remembers what the region was taken back from, or that it has come up since. */
  async markPutBack(mark: string | null): Promise<void> {
    const { metadata, ...type } = this.name;
    const marked = { ...type, metadata: { ...metadata, annotations: { [putBackAnnotation]: mark } } };
    await this.api.merge(marked as unknown as KubernetesObject, passingFieldManager);
  }

  private get name() {
    const metadata = { name: appNames(this.app).app, namespace: this.access.namespace };
    return { apiVersion: "apps/v1", kind: "Deployment", metadata };
  }

  private list<T>(apiVersion: string, kind: string): Promise<T[]> {
    return this.api.list(apiVersion, kind, this.access.namespace, selectorOf(serverLabels(this.app)));
  }
}
