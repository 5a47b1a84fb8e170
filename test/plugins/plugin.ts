import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type * as Messages from "@pulumi/pulumi/proto/provider_pb";
import type * as StatusMessages from "@pulumi/pulumi/proto/status_pb";

// The SDK's own copies of the libraries: objects made by another copy are not recognised.
const fromSdk = createRequire(require.resolve("@pulumi/pulumi"));
const grpc = fromSdk("@grpc/grpc-js") as typeof Grpc;
const toStruct = fromSdk("google-protobuf/google/protobuf/struct_pb.js").Struct.fromJavaScript;
const { Empty } = fromSdk("google-protobuf/google/protobuf/empty_pb.js");
const messages = fromSdk("@pulumi/pulumi/proto/provider_pb.js") as typeof Messages;
const { Status } = fromSdk("@pulumi/pulumi/proto/status_pb.js") as typeof StatusMessages;
const { ResourceProviderClient } = fromSdk("@pulumi/pulumi/proto/provider_grpc_pb.js");

export type Properties = Record<string, unknown>;

interface Client {
  close(): void;
}
type Method = (request: unknown, done: (error: unknown, response: unknown) => void) => void;

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** Talks to a plugin process as the engine does. */
export class Plugin {
  private constructor(
    readonly process: ChildProcess,
    private readonly client: Client,
    private readonly name: string,
  ) {}

