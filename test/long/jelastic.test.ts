import { Drill } from "../../src/drill";
import type { Credential } from "../../src";
import { parseLibpqUri, type Endpoint } from "../../src/endpoints";
import { TestCluster } from "../support/cnpg";
import { exampleStack } from "../support/example";
import type { ProgramStack } from "../support/program-stack";
import { kubeconfigs, kubectl } from "../support/regions";

const regions = Object.keys(kubeconfigs);
const [first, second, third] = regions as [string, string, string];

interface Outputs {
  entryPoint: string;
  entryPoints: Record<string, { host: string; port: number }>;
  credentials: Record<string, Credential>;
  regions: Record<string, { role: string; endpoint: Endpoint }>;
  caCertificate: string;
}

/** Jelastic's package: a primary and two secondaries, poolers in two of the regions, a group that is isolated. */
describe("the example of three regions with poolers", () => {
  let stack: ProgramStack<object>;

  beforeAll(async () => {
    const of = (suffix: string, value: (region: string) => string) =>
      Object.fromEntries(regions.map((name) => [`${name}${suffix}`, value(name)]));
    stack = await exampleStack(
      "jelastic-three-regions",
      {
        regions: JSON.stringify(regions),
        poolerRegions: JSON.stringify([first, second]),
        isolated: "true",
        storage: "3Gi",
        additionalCidrs: '["198.18.0.0/15"]',
        port: "30452",
        poolerPort: "30453",
        protect: "false",
        ...of("Host", (name) => `${name}.example.com`),
        ...of("PodCidr", () => "198.18.16.0/20"),
      },
      of("Kubeconfig", (name) => kubeconfigs[name]!),
    );
    await stack.up();
  });
  afterAll(() => stack.dispose());

  const outputs = async () => (await stack.outputs()) as unknown as Outputs;

  /** Moves the writer while clients write through the entry points. */
  async function move(primary: string): Promise<void> {
    const { entryPoint, caCertificate, regions: places } = await outputs();
    const endpoints = Object.fromEntries(
      Object.entries(places).map(([name, { endpoint }]) => [name, endpoint]),
    );
    const drill = await Drill.start({
      connectionUri: entryPoint,
      caCertificate,
      regions: endpoints,
      intervalMs: 20,
    });
    await stack.pulumi("config", "set", "primary", primary);
    await stack.up();
    const report = await drill.stop();
    console.log(`to ${primary} through poolers: longest pause ${report.longestPauseMs} ms`);
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
  }

  test("hands out an entry point for each pooler, and the credentials", async () => {
    const { entryPoint, entryPoints, credentials, regions: places } = await outputs();
    const at = (name: string) => ({ host: `${name}.example.com`, port: 30_453 });
    expect(entryPoints).toEqual({ [first]: at(first), [second]: at(second) });
    expect(parseLibpqUri(entryPoint)).toMatchObject({ endpoints: [at(first), at(second)], username: "app" });
    expect(Object.keys(credentials).sort()).toEqual(["app", "postgres"]);
    expect(
      Object.values(places)
        .map(({ role }) => role)
        .sort(),
    ).toEqual(["reader", "reader", "writer"]);
  });

  test("keeps other pods of the clusters out, in every region", async () => {
    for (const region of regions) {
      const policy = ["get", "networkpolicy", "isolation", "--namespace=pgcluster"];
      const except = "--output=jsonpath={.spec.ingress[0].from[2].ipBlock.except}";
      expect(await kubectl(region, ...policy, except)).toBe('["198.18.16.0/20"]');
    }
  });

  test("takes writes through the poolers while the writer moves to the other and back", async () => {
    await move(second);
    await move(first);
  });

  test("changes nothing by itself, and reads in the region without a pooler too", async () => {
    expect(await stack.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
    const cluster = new TestCluster(third, "pgcluster", `db-${third}`);
    expect(await cluster.psql("SELECT pg_is_in_recovery()")).toBe("t");
  });
});
