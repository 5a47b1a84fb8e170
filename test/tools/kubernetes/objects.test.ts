import { Plugin, type Properties, isSecret, leftBehind, reveal } from "../../plugins/plugin";
import { Api, type Wanted, firstRegion } from "./api";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const SERVICE = "kubernetes:core/v1:Service";

const api = new Api();
const NOTHING = "kubernetes:example.com/v1:Nothing";
const ofNoKind = {
  apiVersion: "example.com/v1",
  kind: "Nothing",
  metadata: { name: "a", namespace: api.namespace },
};
let plugin: Plugin;
/** For half a minute the provider hopes that somebody defines the kind: everything else is tested meanwhile. */
let hopeless: Promise<unknown>;

beforeAll(async () => {
  await api.begin();
  plugin = await start();
  hopeless = plugin.create(NOTHING, ofNoKind).catch((reason) => reason);
});
afterAll(async () => {
  await plugin.stop();
  await api.end();
});

async function start(config: Properties = {}): Promise<Plugin> {
  const started = await Plugin.start("kubernetes");
  await started.configure({ kubeconfig: firstRegion(), namespace: api.namespace, ...config });
  return started;
}

/** Does something with a plugin that is configured otherwise than that of all tests. */
async function withPlugin(config: Properties, work: (plugin: Plugin) => Promise<void>): Promise<void> {
  const configured = await start(config);
  await work(configured).finally(() => configured.stop());
}

const configMap = (name: string, data: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: api.namespace, ...metadata },
  data,
});
const serviceWith = (name: string, port: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: api.namespace },
  spec: { clusterIP: "None", ports: [port] },
});
const live = ({ apiVersion, kind, metadata: { name } }: Wanted) => api.read({ apiVersion, kind, name });
const idOf = ({ metadata: { name } }: Wanted) => `${api.namespace}/${name}`;

/** Who manages the fields of an object, and how. */
async function managersOf(object: Wanted): Promise<string[]> {
  const { managedFields } = (await live(object))!.metadata as unknown as {
    managedFields: { manager: string; operation: string }[];
  };
  return managedFields.map(({ manager, operation }) => `${operation} ${manager}`);
}

describe("creating", () => {
  test("returns the live object in the state's shape, under the id namespace/name", async () => {
    const inputs = configMap("created", { a: "1" });
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    expect(id).toBe(idOf(inputs));
    expect(state).toMatchObject({
      ...inputs,
      metadata: { ...inputs.metadata, uid: expect.any(String), resourceVersion: expect.any(String) },
      __inputs: inputs,
      __initialApiVersion: "v1",
      __fieldManager: expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/),
    });
    expect(await managersOf(inputs)).toEqual(["Update pulumi-kubernetes"]);
  });

  test("owns its fields as applied after the first update, or at once with upsertExistingObjects", async () => {
    const inputs = configMap("owned", { a: "1" });
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    await plugin.update(CONFIG_MAP, state, configMap("owned", { a: "2" }), { id });
    expect(await managersOf(inputs)).toEqual([`Apply ${String(state["__fieldManager"])}`]);

    await withPlugin({ upsertExistingObjects: "true" }, async (upserting) => {
      const applied = configMap("applied", { a: "1" });
      const made = await upserting.create(CONFIG_MAP, applied);
      expect(await managersOf(applied)).toEqual([`Apply ${String(made.state["__fieldManager"])}`]);
    });
  });

  test("refuses to take over what is there already", async () => {
    const inputs = configMap("taken", { a: "1" });
    await api.create(inputs);
    await expect(plugin.create(CONFIG_MAP, inputs)).rejects.toThrow(
      'was not successfully created by the Kubernetes API server: configmaps "taken" already exists',
    );
  });

  test("takes over what is there already with upsertExistingObjects", async () => {
    const inputs = configMap("upserted", { a: "1" });
    await api.create({ ...inputs, data: { a: "1", b: "2" } });
    await withPlugin({ upsertExistingObjects: "true" }, async (upserting) => {
      await upserting.create(CONFIG_MAP, inputs);
    });
    expect((await live(inputs))!["data"]).toEqual({ a: "1", b: "2" });
  });

  test("waits a little for a namespace that is about to be created", async () => {
    const name = `${api.namespace}-late`;
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    const created = plugin.create(CONFIG_MAP, configMap("early", {}, { namespace: name }));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await api.create(namespace);
    expect((await created).id).toBe(`${name}/early`);
    await api.delete(namespace);
  });

  test("keeps the data of a Secret secret", async () => {
    const inputs = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "secret", namespace: api.namespace },
      stringData: { password: "hunter22" },
    };
    const { inputs: checked } = await plugin.check(SECRET, inputs);
    const { state } = await plugin.create(SECRET, checked);
    expect(JSON.stringify(state)).toContain("aHVudGVyMjI=");
    expect(JSON.stringify({ ...state, data: 0, __inputs: 0 })).not.toContain("aHVudGVyMjI=");
    expect(isSecret(state["data"])).toBe(true);
    expect(reveal(state["data"])).toEqual({ password: "aHVudGVyMjI=" });
    expect(JSON.stringify({ ...(state["__inputs"] as object), data: 0 })).not.toContain("aHVudGVyMjI=");
  });

  test("leaves an object that does not become ready to the next update", async () => {
    const inputs = configMap(
      "unready",
      {},
      { annotations: { "pulumi.com/waitFor": "jsonpath={.data.done}=yes" } },
    );
    const error: unknown = await plugin.create(CONFIG_MAP, inputs, false, 1).catch((reason) => reason);
    expect(String(error)).toContain(
      "was successfully created, but the Kubernetes API server reported that it failed to fully initialize or " +
        "become live: ",
    );
    const left = leftBehind(error)!;
    expect(left).toMatchObject({ id: idOf(inputs), state: { __inputs: inputs } });
    expect(left.reasons[0]).toContain("failed to fully initialize or become live");

    const mended = { ...inputs, data: { done: "yes" } };
    expect(await plugin.update(CONFIG_MAP, left.state, mended, { id: left.id })).toMatchObject(mended);
  });
});

