import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { request, type RequestOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";

/** How an API server does not do what it is asked. */
type Misbehaviour = 429 | 500 | 503 | "reset" | "silence";

interface KubeConfig {
  readonly clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  readonly users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

/** The requests of this package's own resources: the plugin for Kubernetes is not what is tested. */
const own = "pulumi-multi-region-postgres";

/** Stands in front of a region's API server, and misbehaves towards this package as it is told. */
export class KubernetesFront {
  /** What was answered instead of what was asked. */
  readonly failed: Misbehaviour[] = [];
  /** A kubeconfig that leads here. */
  readonly kubeconfig: string;
  #every = 0;
  #ways: readonly Misbehaviour[] = [];
  #asked = 0;

  private constructor(
    private readonly server: Server,
    private readonly behind: RequestOptions,
  ) {
    const { port } = server.address() as AddressInfo;
    const cluster = { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true };
    this.kubeconfig = JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "front", cluster }],
      users: [{ name: "front", user: {} }],
      contexts: [{ name: "front", context: { cluster: "front", user: "front" } }],
      "current-context": "front",
    });
    server.on("request", (incoming, outgoing) => this.pass(incoming, outgoing));
    server.on("upgrade", (incoming, socket, head) => this.passUpgrade(incoming, socket, head));
  }

  /** @param path That of a kubeconfig of the tool's own regions. */
  static async before(path: string): Promise<KubernetesFront> {
    const { clusters, users } = JSON.parse(await readFile(path, "utf8")) as KubeConfig;
    const [{ cluster }, { user }] = [clusters[0]!, users[0]!];
    const { hostname, port } = new URL(cluster.server);
    const decoded = (text: string) => Buffer.from(text, "base64");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new KubernetesFront(server, {
      host: hostname,
      port,
      ca: decoded(cluster["certificate-authority-data"]),
      cert: decoded(user["client-certificate-data"]),
      key: decoded(user["client-key-data"]),
    });
  }

  /** Fails every so many requests, in each of these ways in turn; none where it is 0. */
  failEvery(count: number, ...ways: readonly Misbehaviour[]): void {
    [this.#every, this.#ways, this.#asked] = [count, ways, 0];
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private next({ headers, url }: IncomingMessage): Misbehaviour | undefined {
    const isOurs = headers["user-agent"] === own || url!.includes("/exec?");
    if (this.#every === 0 || !isOurs || ++this.#asked % this.#every !== 0) {
      return undefined;
    }
    const way = this.#ways[(this.#asked / this.#every - 1) % this.#ways.length]!;
    this.failed.push(way);
    return way;
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const way = this.next(incoming);
    if (way === "reset") {
      (outgoing.socket as Socket).resetAndDestroy();
    } else if (typeof way === "number") {
      const status = { kind: "Status", apiVersion: "v1", status: "Failure", message: `told to fail: ${way}` };
      outgoing.writeHead(way, { "content-type": "application/json" }).end(JSON.stringify(status));
    } else if (way === undefined) {
      const passed = request({ ...this.behind, ...requestOf(incoming) }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on("error", () => outgoing.destroy());
      incoming.pipe(passed);
    }
  }

  private passUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => undefined);
    const way = this.next(incoming);
    if (way === "reset") {
      (socket as Socket).resetAndDestroy();
    } else if (typeof way === "number") {
      socket.end(`HTTP/1.1 ${way} Failure\r\nContent-Length: 0\r\n\r\n`);
    } else if (way === undefined) {
      const passed = request({ ...this.behind, ...requestOf(incoming) });
      passed.on("error", () => socket.destroy());
      passed.on("response", (answer) => socket.end(`HTTP/1.1 ${answer.statusCode} Failure\r\n\r\n`));
      passed.on("upgrade", (answer, upstream, upstreamHead) => {
        const { rawHeaders } = answer;
        const lines = rawHeaders.flatMap((name, index) =>
          index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : [],
        );
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
        upstream.on("error", () => socket.destroy());
        upstream.on("close", () => socket.destroy());
        socket.on("close", () => upstream.destroy());
        socket.write(upstreamHead);
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      passed.end();
    }
  }
}

function requestOf({ method, url, headers }: IncomingMessage): RequestOptions {
  const others = Object.entries(headers).filter(([name]) => name !== "host");
  return { method: method!, path: url!, headers: Object.fromEntries(others) };
}
