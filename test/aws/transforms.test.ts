import { readFile, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { testFolder } from "../support/folder";
import { MiniStack } from "../support/ministack";
import { ProgramStack } from "../support/program-stack";

interface Declared {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly parent?: string;
  // Inputs are looked into wherever a test likes.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs?: any;
}

interface Note {
  readonly component: string;
  readonly type: string;
  readonly name: string;
}

/** The kinds that an API server is asked about. */
const kinds = [
  ...["Namespace", "Secret", "Service", "ServiceAccount", "Deployment", "PodDisruptionBudget"],
  ...["NetworkPolicy", "Cluster", "Database", "Pooler", "ScheduledBackup", "ObjectStore"],
].map((kind) => ({
  name: `${kind.toLowerCase().replace(/y$/, "ie")}s`,
  kind,
  namespaced: kind !== "Namespace",
}));

/** An API server of Kubernetes in which there is nothing yet. */
async function emptyApiServer(): Promise<Server> {
  const notFound = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 };
  const server = createServer(({ url }, response) => {
    const isDiscovery = /^\/(api\/v1|apis\/[^/]+\/[^/]+)$/.test(url!);
    const [code, body] = isDiscovery ? [200, { kind: "APIResourceList", resources: kinds }] : [404, notFound];
    response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function kubeconfigOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "empty", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
    ],
    users: [{ name: "empty", user: {} }],
    contexts: ["rome", "lisbon"].map((name) => ({ name, context: { cluster: "empty", user: "empty" } })),
    "current-context": "rome",
  });
}

describe("Pulumi's option transforms on a component", () => {
  let declared: Declared[] = [];
  let notes: Note[] = [];

  beforeAll(async () => {
    const server = await emptyApiServer();
    const folder = await mkdtemp(join(testFolder(), "transforms-"));
    const aws = await MiniStack.start();
    try {
      const file = join(folder, "notes");
      const wanted = { kubeconfig: kubeconfigOf(server), notes: file };
      const environment = { ...aws.env, AWS_REGION: "us-east-1", XDG_DATA_HOME: join(folder, "data") };
      const stack = await ProgramStack.create(join(__dirname, "transforms"), wanted, environment);
      const { steps } = JSON.parse(await stack.pulumi("preview", "--json")) as {
        steps: { newState: Declared }[];
      };
      declared = steps.map(({ newState }) => newState);
      const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
      notes = lines.map((line) => JSON.parse(line) as Note);
      await stack.dispose();
    } finally {
      await aws.stop();
      server.close();
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    "AuroraPostgres",
    "CnpgPostgres",
    "EksRegion",
    "EndpointParameters",
    "GlobalRouting",
    "LocalPostgres",
    "RegionalApp",
    "RegionNetworks",
  ])("of %s is shown everything that the component declares", (component) => {
    const marker = `multi-region-postgres:index:${component}`;
    const shown = notes
      .filter((note) => note.component === component)
      .map(({ type, name }) => `${type} ${name}`);
    const inside = declared
      .filter(({ urn }) => urn.split("::")[2]!.split("$").includes(marker))
      .map(({ urn, type }) => `${type} ${urn.split("::").at(-1)}`);
    expect(inside.length).toBeGreaterThan(1);
    expect(shown.sort()).toEqual(inside.sort());
  });

  test("is shown every type that the documentation names", async () => {
    const page = await readFile(join(__dirname, "../../docs/transforms.md"), "utf8");
    const rows = [...page.matchAll(/^\| `(\w+)` \| .* \| `([^`]+:[^`]+)` \|/gm)];
    const named = rows.map(([, component, type]) => `${component} ${type}`);
    expect(named.length).toBeGreaterThan(5);
    const shown = new Set(notes.map(({ component, type }) => `${component} ${type}`));
    expect(named.filter((each) => !shown.has(each))).toEqual([]);
  });

  test("changes a field that no argument names", () => {
    const inputsOf = (type: string) =>
      declared.filter((each) => each.type === type).map(({ inputs }) => inputs);
    expect(inputsOf("kubernetes:postgresql.cnpg.io/v1:Cluster").map(({ spec }) => spec.description)).toEqual([
      "marked",
      "marked",
    ]);
    const pods = inputsOf("kubernetes:apps/v1:Deployment").map(({ spec }) => spec.template.spec);
    expect(pods.map(({ priorityClassName }) => priorityClassName)).toEqual(["marked", "marked"]);
    expect(inputsOf("aws:rds/cluster:Cluster").map(({ backtrackWindow }) => backtrackWindow)).toEqual([
      3600, 3600,
    ]);
  });
});