describe("previewing", () => {
  test("a creation asks the API server what it would make of the object, and makes nothing", async () => {
    const inputs = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "previewed", namespace: api.namespace },
      spec: { ports: [{ port: 80 }] },
    };
    const { id, state } = await plugin.create(SERVICE, inputs, true);
    expect(id).toBe("");
    expect(state).toMatchObject({ spec: { type: "ClusterIP", ports: [{ port: 80, protocol: "TCP" }] } });
    expect(await live(inputs)).toBeUndefined();
  });

  test("tells before an update that the API server would refuse it", async () => {
    const inputs = serviceWith("refused", { port: 80 });
    const { id, state } = await plugin.create(SERVICE, inputs);
    const refused = serviceWith("refused", { port: 123456 });
    await expect(plugin.create(SERVICE, { ...refused, metadata: { name: "b" } }, true)).rejects.toThrow(
      /spec\.ports\[0\]\.port: Invalid value: 123456/,
    );
    await expect(plugin.update(SERVICE, state, refused, { id, preview: true })).rejects.toThrow(
      /failed to fully initialize or become live: [^]*port: Invalid value: 123456/,
    );
  });

  test("an update of what was only created fails where a field would have to go", async () => {
    const inputs = serviceWith("created", { name: "postgres", port: 80 });
    const moved = serviceWith("created", { name: "postgres", port: 81 });
    const { id, state } = await plugin.create(SERVICE, inputs);
    await expect(plugin.update(SERVICE, state, moved, { id, preview: true })).rejects.toThrow(
      /spec\.ports\[1\]\.name: Duplicate value: "postgres"/,
    );
    const updated = await plugin.update(SERVICE, state, moved, { id });
    expect(updated).toMatchObject({ spec: { ports: [{ port: 81 }] } });
    expect(await plugin.update(SERVICE, updated, inputs, { id, preview: true })).toMatchObject({
      spec: { ports: [{ port: 80 }] },
    });
  });

  test("an update of what was created with upsertExistingObjects passes", async () => {
    const inputs = serviceWith("upserted", { name: "postgres", port: 80 });
    await withPlugin({ upsertExistingObjects: "true" }, async (upserting) => {
      const { id, state } = await upserting.create(SERVICE, inputs);
      const moved = serviceWith("upserted", { name: "postgres", port: 81 });
      expect(await upserting.update(SERVICE, state, moved, { id, preview: true })).toMatchObject({
        spec: { ports: [{ port: 81 }] },
      });
    });
    expect((await live(inputs))!["spec"].ports).toEqual([expect.objectContaining({ port: 80 })]);
  });

  test("a replacement shows the inputs, since the name is not free yet", async () => {
    const inputs = configMap("replaced", { a: "1" });
    await plugin.create(CONFIG_MAP, inputs);
    const news = { ...inputs, data: { a: "2" } };
    expect(await plugin.create(CONFIG_MAP, news, true)).toEqual({ id: "", state: news });
  });

  test("a namespace that is yet to come shows the inputs", async () => {
    const inputs = configMap("a", {}, { namespace: `${api.namespace}-none` });
    expect(await plugin.create(CONFIG_MAP, inputs, true)).toEqual({ id: "", state: inputs });
  });
});

