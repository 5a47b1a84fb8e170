import { join } from "node:path";
import type { RegionalAppArgs } from "../../src/app";
import { CnpgTopology, regionArgs } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { formatLoad, HttpLoad, type LoadReport } from "../support/http-load";
import { ask } from "../support/region";
import { areOurs, kubeconfigs, kubectl, regions, state } from "../support/regions";
import type { CnpgWithAppArgs } from "../support/stack";

const [second, third] = Object.keys(kubeconfigs) as [string, string];
// It is killed, and other tests use the others: so it is this test's own. It is the first to write.
const first = "paris";
const names = [second, third, first];
const ports = { database: 31_150, app: 31_151 };
const urls = Object.fromEntries(names.map((name) => [name, `http://${name}.example.com:${ports.app}`]));

function kubeconfigOf(name: string): string {
  return name === first ? join(state, first, "kubeconfig") : kubeconfigs[name]!;
}

type AppArgs = NonNullable<CnpgWithAppArgs["app"]>;

/** What a region has otherwise than the others, beside its name. */
type Own = Partial<Record<string, Partial<RegionalAppArgs["regions"][string]>>>;

function appArgs(changes: Partial<AppArgs> = {}, own: Own = {}): AppArgs {
  const region = (name: string) => ({
    kubeconfig: kubeconfigOf(name),
    ...own[name],
    env: { REGION: name, ...own[name]?.env },
  });
  return {
    regions: Object.fromEntries(names.map((name) => [name, region(name)])),
    order: names,
    image: "localhost/shop:1",
    command: ["/shop", "serve"],
    port: 8080,
    healthCheck: { path: "/healthz" },
    replicas: 1,
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "128Mi" } },
    service: { type: "NodePort", nodePort: ports.app },
    env: { VERSION: "1" },
    link: { url: "libpq" },
    migration: { command: ["/shop", "migrate", "1"] },
    progressDeadlineSeconds: 120,
    ...changes,
  };
}

