import { transformFileSync } from "@swc/core";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const { code } = transformFileSync(join(__dirname, "../../src/engine-watch.ts"), {
  swcrc: false,
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
  module: { type: "commonjs" },
});

/** A stand-in for Pulumi's engine: it accepts connections and says nothing. */
class Engine {
  readonly sockets: Socket[] = [];
  private constructor(readonly server: Server) {
    server.on("connection", (socket) => this.sockets.push(socket.on("error", () => undefined).resume()));
  }

  static async start(): Promise<Engine> {
    const engine = new Engine(createServer());
    engine.server.listen(0, "127.0.0.1");
    await once(engine.server, "listening");
    return engine;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async connections(count: number): Promise<void> {
    while (this.sockets.length < count) {
      await once(this.server, "connection");
    }
  }

  closeConnections(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }

  die(): void {
    this.server.close();
    this.closeConnections();
  }
}

/** A process that would live for a minute, were it not for its watch. */
function provider(...args: string[]): ChildProcess {
  const program = `${code}\nexports.endWithEngine();\nsetTimeout(() => undefined, 60_000);\nconsole.log("on");`;
  return spawn(process.execPath, ["-e", program, "--", ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

let engine: Engine;
let child: ChildProcess;

beforeEach(async () => {
  engine = await Engine.start();
});
afterEach(() => {
  child.kill("SIGKILL");
  engine.die();
});

describe("a provider's process", () => {
  it("ends with the engine", async () => {
    child = provider(engine.address);
    await engine.connections(1);
    const ended = once(child, "exit");
    engine.die();
    expect(await ended).toEqual([1, null]);
  });

  it("ends where the engine was gone before it began", async () => {
    const { address } = engine;
    engine.die();
    child = provider(address);
    expect(await once(child, "exit")).toEqual([1, null]);
  });

  it("finds the engine's address among other arguments", async () => {
    child = provider("--tracing", "unix:///x:1", "rome:x", engine.address, "name");
    await engine.connections(1);
    engine.die();
    expect(await once(child, "exit")).toEqual([1, null]);
  });

  it("goes on while the engine listens, though it closes connections that say nothing", async () => {
    child = provider(engine.address);
    await engine.connections(1);
    engine.closeConnections();
    await engine.connections(2);
    engine.closeConnections();
    await engine.connections(3);
    await sleep(200);
    expect(child.exitCode).toBeNull();
    engine.die();
    expect(await once(child, "exit")).toEqual([1, null]);
  });

  it("knows an engine that listens on IPv6", async () => {
    child = provider("[::1]:9");
    expect(await once(child, "exit")).toEqual([1, null]);
  });

  it("goes on where no engine's address was given", async () => {
    child = provider("--help");
    await once(child.stdout!, "data");
    await sleep(200);
    expect(child.exitCode).toBeNull();
    expect(engine.sockets).toEqual([]);
  });

  it("is not kept alive by its watch", async () => {
    const program = `${code}\nexports.endWithEngine();`;
    child = spawn(process.execPath, ["-e", program, "--", engine.address], { stdio: "ignore" });
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