describe("comparing", () => {
  test("a live object with the inputs that made it finds nothing, whatever the API server added", async () => {
    const inputs = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "compared",
        namespace: api.namespace,
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        replicas: 0,
        paused: false,
        selector: { matchLabels: { app: "compared" } },
        template: {
          metadata: { labels: { app: "compared" } },
          spec: {
            hostNetwork: false,
            containers: [
              { name: "a", image: "b", resources: { requests: { cpu: "1000m", memory: "1024Mi" } }, env: [] },
            ],
          },
        },
      },
    };
    const type = "kubernetes:apps/v1:Deployment";
    const { state } = await plugin.create(type, inputs);
    expect(await plugin.diff(type, state, inputs)).toMatchObject({ changed: false, detail: {} });
    const selector = { matchLabels: { app: "other" } };
    expect(await plugin.diff(type, state, { ...inputs, spec: { ...inputs.spec, selector } })).toMatchObject({
      changed: true,
      replaces: ["spec.selector.matchLabels.app"],
      deleteBeforeReplace: true,
    });
  });

  test("replaces what was named for the program without deleting it first", async () => {
    const { inputs } = await plugin.check(CONFIG_MAP, {
      apiVersion: "v1",
      kind: "ConfigMap",
      data: { a: "1" },
    });
    const { state } = await plugin.create(CONFIG_MAP, inputs);
    const { inputs: news } = await plugin.check(
      CONFIG_MAP,
      { apiVersion: "v1", kind: "ConfigMap", data: { a: "2" } },
      inputs,
    );
    expect(news["metadata"]).toEqual(inputs["metadata"]);
    expect(await plugin.diff(CONFIG_MAP, state, news)).toEqual({
      changed: true,
      replaces: ["data.a"],
      detail: { "data.a": 5 },
    });
  });
});

describe("updating", () => {
  test("removes what the inputs no longer have, and nothing that others added", async () => {
    const inputs = configMap("updated", { a: "1", b: "1" });
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    await api.patch(inputs, { data: { c: "3" } }, "?fieldManager=other");
    const news = configMap("updated", { a: "2" });
    const updated = await plugin.update(CONFIG_MAP, state, news, { id });
    expect(updated["data"]).toEqual({ a: "2", c: "3" });
    expect(updated["__fieldManager"]).toBe(state["__fieldManager"]);
  });

  test("takes over what a provider of an exact name created, and nothing of another name", async () => {
    const manager = "pulumi-kubernetes-87654321";
    const of = (name: string, a: string) => configMap(name, { a });
    const changedBy = async (name: string, creator: string): Promise<string[]> => {
      const inputs = of(name, "1");
      await api.create(inputs);
      await api.patch(inputs, of(name, "2"), `?fieldManager=${creator}`);
      const state = { ...inputs, __inputs: inputs, __initialApiVersion: "v1", __fieldManager: manager };
      const annotations = { "pulumi.com/patchForce": "true" };
      const news = configMap(name, { a: "3" }, { annotations });
      await plugin.update(CONFIG_MAP, state, news, { id: idOf(inputs) });
      return managersOf(inputs);
    };
    expect(await changedBy("exact", "pulumi-resource-kubernetes")).not.toContain(
      "Update pulumi-resource-kubernetes",
    );
    expect(await changedBy("other-name", "pulumi-kubernetes-12345678")).toContain(`Apply ${manager}`);
  });

  test("does not win a conflict, unless it is forced to", async () => {
    const inputs = configMap("contended", { a: "1" });
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    await api.patch(inputs, { data: { a: "theirs" } }, "?fieldManager=other");
    const news = configMap("contended", { a: "2" });
    const error: unknown = await plugin.update(CONFIG_MAP, state, news, { id }).catch((reason) => reason);
    expect(String(error)).toContain(
      `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ` +
        "Server-Side Apply field conflict detected. See https://www.pulumi.com/registry/packages/kubernetes/" +
        "how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for " +
        `troubleshooting help.\nThe resource managed by field manager "${String(state["__fieldManager"])}" had an ` +
        'apply conflict: Apply failed with 1 conflict: conflict with "other"',
    );
    expect(leftBehind(error)).toMatchObject({ id, state: { data: { a: "theirs" }, __inputs: news } });

    const annotations = { "pulumi.com/patchForce": "true" };
    const forced = configMap("contended", { a: "2" }, { annotations });
    expect(await plugin.update(CONFIG_MAP, state, forced, { id })).toMatchObject({ data: { a: "2" } });

    await api.patch(inputs, { data: { a: "theirs" } }, "?fieldManager=other");
    await withPlugin({ enablePatchForce: "true" }, async (forcing) => {
      expect(await forcing.update(CONFIG_MAP, state, news, { id })).toMatchObject({ data: { a: "2" } });
    });
  });

  test("leaves alone what is to be ignored and managed by another", async () => {
    const inputs = configMap("ignoring", { a: "1", b: "1" });
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    await api.patch(inputs, { data: { b: "theirs" } }, "?fieldManager=other");
    const news = configMap("ignoring", { a: "2", b: "1" });
    const updated = await plugin.update(CONFIG_MAP, state, news, { id, ignoreChanges: ["data.b"] });
    expect(updated["data"]).toEqual({ a: "2", b: "theirs" });
    const { managedFields } = updated["metadata"] as {
      managedFields: { manager: string; fieldsV1: object }[];
    };
    const mine = managedFields.find(({ manager }) => manager === state["__fieldManager"]);
    expect(mine!.fieldsV1).toEqual({ "f:data": { "f:a": {} } });
  });

  test("passes what it managed on to another field manager", async () => {
    const inputs = configMap("renamed", { a: "1" });
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    const annotations = { "pulumi.com/patchFieldManager": "mine" };
    const updated = await plugin.update(
      CONFIG_MAP,
      state,
      configMap("renamed", { a: "1" }, { annotations }),
      { id },
    );
    expect(updated["__fieldManager"]).toBe("mine");
    expect(await managersOf(inputs)).toEqual(["Apply mine"]);
  });
});

