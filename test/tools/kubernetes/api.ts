import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { parse } from "yaml";

import type * as Awaited from "../../../tools/plugins/kubernetes/await/index.mjs" with {
  "resolution-mode": "import",
};

export type KubernetesObject = Awaited.KubernetesObject;

/** What a test says of an object that it wants to have. */
export interface Wanted {
  apiVersion: string;
  kind: string;
  metadata: { name: string; [field: string]: unknown };
  [field: string]: unknown;
}

interface Kubeconfig {
  clusters: [
    { cluster: { server: string; "certificate-authority"?: string; "certificate-authority-data"?: string } },
  ];
  users: [{ user: Record<string, string> }];
}

const IRREGULAR: Record<string, string> = {
  Endpoints: "endpoints",
  Ingress: "ingresses",
  StorageClass: "storageclasses",
};
const CLUSTER_SCOPED = ["CustomResourceDefinition", "Namespace", "Node", "PersistentVolume", "StorageClass"];

/** The API server of the first region, in a namespace of the test's own. */
export class Api implements Awaited.Cluster {
  readonly namespace = `await-${randomBytes(4).toString("hex")}`;
  private readonly agent: Agent;
  private readonly server: string;
  private readonly token: string | undefined;

  constructor(kubeconfig = firstRegion()) {
    const { clusters, users } = parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
    const [{ cluster }] = clusters;
    const [{ user }] = users;
    this.server = cluster.server;
    this.token = user["token"];
    const ca = pem(cluster, "certificate-authority");
    this.agent = new Agent({
      keepAlive: true,
      rejectUnauthorized: ca !== undefined,
      ca,
      cert: pem(user, "client-certificate"),
      key: pem(user, "client-key"),
    });
  }

  async begin(): Promise<void> {
    await this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } });
  }

  async end(): Promise<void> {
    await this.delete({ apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } });
    this.agent.destroy();
  }

  async create(object: Wanted): Promise<KubernetesObject> {
    const path = this.pathOf({ ...object, name: undefined });
    return (await this.send("POST", path, object)) as KubernetesObject;
  }

  async delete(object: Wanted | KubernetesObject): Promise<void> {
    await this.send("DELETE", this.pathOf({ ...object, name: object.metadata.name }));
  }

  async patch(
    object: Wanted | KubernetesObject,
    change: object,
    subresource = "",
  ): Promise<KubernetesObject> {
    const path = this.pathOf({ ...object, name: object.metadata.name });
    return (await this.send("PATCH", `${path}${subresource}`, change)) as KubernetesObject;
  }

  read: Awaited.Cluster["read"] = async (query) => {
    return (await this.send("GET", this.pathOf(query))) as KubernetesObject | undefined;
  };

  list: Awaited.Cluster["list"] = async ({ labelSelector, ...type }) => {
    const query = labelSelector === undefined ? "" : `?labelSelector=${encodeURIComponent(labelSelector)}`;
    const { items } = (await this.send("GET", `${this.pathOf(type)}${query}`)) as {
      items: KubernetesObject[];
    };
    return items.map((item) => ({ ...item, apiVersion: type.apiVersion, kind: type.kind }));
  };

  private pathOf({
    apiVersion,
    kind,
    name,
  }: {
    apiVersion: string;
    kind: string;
    name?: string | undefined;
  }) {
    return [
      apiVersion.includes("/") ? "/apis" : "/api",
      apiVersion,
      ...(CLUSTER_SCOPED.includes(kind) ? [] : ["namespaces", this.namespace]),
      IRREGULAR[kind] ?? `${kind.toLowerCase()}s`,
      ...(name === undefined ? [] : [name]),
    ].join("/");
  }

  private send(method: string, path: string, body?: object): Promise<unknown> {
    const headers = {
      ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }),
      "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
    };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.server), { method, headers, agent: this.agent }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          const code = response.statusCode ?? 0;
          if (code === 404 && method !== "POST") {
            resolve(undefined);
          } else if (code >= 400) {
            reject(Object.assign(new Error(`${method} ${path}: ${text}`), { code }));
          } else {
            resolve(JSON.parse(text));
          }
        });
      });
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

export function firstRegion(): string {
  const path = /^[^=]+=([^,]+)/.exec(process.env["REGIONS"] ?? "")?.[1];
  if (path === undefined) {
    throw new Error("REGIONS must name a region's kubeconfig: REGIONS=rome=/path/to/kubeconfig");
  }
  return path;
}

function pem(holder: Record<string, unknown>, field: string): Buffer | undefined {
  const data = holder[`${field}-data`];
  const file = holder[field];
  if (typeof data === "string") {
    return Buffer.from(data, "base64");
  }
  return typeof file === "string" ? readFileSync(file) : undefined;
}