(areOurs ? describe : describe.skip)("one application over Kubernetes regions", () => {
  let topology: CnpgTopology;
  let namespace: string;

  beforeAll(async () => {
    await regions("down", first).catch(() => undefined); // left by a test that was killed
    await regions("up", ...names);
    const places = Object.fromEntries(
      names.map((name) => [name, { ...regionArgs(name, ports.database), kubeconfig: kubeconfigOf(name) }]),
    );
    topology = await CnpgTopology.create({
      primary: first,
      regions: places,
      durability: "region",
    });
    namespace = `${topology.args.namespace}-shop`;
  });
  afterAll(async () => {
    await regions("up", ...names);
    await topology.dispose();
    await regions("down", first);
  });

  const app = (changes: Partial<AppArgs> = {}, own: Own = {}) => ({
    app: appArgs({ namespace, ...changes }, own),
  });

  /** What the pods of a region are called that are not about to leave. */
  const pods = async (region: string) => {
    const selector = "--selector=app.kubernetes.io/component=server";
    const found = await kubectl(region, "get", "pods", `--namespace=${namespace}`, selector, "--output=json");
    const { items } = JSON.parse(found) as { items: { metadata: Record<string, string> }[] };
    return items
      .filter(({ metadata }) => metadata["deletionTimestamp"] === undefined)
      .map(({ metadata }) => metadata["name"]!)
      .join(" ");
  };

  /** What the application in a region says of itself. */
  async function told(region: string): Promise<{ region: string; version: string }> {
    const response = await fetch(`${urls[region]}/`, { signal: AbortSignal.timeout(3000) });
    return (await response.json()) as { region: string; version: string };
  }

  const versions = async () => Promise.all(names.map(async (region) => (await told(region)).version));

  async function rows<Row extends object>(statement: string): Promise<Row[]> {
    const outputs = await topology.outputs();
    return ask<Row>(outputs, outputs.writerEndpoint, statement);
  }

  async function migrations(): Promise<string[]> {
    return (await rows<{ version: string }>("SELECT version FROM migrations ORDER BY at")).map(
      ({ version }) => version,
    );
  }

  /** Does something while clients in every region write and read, and looks for what was acknowledged to them. */
  async function underLoad(title: string, work: () => Promise<void>): Promise<LoadReport> {
    const load = new HttpLoad(urls);
    await work().finally(() => load.stop());
    const report = await load.stop();
    const there = await rows<{ client: number; number: number }>("SELECT client, number FROM orders");
    const found = new Set(there.map(({ client, number }) => `${client}/${number}`));
    const lost = report.acknowledged.filter((write) => !found.has(write));
    console.log(`${formatLoad(title, report)}\n  ${lost.length} acknowledged writes lost`);
    expect(lost).toEqual([]);
    expect(report.acknowledged.length).toBeGreaterThan(0);
    return report;
  }

  const failuresOf = ({ regions: counts }: LoadReport) =>
    Object.values(counts).reduce((sum, { failed }) => sum + failed, 0);

  const deploymentIn = (region: string) =>
    kubectl(region, "get", "deployment", "shop", `--namespace=${namespace}`, "--output=json");

  test("comes up in every region, after its migration", async () => {
    await topology.up(app());
    for (const region of names) {
      await eventually(async () => expect(await told(region)).toEqual({ region, version: "1" }), 30);
      expect((await topology.outputs()).app![region]).toMatchObject({
        running: true,
        namespace,
        image: "localhost/shop:1",
      });
    }
    expect(await migrations()).toEqual(["1"]);
  });

  test("is left as it is by a second update", async () => {
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
    expect(await migrations()).toEqual(["1"]);
  });

  test("tells nobody a secret", async () => {
    const { credentials } = await topology.outputs();
    const state = JSON.stringify(await topology.stack.resources());
    for (const secret of [credentials["app"]!.password, "client-key-data"]) {
      expect(state.includes(secret)).toBe(false);
    }
  });

  test("reads from its own region, and writes to whichever writes", async () => {
    await fetch(`${urls[second]}/orders/0/0`, { method: "POST" });
    const read = async (region: string) =>
      (await (await fetch(`${urls[region]}/orders`)).json()) as { orders: number; standby: string };
    await eventually(async () => expect(await read(second)).toMatchObject({ orders: 1, standby: "on" }), 10);
    expect(await read(first)).toMatchObject({ orders: 1, standby: "off" });
  });

  test("goes on in a switchover with the same pods, and loses nothing", async () => {
    const before = await Promise.all(names.map(pods));
    await underLoad("switchover", async () => {
      await topology.up({ primary: second });
      await topology.up({ primary: first });
    });
    expect(await Promise.all(names.map(pods))).toEqual(before);
    expect(await migrations()).toEqual(["1"]);
  });

  test("goes on without a region that is killed, and with it again once it is back", async () => {
    const lost = await underLoad("a region is killed", async () => {
      await regions("kill", first);
      await topology.up({ primary: second, lost: [first], ...app({ lost: [first] }) });
      await eventually(async () => {
        const answer = await fetch(`${urls[third]}/orders/${Date.now() % 2 ** 31}/1`, { method: "POST" });
        expect(answer.status).toBe(200);
      }, 60);
    });
    expect(lost.regions[third]!.served).toBeGreaterThan(0);
    await underLoad("it is healed, and rejoins", async () => {
      await regions("heal", first);
      await topology.up({ lost: [], ...app() });
      await eventually(async () => expect(await told(first)).toMatchObject({ region: first }), 60);
    });
    expect(await migrations()).toEqual(["1"]);
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("keeps its version everywhere when the new one does not come up in the first region", async () => {
    const report = await underLoad("a bad version", async () => {
      const { code, output } = await topology.tryUp(
        app({ env: { VERSION: "2", BROKEN: "yes" }, progressDeadlineSeconds: 15 }),
      );
      expect(code).not.toBe(0);
      expect(output).toContain(`${second} does not come up: 0 of 1 pods are available`);
      expect(output).toContain(`${third} runs localhost/shop:1 (1 of 1 ready)`);
    });
    expect(failuresOf(report)).toBe(0);
    expect(await versions()).toEqual(["1", "1", "1"]);
    const told = await deploymentIn(third);
    expect(told).not.toContain("BROKEN");
  });

  test("puts back what has a version already that does not come up in a later region", async () => {
    const report = await underLoad("a version that is put back", async () => {
      const bad = app(
        { env: { VERSION: "3" }, putBack: true, progressDeadlineSeconds: 30 },
        { [third]: { env: { BROKEN: "yes" } } },
      );
      const { code, output } = await topology.tryUp(bad);
      expect(code).not.toBe(0);
      expect(output).toContain(`${second} is put back to localhost/shop:1`);
      expect(output).toContain(`${third} is put back to localhost/shop:1`);
    });
    expect(failuresOf(report)).toBe(0);
    expect(await versions()).toEqual(["1", "1", "1"]);
  });

  test("has the new version once it is good, region by region, and nobody is turned away", async () => {
    const report = await underLoad("a good version", async () => {
      await topology.up(app({ env: { VERSION: "3" } }));
    });
    expect(failuresOf(report)).toBe(0);
    expect(await versions()).toEqual(["3", "3", "3"]);
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("is mended by the next update where somebody has changed it by hand", async () => {
    const by = ["set", "env", "deployment/shop", `--namespace=${namespace}`, "EXTRA=1", "VERSION=9"];
    await kubectl(third, ...by);
    await topology.up();
    expect(await versions()).toEqual(["3", "3", "3"]);
    const found = await deploymentIn(third);
    expect(found).not.toContain("EXTRA");
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("is in no region if its migration fails, and the error says why", async () => {
    const { code, output } = await topology.tryUp(
      app({ env: { VERSION: "4" }, image: "localhost/shop:none" }),
    );
    expect(code).not.toBe(0);
    expect(output).toContain(`${second}: the migration has failed, and no region has the new version`);
    expect(output).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(await versions()).toEqual(["3", "3", "3"]);
    expect(await migrations()).toEqual(["1"]);
  });

  test("migrates once for each version, whoever writes and however often it is updated", async () => {
    const next = app({ env: { VERSION: "5" }, migration: { command: ["/shop", "migrate", "5"] } });
    await topology.up(next);
    await topology.up(next);
    await topology.up({ primary: third });
    expect(await migrations()).toEqual(["1", "5"]);
    // What has run is never run again, an older version's neither.
    await topology.up(app({ env: { VERSION: "5" } }));
    expect(await migrations()).toEqual(["1", "5"]);
  });

  test("does not run where it is stopped, and all else of it stays there", async () => {
    await topology.up(app({ env: { VERSION: "5" } }, { [second]: { stopped: true } }));
    expect(await pods(second)).toBe("");
    await kubectl(second, "get", "service/shop", "secret/shop-link-db", `--namespace=${namespace}`);
    expect((await topology.outputs()).app![second]!.running).toBe(false);
    expect(await told(third)).toMatchObject({ version: "5" });
  });

  test("runs where the writer is, if it is told to follow it", async () => {
    const running = async () => {
      const found = await Promise.all(
        names.map(async (region) => ((await pods(region)) === "" ? [] : [region])),
      );
      return found.flat();
    };
    await topology.up(app({ env: { VERSION: "5" }, follow: "writer" }));
    expect(await running()).toEqual([third]);
    await topology.up({ primary: first });
    expect(await running()).toEqual([first]);
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("has new pods at a handover where they are told the writer alone", async () => {
    await topology.up(app({ env: { VERSION: "5" }, link: { hosts: "writer" } }));
    const before = await Promise.all(names.map(pods));
    await topology.up({ primary: second });
    const after = await Promise.all(names.map(pods));
    expect(after.filter((pod, index) => pod === before[index])).toEqual([]);
    for (const region of names) {
      await eventually(async () => {
        const url = `${urls[region]}/orders/${names.indexOf(region) + 1_000_000}/1`;
        expect((await fetch(url, { method: "POST" })).status).toBe(200);
      }, 30);
    }
  });

  test("is gone with the stack", async () => {
    await topology.stack.destroy();
    for (const region of names) {
      const found = await kubectl(region, "get", "namespace", namespace, "--ignore-not-found");
      expect(found).toBe("");
    }
  });
});