describe("reading", () => {
  test("imports an object with the inputs that would have made it", async () => {
    const wanted = configMap("imported", { a: "1" }, { labels: { b: "c" } });
    await api.create(wanted);
    const { id, state, inputs } = await plugin.read(CONFIG_MAP, idOf(wanted));
    expect(id).toBe(idOf(wanted));
    expect(inputs).toEqual(wanted);
    expect(state).toMatchObject({ ...wanted, __inputs: wanted });
    expect(await plugin.diff(CONFIG_MAP, state, wanted)).toMatchObject({ changed: false });
  });

  test("finds what others changed where the inputs have a say", async () => {
    const inputs = configMap("drifted", { a: "1" });
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    await api.patch(inputs, { data: { a: "2", b: "3" } });
    const read = await plugin.read(CONFIG_MAP, id, state, inputs);
    expect(read.inputs).toEqual(configMap("drifted", { a: "2" }));
    expect(read.state).toMatchObject({ data: { a: "2", b: "3" }, __fieldManager: state["__fieldManager"] });
    expect(await plugin.diff(CONFIG_MAP, read.state, inputs)).toMatchObject({ detail: { "data.a": 5 } });
  });

  test("finds out that an object is gone", async () => {
    const inputs = configMap("gone", {});
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    await api.delete(inputs);
    expect((await plugin.read(CONFIG_MAP, id, state, inputs)).id).toBe("");
  });
});

describe("deleting", () => {
  test("ends with the object, or without one", async () => {
    const inputs = configMap("deleted", {});
    const { id, state } = await plugin.create(CONFIG_MAP, inputs);
    await plugin.delete(CONFIG_MAP, state, id);
    expect(await live(inputs)).toBeUndefined();
    await plugin.delete(CONFIG_MAP, state, id);
  });

  test("deletes the objects below first, unless told otherwise", async () => {
    const owner = configMap("owner", {});
    const { id, state } = await plugin.create(CONFIG_MAP, owner);
    const { uid } = (await live(owner))!.metadata;
    const ownerReferences = [
      { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid, blockOwnerDeletion: true },
    ];
    const dependent = configMap("dependent", {}, { ownerReferences });
    await api.create(dependent);
    await plugin.delete(CONFIG_MAP, state, id);
    expect(await live(dependent)).toBeUndefined();
  });

  test("leaves the objects below with the propagation policy orphan", async () => {
    const annotations = { "pulumi.com/deletionPropagationPolicy": "orphan" };
    const owner = configMap("orphaner", {}, { annotations });
    const { id, state } = await plugin.create(CONFIG_MAP, owner);
    const { uid } = (await live(owner))!.metadata;
    const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "orphaner", uid }];
    const dependent = configMap("orphan", {}, { ownerReferences });
    await api.create(dependent);
    await plugin.delete(CONFIG_MAP, state, id);
    expect(await live(dependent)).toMatchObject({ metadata: { name: "orphan" } });
  });

  test("refuses to delete the namespace default", async () => {
    const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } };
    await withPlugin({ upsertExistingObjects: "true" }, async (upserting) => {
      const { id, state } = await upserting.create("kubernetes:core/v1:Namespace", inputs);
      await expect(upserting.delete("kubernetes:core/v1:Namespace", state, id)).rejects.toThrow(
        'deletion of the namespace "default" is not allowed',
      );
    });
  });
});

