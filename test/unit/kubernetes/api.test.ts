import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubernetesApi } from "../../../src/kubernetes/api";
import { TransientError } from "../../../src/kubernetes/transient";

const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one", namespace: "here" } };
const timeoutSeconds = 0.4;

type Answer = (outgoing: ServerResponse) => void;

const status =
  (code: number, message: string, headers = {}): Answer =>
  (outgoing) =>
    outgoing
      .writeHead(code, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ kind: "Status", apiVersion: "v1", code, message }));
const reset: Answer = (outgoing) => outgoing.socket!.resetAndDestroy();
const silence: Answer = () => undefined;
const html: Answer = (outgoing) =>
  outgoing.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad</h1>");

/** An API server that knows one object, and misbehaves as often as it is told. */
class FakeServer {
  readonly failures: Answer[] = [];
  readonly asked: string[] = [];
  #server!: Server;

  async start(): Promise<string> {
    this.#server = createServer((incoming, outgoing) => this.answer(incoming, outgoing));
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  private answer({ method, url }: IncomingMessage, outgoing: ServerResponse): void {
    const body = (value: object) =>
      outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (url === "/api/v1") {
      const resources = [{ name: "configmaps", kind: "ConfigMap", namespaced: true }];
      body({ kind: "APIResourceList", groupVersion: "v1", resources });
      return;
    }
    this.asked.push(`${method} ${url!.replace(/\?.*/, "")}`);
    const failure = this.failures.shift();
    if (failure === undefined) {
      body(config);
    } else {
      failure(outgoing);
    }
  }
}

describe("the API of a region", () => {
  let server: FakeServer;
  let api: KubernetesApi;

  beforeEach(async () => {
    server = new FakeServer();
    const kubeconfig = JSON.stringify({
      "current-context": "one",
      clusters: [
        { name: "one", cluster: { server: await server.start(), "insecure-skip-tls-verify": true } },
      ],
      users: [{ name: "one", user: {} }],
      contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    });
    api = await KubernetesApi.connect({ region: "rome", kubeconfig, context: "" }, timeoutSeconds);
  });
  afterEach(() => {
    server.stop();
  });

  test.each<[string, Answer]>([
    ["429", status(429, "too many requests", { "retry-after": "0" })],
    ["500", status(500, "etcdserver: leader changed")],
    ["503", status(503, "apiserver is shutting down")],
    ["502 of what stands in front", html],
    ["a reset", reset],
    ["silence", silence],
  ])("answers a reading and a change after %s", async (_, failure) => {
    server.failures.push(failure);
    expect(await api.read(config)).toMatchObject({ metadata: { name: "one" } });
    server.failures.push(failure);
    await api.merge(config, "test");
    expect(server.asked.filter((asked) => asked.startsWith("PATCH"))).toHaveLength(2);
  });

  test.each<[string, Answer, RegExp, boolean]>([
    ["is busy", status(429, "too many requests"), /rome: too many requests/, false],
    ["does not answer", silence, /rome: its Kubernetes API cannot be asked/, true],
  ])("tells that it %s where that goes on", async (_, failure, message, isNetwork) => {
    server.failures.push(...Array.from({ length: 50 }, () => failure));
    const error = await api.read(config).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ message: expect.stringMatching(message), isNetwork });
  });

  test.each([401, 403, 409, 422])("is not asked again after %d, which does not pass", async (code) => {
    server.failures.push(status(code, "no"));
    const error = await api.read(config).catch((reason: unknown) => reason);
    expect(error).not.toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ message: "rome: no" });
    expect(server.asked).toHaveLength(1);
  });

  test("has made an object whose answer was lost", async () => {
    server.failures.push(reset, status(409, 'configmaps "one" already exists'));
    expect(await api.create(config, "test")).toMatchObject({ metadata: { name: "one" } });
    server.failures.push(status(409, 'configmaps "one" already exists'));
    await expect(api.create(config, "test")).rejects.toThrow("already exists");
  });

  test("has nothing of what is not there", async () => {
    server.failures.push(status(404, "not found"));
    expect(await api.read(config)).toBeUndefined();
  });
});
