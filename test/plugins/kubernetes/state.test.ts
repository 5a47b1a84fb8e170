import type * as State from "../../../tools/plugins/kubernetes/state.mjs" with {
  "resolution-mode": "import",
};
import type * as Secrets from "../../../tools/plugins/kubernetes/secrets.mjs" with {
  "resolution-mode": "import",
};
import type * as Normalize from "../../../tools/plugins/kubernetes/normalize.mjs" with {
  "resolution-mode": "import",
};
import type * as Prune from "../../../tools/plugins/kubernetes/prune.mjs" with {
  "resolution-mode": "import",
};

const { asObject, parseState, stateOf } = jest.requireActual<typeof State>(
  "../../../tools/plugins/kubernetes/state.mjs",
);
const { marked, masked } = jest.requireActual<typeof Secrets>(
  "../../../tools/plugins/kubernetes/secrets.mjs",
);
const { normalized } = jest.requireActual<typeof Normalize>(
  "../../../tools/plugins/kubernetes/normalize.mjs",
);
const { pruned } = jest.requireActual<typeof Prune>("../../../tools/plugins/kubernetes/prune.mjs");

const MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({ ...MARK, value });

describe("secrets", () => {
  test("are the data of a Secret, whatever the program says", () => {
    expect(marked({ kind: "Secret", data: { a: "1" }, type: "t" }, {})).toEqual({
      kind: "Secret",
      data: secret({ a: "1" }),
      type: "t",
    });
  });

  test("are what they are in the inputs, and as little else as possible", () => {
    const outputs = { spec: { password: "p", size: 1, list: [{ a: 1 }, { b: 2 }] }, status: {} };
    const inputs = { spec: { password: secret("p"), size: 1, list: [{ a: secret(1) }] } };
    expect(marked(outputs, inputs)).toEqual({
      spec: { password: secret("p"), size: 1, list: secret([{ a: 1 }, { b: 2 }]) },
      status: {},
    });
  });

  test("do not appear in what the API server says", () => {
    const inputs = { kind: "Foo", spec: { password: secret("hunter22"), size: 12345 } };
    expect(masked('spec.password: Invalid value: "hunter22", spec.size: 12345', inputs)).toBe(
      'spec.password: Invalid value: "[secret]", spec.size: 12345',
    );
    const data = { kind: "Secret", data: secret({ a: Buffer.from("hunter22").toString("base64") }) };
    expect(masked("hunter22 aHVudGVyMjI=", data)).toBe("[secret] [secret]");
  });
});

describe("the state", () => {
  const parts = {
    inputs: { apiVersion: "v1", kind: "Foo", spec: { "x-kubernetes-list-type": "set", a: "s" } },
    live: {
      apiVersion: "v1",
      kind: "Foo",
      metadata: { name: "a" },
      spec: { "x-kubernetes-list-type": "set", a: "s" },
    },
    markedInputs: { apiVersion: "v1", kind: "Foo", spec: { a: secret("s") } },
    initialApiVersion: "v1",
    fieldManager: "pulumi-kubernetes-12345678",
  };

  test("has the shape that the real provider gives it", () => {
    expect(stateOf(parts)).toEqual({
      apiVersion: "v1",
      kind: "Foo",
      metadata: { name: "a" },
      spec: { x_kubernetes_list_type: "set", a: secret("s") },
      __inputs: { apiVersion: "v1", kind: "Foo", spec: { x_kubernetes_list_type: "set", a: secret("s") } },
      __initialApiVersion: "v1",
      __fieldManager: "pulumi-kubernetes-12345678",
    });
  });

  test("is read again", () => {
    const { inputs, live, initialApiVersion, fieldManager } = parts;
    expect(parseState(stateOf(parts))).toEqual({ inputs, live, initialApiVersion, fieldManager });
  });

  test("has nothing that is null", () => {
    expect(asObject({ a: null, b: { c: null, d: [1] } })).toEqual({ b: { d: [1] } });
  });
});

describe("inputs", () => {
  test("of a Secret are given their texts as the API server stores them", () => {
    const object = { apiVersion: "v1", kind: "Secret", data: { a: "MQ==" }, stringData: { b: "2" } };
    expect(normalized(object)).toEqual({ apiVersion: "v1", kind: "Secret", data: { a: "MQ==", b: "Mg==" } });
  });

  test("keep their texts while one of them is not known yet", () => {
    const object = { apiVersion: "v1", kind: "Secret", stringData: { b: UNKNOWN } };
    expect(normalized(object)).toEqual(object);
  });

  test("lose what only the API server sets", () => {
    const metadata = { name: "a", uid: "u", resourceVersion: "1", creationTimestamp: "t", managedFields: [] };
    expect(normalized({ apiVersion: "v1", kind: "ConfigMap", metadata })).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
    });
  });
});

test("a live object is compared in the places that the inputs have", () => {
  const live = { spec: { a: 1, defaulted: 2, list: [{ b: 1, defaulted: 3 }, { c: 1 }] }, status: {} };
  expect(pruned(live, { spec: { a: 0, list: [{ b: 2 }], gone: 1 } })).toEqual({
    spec: { a: 1, list: [{ b: 1 }] },
  });
});