describe("a Patch", () => {
  const PATCH = `${CONFIG_MAP}Patch`;

  test("adds to an object, and takes away again what it added", async () => {
    const inputs = configMap("patched", { a: "1" });
    await api.create(inputs);
    const { id, state } = await plugin.create(PATCH, configMap("patched", { b: "2" }));
    expect(id).toBe(idOf(inputs));
    expect(state["data"]).toEqual({ a: "1", b: "2" });
    const news = configMap("patched", { c: "3" });
    expect(await plugin.diff(PATCH, state, news)).toMatchObject({ changed: true, replaces: [] });
    const updated = await plugin.update(PATCH, state, news, { id });
    expect(updated["data"]).toEqual({ a: "1", c: "3" });
    await plugin.delete(PATCH, updated, id);
    expect((await live(inputs))!["data"]).toEqual({ a: "1" });
  });

  test("conflicts with the managers of the same fields", async () => {
    await api.create(configMap("contested", { a: "1" }));
    await expect(plugin.create(PATCH, configMap("contested", { a: "2" }))).rejects.toThrow(
      "Server-Side Apply field conflict detected",
    );
    const annotations = { "pulumi.com/patchForce": "true" };
    const { state } = await plugin.create(PATCH, configMap("contested", { a: "2" }, { annotations }));
    expect(state["data"]).toEqual({ a: "2" });
  });

  test("that manages a required field cannot be deleted", async () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "required", namespace: api.namespace },
      spec: { ports: [{ port: 80 }] },
    };
    const type = `${SERVICE}Patch`;
    const { id, state } = await plugin.create(type, service);
    await expect(plugin.delete(type, state, id)).rejects.toThrow(
      "this Patch resource is currently managing a required field, so it can't be deleted directly. Either set the " +
        "`retainOnDelete` resource option, or transfer ownership of the field before deleting: spec.ports",
    );
  });
});

describe("a CustomResourceDefinition", () => {
  const group = `${api.namespace}.example.com`;
  const type = `kubernetes:${group}/v1:Foo`;
  const definition = (schema: object) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `foos.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Foo", plural: "foos" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  });
  const schema = {
    type: "object",
    properties: { spec: { type: "object", x_kubernetes_preserve_unknown_fields: true } },
  };
  const DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

  test("can be created together with its resources, be updated, and takes them along", async () => {
    const foo = {
      apiVersion: `${group}/v1`,
      kind: "Foo",
      metadata: { name: "a", namespace: api.namespace },
      spec: { a: 1 },
    };
    const created = plugin.create(type, foo);
    const { id, state } = await plugin.create(DEFINITION, definition(schema));
    expect((await created).state).toMatchObject(foo);
    const wider = { ...schema, description: "wider" };
    const news = definition(wider);
    expect(await plugin.diff(DEFINITION, state, definition(schema))).toMatchObject({ changed: false });
    const updated = await plugin.update(DEFINITION, state, news, { id });
    expect(updated["spec"]).toMatchObject(news.spec);
    await plugin.delete(DEFINITION, updated, id);
    const resource = await created;
    expect((await plugin.read(type, resource.id, resource.state, foo)).id).toBe("");
    await plugin.delete(type, resource.state, resource.id);
  });
});

describe("an object of a kind that nothing defines", () => {
  test("can be previewed, and is not created", async () => {
    expect(await plugin.create(NOTHING, ofNoKind, true)).toEqual({ id: "", state: ofNoKind });
    expect(String(await hopeless)).toContain(
      "reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been " +
        'created: no matches for kind "Nothing" in version "example.com/v1"',
    );
  });
});
