import type * as Yaml from "../../../tools/plugins/kubernetes/yaml.mjs" with {
  "resolution-mode": "import",
};
import type * as TypeToken from "../../../tools/plugins/kubernetes/type-token.mjs" with {
  "resolution-mode": "import",
};
import type * as Options from "../../../tools/plugins/kubernetes/options.mjs" with {
  "resolution-mode": "import",
};
import type * as Naming from "../../../tools/plugins/kubernetes/naming.mjs" with {
  "resolution-mode": "import",
};

const { parseManifests } = jest.requireActual<typeof Yaml>("../../../tools/plugins/kubernetes/yaml.mjs");
const { parseToken } = jest.requireActual<typeof TypeToken>(
  "../../../tools/plugins/kubernetes/type-token.mjs",
);
const { optionsFrom } = jest.requireActual<typeof Options>("../../../tools/plugins/kubernetes/options.mjs");
const { withFormerName, withNewName } = jest.requireActual<typeof Naming>(
  "../../../tools/plugins/kubernetes/naming.mjs",
);

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("manifests", () => {
  test("are as many as there are documents that say anything", () => {
    expect(parseManifests("a: 1\n---\n# nothing\n---\nb: 2\n")).toEqual([{ a: 1 }, { b: 2 }]);
  });

  test("are written in the dialect of Kubernetes", () => {
    expect(parseManifests("mode: 0644\non_: on\ndate: 2001-01-01\ntime: 12:30\n")).toEqual([
      { mode: 420, on_: true, date: "2001-01-01", time: "12:30" },
    ]);
  });

  test("that are none fail", () => {
    expect(() => parseManifests("a: [")).toThrow("error converting YAML to JSON: yaml: ");
  });
});

describe("a type token", () => {
  test.each([
    ["kubernetes:core/v1:Secret", { apiVersion: "v1", kind: "Secret", isPatch: false, isList: false }],
    [
      "kubernetes:apps/v1:DeploymentPatch",
      { apiVersion: "apps/v1", kind: "Deployment", isPatch: true, isList: false },
    ],
    [
      "kubernetes:postgresql.cnpg.io/v1:Cluster",
      { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", isPatch: false, isList: false },
    ],
    [
      "kubernetes:core/v1:ConfigMapList",
      { apiVersion: "v1", kind: "ConfigMapList", isPatch: false, isList: true },
    ],
  ])("%s is an object's", (token, type) => {
    expect(parseToken(token)).toEqual(type);
  });

  test.each(["kubernetes:helm.sh/v3:Release", "kubernetes:yaml/v2:ConfigGroup", "kubernetes:nonsense"])(
    "%s is not",
    (token) => {
      expect(parseToken(token)).toBeUndefined();
    },
  );
});

describe("options", () => {
  test("come from the provider's inputs, then from the environment", () => {
    const env = { PULUMI_K8S_DELETE_UNREACHABLE: "true", PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE: "true" };
    expect(optionsFrom({}, env)).toMatchObject({ deleteUnreachable: true, enableConfigMapMutable: true });
    expect(optionsFrom({ deleteUnreachable: "false" }, env)).toMatchObject({ deleteUnreachable: false });
    expect(optionsFrom({}, {})).toMatchObject({ deleteUnreachable: false, enablePatchForce: undefined });
  });

  test("that the stand-in does not have are refused", () => {
    expect(() => optionsFrom({ enableServerSideApply: "false" }, {})).toThrow("only has Server-Side Apply");
    expect(() => optionsFrom({ renderYamlToDirectory: "out" }, {})).toThrow("cannot render YAML");
  });
});

describe("a name", () => {
  const urn = "urn:pulumi:dev::project::kubernetes:core/v1:ConfigMap::my::name";
  const request = { urn, randomSeed: new Uint8Array() };
  const annotations = { "pulumi.com/autonamed": "true" };

  test("is made from the resource's where there is none", () => {
    expect(withNewName({}, request)["metadata"]).toEqual({
      name: expect.stringMatching(/^my::name-[0-9a-f]{8}$/),
      annotations,
    });
  });

  test("is the same again for the same seed", () => {
    const seeded = { ...request, randomSeed: Uint8Array.of(1, 2, 3) };
    expect(withNewName({}, seeded)).toEqual(withNewName({}, seeded));
  });

  test("is what the engine was configured to propose", () => {
    const autonaming = { proposedName: "proposed", disabled: false };
    expect(withNewName({}, { ...request, autonaming })["metadata"]).toMatchObject({ name: "proposed" });
    expect(() => withNewName({}, { ...request, autonaming: { proposedName: "", disabled: true } })).toThrow(
      "autonaming is disabled",
    );
  });

  test.each([{ name: "given" }, { name: UNKNOWN }, { generateName: "g" }])(
    "is left alone in %j",
    (metadata) => {
      expect(withNewName({ metadata }, request)).toEqual({ metadata });
    },
  );

  test("stays once it was made, but not once it was given", () => {
    const made = { metadata: { name: "name-1", annotations } };
    expect(withFormerName({ metadata: { labels: { a: "b" } } }, made)).toEqual({
      metadata: { labels: { a: "b" }, name: "name-1", annotations },
    });
    expect(withFormerName({}, { metadata: { name: "given" } })).toEqual({});
  });
});
