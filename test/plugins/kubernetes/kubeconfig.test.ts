import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const MODULE = join(__dirname, "../../../tools/plugins/kubernetes/kubeconfig.mjs");

interface Used {
  server: string;
  caFile: string;
  namespace: string;
}

/** Where a kubeconfig leads, told by a process of its own, since Jest cannot import the client's ES modules. */
async function used(given: string | NodeJS.ProcessEnv, overrides: object = {}): Promise<Used> {
  const script = `import(process.argv[1]).then((module) => {
    const [given, overrides] = JSON.parse(process.argv[2]);
    const parse = typeof given === "string" ? module.parseKubeconfig : module.ambientKubeconfig;
    const kubeconfig = parse(given);
    const namespace = module.namespaceOf(kubeconfig, overrides);
    const { server, caFile } = module.resolved(kubeconfig, overrides).getCurrentCluster();
    console.log(JSON.stringify({ server, caFile, namespace }));
  }).catch((error) => console.log(JSON.stringify({ error: error.message })));`;
  const args = ["-e", script, MODULE, JSON.stringify([given, overrides])];
  const { error, ...found } = JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
  if (error !== undefined) {
    throw new Error(error);
  }
  return found;
}

const kubeconfig = (name: string, server: string, namespace?: string) =>
  JSON.stringify({
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    clusters: [{ name, cluster: { server, "certificate-authority": "ca.pem" } }],
    users: [{ name, user: { token: "t" } }],
  });
const ROME = kubeconfig("rome", "https://rome");

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("a kubeconfig", () => {
  test("is a text or the path of one", async () => {
    for (const given of [ROME, await file("config", ROME)]) {
      expect(await used(given)).toMatchObject({ server: "https://rome" });
    }
  });

  test("that does not exist is told as the real provider does", async () => {
    await expect(used("./nowhere")).rejects.toThrow("couldn't get version/kind; json parse error");
  });

  test("says the namespace, unless the provider does", async () => {
    const withNamespace = kubeconfig("rome", "https://rome", "forum");
    expect(await used(withNamespace)).toMatchObject({ namespace: "forum" });
    expect(await used(withNamespace, { namespace: "circus" })).toMatchObject({ namespace: "circus" });
    expect(await used(ROME)).toMatchObject({ namespace: "default" });
  });

  test("is used with the context and the cluster that the provider names", async () => {
    expect(await used(ROME, { context: "rome" })).toMatchObject({ server: "https://rome" });
    await expect(used(ROME, { context: "lisbon" })).rejects.toThrow('context "lisbon" does not exist');
    await expect(used(ROME, { cluster: "lisbon" })).rejects.toThrow('cluster "lisbon" does not exist');
  });

  test("without anything in it is no configuration", async () => {
    await expect(used("{}")).rejects.toThrow("invalid configuration: no configuration has been provided");
  });
});

describe("the environment's kubeconfig", () => {
  test("is made of all the files of KUBECONFIG that exist, where the first has the say", async () => {
    const files = [
      join(folder, "missing"),
      await file("one", ROME),
      await file("two", kubeconfig("lisbon", "https://lisbon")),
      await file("three", kubeconfig("rome", "https://other")),
    ];
    const env = { KUBECONFIG: files.join(delimiter) };
    expect(await used(env)).toMatchObject({ server: "https://rome", caFile: join(folder, "ca.pem") });
    expect(await used(env, { context: "lisbon" })).toMatchObject({ server: "https://lisbon" });
  });

  test("is nothing without any", async () => {
    await expect(used({ KUBECONFIG: join(folder, "missing") })).rejects.toThrow("invalid configuration");
  });
});