  static async start(
    name: "aws" | "kubernetes" | "random" | "tls",
    env: NodeJS.ProcessEnv = {},
  ): Promise<Plugin> {
    const main = join(__dirname, "../../tools/plugins", `${name}.mjs`);
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout, "data");
    const address = `127.0.0.1:${String(line).trim()}`;
    return new Plugin(child, new ResourceProviderClient(address, grpc.credentials.createInsecure()), name);
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.process.exitCode === null) {
      this.process.kill("SIGTERM");
      await once(this.process, "exit");
    }
  }

  async configure(config: Properties = {}): Promise<{ acceptSecrets: boolean; supportsPreview: boolean }> {
    const request = new messages.ConfigureRequest();
    request.setAcceptsecrets(true);
    request.setArgs(toStruct(config));
    const response = await this.call<Messages.ConfigureResponse>("configure", request);
    return { acceptSecrets: response.getAcceptsecrets(), supportsPreview: response.getSupportspreview() };
  }

  async version(): Promise<string> {
    return (await this.call<PluginInfo>("getPluginInfo", new Empty())).getVersion();
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new Empty());
  }

  /** What is wrong with the inputs of the provider itself. */
  async checkConfig(news: Properties): Promise<string[]> {
    const request = new messages.CheckRequest();
    request.setNews(toStruct(news));
    const response = await this.call<Messages.CheckResponse>("checkConfig", request);
    return response.getFailuresList().map((failure) => failure.getReason());
  }

  /** The difference that changed inputs of the provider itself make. */
  async diffConfig(olds: Properties, news: Properties): Promise<{ changed: string[]; replaces: string[] }> {
    const request = new messages.DiffRequest();
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const response = await this.call<Messages.DiffResponse>("diffConfig", request);
    return { changed: response.getDiffsList(), replaces: response.getReplacesList() };
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(args));
    return (await this.call<Messages.InvokeResponse>("invoke", request)).getReturn()!.toJavaScript();
  }

  async check(
    type: string,
    news: Properties,
    olds: Properties = {},
  ): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest();
    request.setUrn(this.urn(type));
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const response = await this.call<Messages.CheckResponse>("check", request);
    return {
      inputs: response.getInputs()!.toJavaScript(),
      failures: response.getFailuresList().map((failure) => failure.getReason()),
    };
  }

  async create(
    type: string,
    inputs: Properties,
    preview = false,
    timeout = 0,
  ): Promise<{ id: string; state: Properties }> {
    const request = new messages.CreateRequest();
    request.setUrn(this.urn(type));
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    request.setTimeout(timeout);
    const response = await this.call<Messages.CreateResponse>("create", request);
    return { id: response.getId(), state: response.getProperties()!.toJavaScript() };
  }

  async diff(
    type: string,
    state: Properties,
    news: Properties,
    ignoreChanges: string[] = [],
  ): Promise<{
    changed: boolean;
    replaces: string[];
    detail: Record<string, number>;
    deleteBeforeReplace?: boolean;
  }> {
    const request = new messages.DiffRequest();
    request.setUrn(this.urn(type));
    request.setId("id");
    request.setOlds(toStruct(state));
    request.setNews(toStruct(news));
    request.setIgnorechangesList(ignoreChanges);
    const response = await this.call<Messages.DiffResponse>("diff", request);
    const detail = response.getDetaileddiffMap().toArray();
    return {
      changed: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      ...(response.getDeletebeforereplace() ? { deleteBeforeReplace: true } : {}),
      detail: Object.fromEntries(
        detail.map(([path]) => [path, response.getDetaileddiffMap().get(path)!.getKind()]),
      ),
    };
  }

  async read(
    type: string,
    id: string,
    state: Properties = {},
    inputs: Properties = {},
  ): Promise<{ id: string; state: Properties; inputs: Properties }> {
    const request = new messages.ReadRequest();
    request.setUrn(this.urn(type));
    request.setId(id);
    request.setProperties(toStruct(state));
    request.setInputs(toStruct(inputs));
    const response = await this.call<Messages.ReadResponse>("read", request);
    return {
      id: response.getId(),
      state: response.getProperties()?.toJavaScript() ?? {},
      inputs: response.getInputs()?.toJavaScript() ?? {},
    };
  }

  async update(
    type: string,
    state: Properties,
    news: Properties,
    { id = "id", preview = false, timeout = 0, ignoreChanges = [] as string[] } = {},
  ): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setUrn(this.urn(type));
    request.setId(id);
    request.setOlds(toStruct(state));
    request.setNews(toStruct(news));
    request.setPreview(preview);
    request.setTimeout(timeout);
    request.setIgnorechangesList(ignoreChanges);
    return (await this.call<Messages.UpdateResponse>("update", request)).getProperties()!.toJavaScript();
  }

  async delete(type: string, state: Properties, id = "id"): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setUrn(this.urn(type));
    request.setId(id);
    request.setProperties(toStruct(state));
    await this.call("delete", request);
  }

  private urn(type: string): string {
    if (type.includes(":")) {
      return `urn:pulumi:dev::project::${type}::name`;
    }
    const file = type.charAt(0).toLowerCase() + type.slice(1);
    return `urn:pulumi:dev::project::parent:index:Parent$${this.name}:index/${file}:${type}::name`;
  }

  private call<Response>(method: string, request: unknown): Promise<Response> {
    const { [method]: ask } = this.client as unknown as Record<string, Method>;
    return new Promise((resolve, reject) =>
      ask!.call(this.client, request, (error, response) =>
        error ? reject(error) : resolve(response as Response),
      ),
    );
  }
}

/** The resource that a failed operation left behind, if the error has one in its details. */
export function leftBehind(error: unknown): { id: string; state: Properties; reasons: string[] } | undefined {
  const [details] = (error as Grpc.ServiceError).metadata.get("grpc-status-details-bin");
  const [any] = details === undefined ? [] : Status.deserializeBinary(details as Buffer).getDetailsList();
  const failure = any?.unpack(
    messages.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  );
  return failure
    ? {
        id: failure.getId(),
        state: failure.getProperties()!.toJavaScript(),
        reasons: failure.getReasonsList(),
      }
    : undefined;
}

/** What the engine keeps of a response's values once it has taken off the secret marks. */
export function reveal<Shape = Properties>(value: unknown): Shape {
  return revealed(value) as Shape;
}

function revealed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(revealed);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (isSecret(value)) {
    return revealed(value.value);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

export function isSecret(value: unknown): value is { value: unknown } {
  const marks: [string, unknown][] = Object.entries(SECRET);
  return (
    value !== null &&
    typeof value === "object" &&
    marks.every(([key, signature]) => (value as Properties)[key] === signature)
  );
}
