import type * as Difference from "../../../tools/plugins/kubernetes/difference.mjs" with {
  "resolution-mode": "import",
};
import type * as Immutable from "../../../tools/plugins/kubernetes/immutable-fields.mjs" with {
  "resolution-mode": "import",
};

const { difference } = jest.requireActual<typeof Difference>(
  "../../../tools/plugins/kubernetes/difference.mjs",
);
const { immutableFields } = jest.requireActual<typeof Immutable>(
  "../../../tools/plugins/kubernetes/immutable-fields.mjs",
);

type Object = Record<string, unknown>;
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const OPTIONS = { isPatch: false, enableConfigMapMutable: false, enableSecretMutable: false };

/** The changes from one set of inputs to another, for an object that is as its former inputs say. */
function changes(
  before: Object,
  after: Object,
  options: Partial<typeof OPTIONS & { ignored: string[] }> = {},
) {
  const { ignored = [], ...rest } = options;
  const found = difference({
    before,
    after,
    formerInputs: before,
    immutable: immutableFields(after, { ...OPTIONS, ...rest }),
    ignored,
  });
  return {
    ...Object.fromEntries(found.changes.map(({ path, kind }) => [path, kind])),
    ...(found.replaces.length > 0 ? { replaces: found.replaces } : {}),
  };
}

const configMap = (more: Object) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a" },
  ...more,
});

describe("what changes", () => {
  test("nothing, if nothing does", () => {
    expect(changes(configMap({ data: { a: "1" } }), configMap({ data: { a: "1" } }))).toEqual({});
  });

  test("is told field by field, also within lists", () => {
    const deployment = (spec: Object) => ({ apiVersion: "apps/v1", kind: "Deployment", spec });
    const before = deployment({
      replicas: 1,
      paused: true,
      template: { spec: { containers: [{ name: "a", image: "x" }, { name: "b" }] } },
    });
    const after = deployment({
      replicas: 2,
      minReadySeconds: 3,
      template: { spec: { containers: [{ name: "a", image: "y", tty: true }] } },
    });
    expect(changes(before, after)).toEqual({
      "spec.replicas": "update",
      "spec.minReadySeconds": "add",
      "spec.paused": "delete",
      "spec.template.spec.containers[0].image": "update",
      "spec.template.spec.containers[0].tty": "add",
      "spec.template.spec.containers[1]": "delete",
    });
  });

  test("is the whole of what is new, and of what is not known yet", () => {
    expect(changes(configMap({}), configMap({ metadata: { name: "a", labels: { b: "c" } } }))).toEqual({
      "metadata.labels": "add",
    });
    const labelled = (value: string) => configMap({ metadata: { name: "a", labels: { b: value } } });
    expect(changes(labelled(UNKNOWN), labelled(UNKNOWN))).toEqual({ "metadata.labels.b": "update" });
  });

  test("has keys quoted where they need it", () => {
    const annotated = (value: string) =>
      configMap({ metadata: { name: "a", annotations: { "example.com/a": value } } });
    expect(changes(annotated("1"), annotated("2"))).toEqual({
      'metadata.annotations["example.com/a"]': "update",
    });
  });

  test("is not the way in which an amount is written", () => {
    const pod = (cpu: string, note: string) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      spec: { resources: { requests: { cpu, memory: "1Gi" } }, note },
    });
    expect(changes(pod("1", "1"), pod("1000m", "1000m"))).toEqual({ "spec.note": "update" });
    expect(changes(pod("1", "a"), pod("1001m", "a"))).toEqual({ "spec.resources.requests.cpu": "update" });
  });

  test("is not what the API server leaves out since it is empty or false", () => {
    const question = (formerInputs: Object) => ({
      before: { spec: {} },
      after: { spec: { hostNetwork: false, env: [] } },
      formerInputs,
      immutable: [],
      ignored: [],
    });
    expect(difference(question({ spec: { hostNetwork: false, env: [] } })).changes).toEqual([]);
    expect(difference(question({ spec: {} })).changes.map(({ path }) => path)).toEqual([
      "spec.hostNetwork",
      "spec.env",
    ]);
  });

  test("is not what is to be ignored", () => {
    const before = configMap({ metadata: { name: "a", labels: { b: "1", c: "1" } } });
    const after = configMap({ metadata: { name: "a", labels: { b: "2", c: "2" } } });
    expect(changes(before, after, { ignored: ["metadata.labels.b"] })).toEqual({
      "metadata.labels.c": "update",
    });
    expect(changes(before, after, { ignored: ["metadata.*"] })).toEqual({});
  });
});

describe("what is replaced", () => {
  test("is an object whose identity changes", () => {
    expect(changes(configMap({}), configMap({ metadata: { name: "b" } }))).toEqual({
      "metadata.name": "update",
      replaces: ["metadata.name"],
    });
  });

  test.each([
    ["the data of a ConfigMap", "v1", "ConfigMap", { data: { a: "1" } }, { data: { a: "2" } }, ["data.a"]],
    ["the data of a Secret", "v1", "Secret", { data: { a: "MQ==" } }, { data: {} }, ["data.a"]],
    ["the type of a Secret", "v1", "Secret", { type: "a" }, { type: "b" }, ["type"]],
    [
      "a selector",
      "apps/v1",
      "Deployment",
      { spec: { selector: { matchLabels: { a: "1" } } } },
      { spec: { selector: { matchLabels: { a: "2" } } } },
      ["spec.selector.matchLabels.a"],
    ],
    ["what is immutable below what is new", "v1", "Service", {}, { spec: { clusterIP: "None" } }, ["spec"]],
    [
      "the image of a Pod",
      "v1",
      "Pod",
      { spec: { containers: [{ image: "a" }] } },
      { spec: { containers: [{ image: "b" }] } },
      ["spec.containers[0].image"],
    ],
    [
      "a role's reference",
      "rbac.authorization.k8s.io/v1",
      "RoleBinding",
      { roleRef: { name: "a" } },
      { roleRef: { name: "b" } },
      ["roleRef.name"],
    ],
  ])("is for %s", (_, apiVersion, kind, before, after, replaces) => {
    expect(changes({ apiVersion, kind, ...before }, { apiVersion, kind, ...after })).toMatchObject({
      replaces,
    });
  });

  test("is not what the options make mutable, unless the object says otherwise", () => {
    const [before, after] = [configMap({ data: { a: "1" } }), configMap({ data: { a: "2" } })];
    expect(changes(before, after, { enableConfigMapMutable: true })).toEqual({ "data.a": "update" });
    expect(changes(before, { ...after, immutable: true }, { enableConfigMapMutable: true })).toMatchObject({
      replaces: ["data.a"],
    });
    expect(changes(before, after, { enableSecretMutable: true })).toMatchObject({ replaces: ["data.a"] });
  });

  test("is nothing but the identity for a Patch", () => {
    const [before, after] = [configMap({ data: { a: "1" } }), configMap({ data: { a: "2" } })];
    expect(changes(before, after, { isPatch: true })).toEqual({ "data.a": "update" });
  });
});
