import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Plugin, type Properties, SECRET } from "../plugin";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "b" }, data: {} };
const PATH = "/api/v1/namespaces/b/configmaps";

type Answer = { code?: number; body?: object; headers?: Record<string, string> };

/** What an API server is asked for, and what it answers, the last answer again and again. */
let asked: { line: string; headers: IncomingMessage["headers"]; body: unknown }[];
let answers: Record<string, Answer[]>;
let server: Server;
let plugin: Plugin;

const refusal = (code: number, reason: string, message: string): Answer => ({
  code,
  body: { kind: "Status", reason, message },
});

beforeEach(async () => {
  asked = [];
  answers = {
    "GET /api": [{}],
    "GET /api/v1": [{ body: { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] } }],
    [`GET ${PATH}/a`]: [{ body: inputs }],
    [`POST ${PATH}`]: [{ body: inputs }],
  };
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const text = Buffer.concat(chunks).toString();
    const line = `${request.method} ${request.url}`;
    asked.push({ line, headers: request.headers, body: text === "" ? undefined : JSON.parse(text) });
    const known = answers[line.replace(/\?.*/, "")] ?? [refusal(404, "NotFound", "not found")];
    const { code = 200, body = {}, headers = {} } = known.length > 1 ? known.shift()! : known[0]!;
    response.writeHead(code, headers).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  plugin = await Plugin.start("kubernetes");
  await configure();
});

afterEach(async () => {
  await plugin.stop();
  server.closeAllConnections();
  server.close();
});

async function configure(more: Properties = {}): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const kubeconfig = JSON.stringify({
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
    clusters: [{ name: "a", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "a", user: { token: "credential" } }],
  });
  await plugin.configure({ kubeconfig, ...more });
}

const lines = (verb: string) => asked.map(({ line }) => line).filter((line) => line.startsWith(verb));

describe("the real provider's requests", () => {
  test("carry the credentials and the name of the field manager", async () => {
    await plugin.create(CONFIG_MAP, inputs);
    const [created] = asked.filter(({ line }) => line.startsWith("POST"));
    expect(created).toMatchObject({
      line: `POST ${PATH}?fieldManager=pulumi-kubernetes`,
      headers: { authorization: "Bearer credential", "content-type": "application/json" },
      body: inputs,
    });
  });

  test("change nothing in a preview", async () => {
    await plugin.create(CONFIG_MAP, inputs, true);
    expect(lines("POST")).toEqual([expect.stringMatching(/\?fieldManager=[^&]+&dryRun=All$/)]);
  });

  test("apply what is to be upserted, forced only where that is wished", async () => {
    answers[`PATCH ${PATH}/a`] = [{ body: inputs }];
    await configure({ upsertExistingObjects: "true" });
    await plugin.create(CONFIG_MAP, inputs);
    await plugin.create(CONFIG_MAP, inputs, true);
    await configure({ upsertExistingObjects: "true", enablePatchForce: "true" });
    await plugin.create(CONFIG_MAP, inputs);
    expect(lines("PATCH").map((line) => line.replace(/.*?fieldManager=[^&]+&/, ""))).toEqual([
      "force=false",
      "dryRun=All&force=true",
      "force=true",
    ]);
    expect(asked.at(-2)!.headers["content-type"]).toBe("application/apply-patch+yaml");
  });

  test("are repeated when the API server is too busy, after the time that it asks for", async () => {
    const busy = { ...refusal(429, "TooManyRequests", "busy"), headers: { "Retry-After": "1" } };
    answers[`POST ${PATH}`] = [busy, { body: inputs }];
    const begin = Date.now();
    await plugin.create(CONFIG_MAP, inputs);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(1000);
    expect(lines("POST")).toHaveLength(2);
  });
});

describe("a refusal", () => {
  test("is told in the API server's words", async () => {
    answers[`POST ${PATH}`] = [refusal(403, "Forbidden", 'configmaps is forbidden: User "u" cannot create')];
    await expect(plugin.create(CONFIG_MAP, inputs)).rejects.toThrow(
      'was not successfully created by the Kubernetes API server: configmaps is forbidden: User "u" cannot create',
    );
    expect(await plugin.create(CONFIG_MAP, inputs, true)).toEqual({ id: "", state: inputs });
  });

  test("does not tell what is secret", async () => {
    answers[`POST ${PATH}`] = [refusal(422, "Invalid", 'data.a: Invalid value: "hunter22"')];
    const secret = { ...inputs, data: { a: { ...SECRET, value: "hunter22" } } };
    const error = await plugin.create(CONFIG_MAP, secret).catch(String);
    expect(error).toContain('data.a: Invalid value: "[secret]"');
  });

  test("of a deletion by the user's rights does not let the object go", async () => {
    answers[`DELETE ${PATH}/a`] = [refusal(403, "Forbidden", 'User "u" cannot delete resource "configmaps"')];
    const state = { ...inputs, __inputs: inputs, __initialApiVersion: "v1", __fieldManager: "m" };
    await expect(plugin.delete(CONFIG_MAP, state, "b/a")).rejects.toThrow("cannot delete resource");
    expect(lines("PATCH")).toEqual([]);
  });

  test("of the credentials makes the cluster unreachable", async () => {
    answers["GET /api"] = [refusal(401, "Unauthorized", "Unauthorized")];
    await configure();
    await expect(plugin.create(CONFIG_MAP, inputs)).rejects.toThrow(
      "configured Kubernetes cluster is unreachable: unable to load schema information from the API server: " +
        "Unauthorized",
    );
  });
});

test("an operation that the engine cancels ends at once, and the object stays in the state", async () => {
  const waiting = {
    ...inputs,
    metadata: { ...inputs.metadata, annotations: { "pulumi.com/waitFor": "jsonpath={.data.done}=yes" } },
  };
  answers[`POST ${PATH}`] = [{ body: waiting }];
  answers[`GET ${PATH}/a`] = [{ body: waiting }];
  const created = plugin.create(CONFIG_MAP, waiting).catch(String);
  const looked = new Promise((resolve) =>
    server.on("request", ({ method, url }) => {
      if (method === "GET" && url === `${PATH}/a`) {
        resolve("looked");
      }
    }),
  );
  expect(await Promise.race([looked, created])).toBe("looked");
  const exited = once(plugin.process, "exit");
  await plugin.cancel();
  expect(await created).toContain(
    "was successfully created, but the Kubernetes API server reported that it failed",
  );
  expect(await exited).toEqual([0, null]);
});
