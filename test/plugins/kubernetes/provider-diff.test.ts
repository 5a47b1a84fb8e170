import { Plugin, UNKNOWN } from "../plugin";

let plugin: Plugin;

beforeAll(async () => {
  plugin = await Plugin.start("kubernetes");
});

afterAll(() => plugin.stop());

const kubeconfig = (server: string, token = "a") =>
  JSON.stringify({
    "current-context": "one",
    contexts: [
      { name: "one", context: { cluster: "one", user: "u" } },
      { name: "two", context: { cluster: "two", user: "u" } },
    ],
    clusters: [
      { name: "one", cluster: { server } },
      { name: "two", cluster: { server: "https://two" } },
    ],
    users: [{ name: "u", user: { token } }],
  });

describe("a provider's change", () => {
  test("is none without any", async () => {
    const inputs = { kubeconfig: kubeconfig("https://one") };
    expect(await plugin.diffConfig(inputs, { ...inputs })).toEqual({ changed: [], replaces: [] });
  });

  test.each([
    ["another server", { kubeconfig: kubeconfig("https://other") }, ["kubeconfig"], ["kubeconfig"]],
    ["other credentials", { kubeconfig: kubeconfig("https://one", "b") }, ["kubeconfig"], []],
    ["a context of another cluster", { context: "two" }, ["context"], ["context"]],
    ["another cluster", { cluster: "two" }, ["cluster"], ["cluster"]],
    ["another default namespace", { namespace: "n" }, ["namespace"], []],
    ["a kubeconfig that is not known yet", { kubeconfig: UNKNOWN }, ["kubeconfig"], ["kubeconfig"]],
    ["an identifier where there was none", { clusterIdentifier: "a" }, ["clusterIdentifier"], []],
  ])("with %s", async (_, change, changed, replaces) => {
    const inputs = { kubeconfig: kubeconfig("https://one") };
    expect(await plugin.diffConfig(inputs, { ...inputs, ...change })).toEqual({ changed, replaces });
  });

  test("replaces nothing while the cluster's identifier stays", async () => {
    const inputs = { kubeconfig: kubeconfig("https://one"), clusterIdentifier: "a" };
    expect(await plugin.diffConfig(inputs, { ...inputs, kubeconfig: kubeconfig("https://other") })).toEqual({
      changed: ["kubeconfig"],
      replaces: [],
    });
    expect(await plugin.diffConfig(inputs, { ...inputs, kubeconfig: UNKNOWN })).toEqual({
      changed: ["kubeconfig"],
      replaces: [],
    });
  });

  test("replaces when the cluster's identifier changes", async () => {
    const inputs = { kubeconfig: kubeconfig("https://one"), clusterIdentifier: "a" };
    expect(await plugin.diffConfig(inputs, { ...inputs, clusterIdentifier: "b" })).toEqual({
      changed: ["clusterIdentifier"],
      replaces: ["clusterIdentifier"],
    });
  });

  test("fails with a kubeconfig that is none", async () => {
    const inputs = { kubeconfig: kubeconfig("https://one") };
    await expect(plugin.diffConfig(inputs, { kubeconfig: "nonsense" })).rejects.toThrow(
      "failed to parse kubeconfig: couldn't get version/kind; json parse error",
    );
  });
});
