import { randomBytes } from "node:crypto";
import { eventually } from "./eventually";
import { apply } from "./outside";
import { kubectl } from "./regions";

const image = process.env["REGIONS_STORE_IMAGE"] ?? "localhost/versitygw:1.8.0";
const shell = process.env["REGIONS_POSTGRES_IMAGE"] ?? "localhost/postgresql:17";

/** A store that speaks S3, in a namespace of its own, reached at a port of the node: its objects go with it. */
export class TestObjectStore {
  private constructor(
    private readonly region: string,
    private readonly namespace: string,
    readonly endpointUrl: string,
    /** What a secret of whoever uses it holds. */
    readonly credentials: { readonly ID: string; readonly KEY: string },
  ) {}

  static async start(region: string, port: number): Promise<TestObjectStore> {
    const namespace = `store-${randomBytes(3).toString("hex")}`;
    const credentials = { ID: "tests", KEY: randomBytes(20).toString("hex") };
    const metadata = { name: "store", namespace, labels: { app: "store" } };
    const volumeMounts = [{ name: "objects", mountPath: "/objects" }];
    await apply(region, [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData: credentials },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { type: "NodePort", selector: metadata.labels, ports: [{ port: 7070, nodePort: port }] },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata,
        spec: {
          terminationGracePeriodSeconds: 0,
          securityContext: { runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 },
          volumes: [{ name: "objects", emptyDir: {} }],
          containers: [
            {
              name: "store",
              image,
              args: ["--port=:7070", "posix", "/objects"],
              env: [fromSecret("ROOT_ACCESS_KEY", "ID"), fromSecret("ROOT_SECRET_KEY", "KEY")],
              readinessProbe: { tcpSocket: { port: 7070 }, periodSeconds: 1 },
              volumeMounts,
            },
            // The store's image has no shell to look around with.
            { name: "files", image: shell, command: ["sleep", "infinity"], volumeMounts },
          ],
        },
      },
    ]);
    const store = new TestObjectStore(region, namespace, `http://${region}.example.com:${port}`, credentials);
    await eventually(async () => {
      await kubectl(region, "wait", `--namespace=${namespace}`, "pod/store", "--for=condition=Ready");
    }, 60);
    return store;
  }

  /** The paths of all objects below a path such as `bucket/folder`, from there. */
  async list(path: string): Promise<string[]> {
    const exec = ["exec", `--namespace=${this.namespace}`, "store", "--container=files", "--"];
    const script = '[ ! -d "$1" ] || { cd "$1"; find . -type f; }';
    const found = await kubectl(this.region, ...exec, "sh", "-ec", script, "sh", `/objects/${path}`);
    return found
      .split("\n")
      .filter(Boolean)
      .map((file) => file.replace(/^\.\//, ""))
      .sort();
  }

  /** The store is gone for good. */
  async remove(): Promise<void> {
    await kubectl(this.region, "delete", "namespace", this.namespace, "--ignore-not-found");
  }
}

function fromSecret(name: string, key: string) {
  return { name, valueFrom: { secretKeyRef: { name: "store", key } } };
}
