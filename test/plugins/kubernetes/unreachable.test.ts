import { Plugin, type Properties, SECRET, UNKNOWN } from "../plugin";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const KUBECONFIG = JSON.stringify({
  "current-context": "a",
  contexts: [{ name: "a", context: { cluster: "a", user: "a", namespace: "forum" } }],
  clusters: [{ name: "a", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "a", user: { token: "t" } }],
});
const REASON =
  "unable to load schema information from the API server: " +
  'Get "https://127.0.0.1:1/api": dial tcp 127.0.0.1:1: connect: connection refused';

const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "b" } };
const state = { ...inputs, __inputs: inputs, __initialApiVersion: "v1", __fieldManager: "m" };

let plugin: Plugin;

beforeEach(async () => {
  plugin = await Plugin.start("kubernetes");
});

afterEach(() => plugin.stop());

const configured = (more: Properties = {}) => plugin.configure({ kubeconfig: KUBECONFIG, ...more });

describe("a cluster that cannot be reached", () => {
  test("does not keep the real provider from checking, comparing and previewing", async () => {
    await configured();
    const { inputs: checked } = await plugin.check(CONFIG_MAP, { ...inputs, metadata: { name: "a" } });
    expect(checked["metadata"]).toEqual({ name: "a", namespace: "forum" });
    expect(await plugin.diff(CONFIG_MAP, state, inputs)).toMatchObject({ changed: false });
    expect(await plugin.create(CONFIG_MAP, inputs, true)).toEqual({ id: "", state: inputs });
    expect(await plugin.update(CONFIG_MAP, state, inputs, { preview: true })).toEqual(inputs);
  });

  test("fails what needs it, with the real provider's words", async () => {
    await configured();
    const unreachable = `configured Kubernetes cluster is unreachable: ${REASON}`;
    await expect(plugin.create(CONFIG_MAP, inputs)).rejects.toThrow(unreachable);
    await expect(plugin.update(CONFIG_MAP, state, inputs)).rejects.toThrow(unreachable);
    await expect(plugin.read(CONFIG_MAP, "b/a", state, inputs)).rejects.toThrow(
      "failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this " +
        "resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE " +
        'environment variable set to "true"',
    );
    await expect(plugin.delete(CONFIG_MAP, state, "b/a")).rejects.toThrow(
      "configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove this resource",
    );
  });

  test("is taken for deleted with deleteUnreachable", async () => {
    await configured({ deleteUnreachable: "true" });
    expect((await plugin.read(CONFIG_MAP, "b/a", state, inputs)).id).toBe("");
    await plugin.delete(CONFIG_MAP, state, "b/a");
  });

  test("leaves everything as it was with skipUpdateUnreachable", async () => {
    await configured({ skipUpdateUnreachable: "true" });
    const { inputs: checked } = await plugin.check(CONFIG_MAP, { ...inputs, data: { a: "new" } }, inputs);
    expect(checked).toEqual(inputs);
    expect(await plugin.read(CONFIG_MAP, "b/a", state, inputs)).toEqual({ id: "b/a", state, inputs });
  });

  test("may just have an unusable kubeconfig", async () => {
    await plugin.configure({ kubeconfig: "nonsense" });
    await expect(plugin.create(CONFIG_MAP, inputs)).rejects.toThrow(
      "configured Kubernetes cluster is unreachable: failed to parse kubeconfig data in " +
        "`kubernetes:config:kubeconfig`- couldn't get version/kind",
    );
    await plugin.configure({ kubeconfig: KUBECONFIG, context: "nowhere" });
    await expect(plugin.create(CONFIG_MAP, inputs)).rejects.toThrow(
      /unable to load Kubernetes client configuration from kubeconfig file[^]*context "nowhere" does not exist/,
    );
  });
});

describe("a check", () => {
  beforeEach(() => configured());

  test("keeps what is secret and what is not known yet, except for an unknown namespace", async () => {
    const secret = { ...SECRET, value: "s" };
    const news = {
      apiVersion: "example.com/v1",
      kind: "Foo",
      metadata: { name: UNKNOWN, namespace: UNKNOWN },
      spec: { password: secret, size: UNKNOWN },
    };
    expect((await plugin.check("kubernetes:example.com/v1:Foo", news)).inputs).toEqual({
      ...news,
      metadata: { name: UNKNOWN, namespace: "forum" },
    });
  });

  test("marks the data of a Secret, which it encodes", async () => {
    const news = { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, stringData: { a: "1" } };
    const { inputs: checked } = await plugin.check("kubernetes:core/v1:Secret", news);
    expect(checked).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a", namespace: "forum" },
      data: { ...SECRET, value: { a: "MQ==" } },
    });
  });

  test("gives objects of the whole cluster no namespace", async () => {
    const news = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } };
    expect((await plugin.check("kubernetes:core/v1:Namespace", news)).inputs).toEqual(news);
  });

  test("refuses lists, nameless patches and generateName", async () => {
    await expect(plugin.check("kubernetes:core/v1:ConfigMapList", { items: [] })).rejects.toThrow(
      "list resources exist for compatibility with YAML manifests and Helm charts",
    );
    await expect(plugin.check(`${CONFIG_MAP}Patch`, { data: {} })).rejects.toThrow(
      "patch resources require the `.metadata.name` field to be set",
    );
    await expect(plugin.check(CONFIG_MAP, { metadata: { generateName: "a-" } })).rejects.toThrow(
      "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
    );
  });

  test("does not know resources that are no objects", async () => {
    await expect(plugin.check("kubernetes:helm.sh/v3:Release", {})).rejects.toThrow(
      'unknown resource type "kubernetes:helm.sh/v3:Release"',
    );
  });
});

test("decoding YAML needs no cluster", async () => {
  await configured();
  const text =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\n---\na: 1\n";
  expect(await plugin.invoke("kubernetes:yaml:decode", { text, defaultNamespace: "b" })).toEqual({
    result: [inputs, { apiVersion: "v1", kind: "Namespace" }],
  });
  await expect(plugin.invoke("kubernetes:yaml:decode", {})).rejects.toThrow("missing required field 'text'");
  await expect(plugin.invoke("kubernetes:helm:template", {})).rejects.toThrow(
    'unknown function "kubernetes:helm:template"',
  );
});
