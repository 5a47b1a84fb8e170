import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { LocalPostgresArgs } from "../../src/local";
import { LocalTopology } from "../support/local";
import { freePorts } from "../support/ports";
import { processesWith } from "../support/processes";
import type { Resource } from "../support/stack";

const root = resolve(__dirname, "../..");

/** By the name of their parent: the type, below the types of all parents, and the name of each resource. */
const frozen: Record<string, string[]> = {
  "": ["pulumi:pulumi:Stack::topologies-test"],
  "topologies-test": ["multi-region-postgres:index:LocalPostgres::db"],
  db: [
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets::db-secrets",
    "multi-region-postgres:index:LocalPostgres$pulumi-nodejs:dynamic/multi-region-postgres:LocalHandover::db-handover",
    "multi-region-postgres:index:LocalPostgres$pulumi-nodejs:dynamic/multi-region-postgres:LocalReplication::db-dublin-replication",
    "multi-region-postgres:index:LocalPostgres$pulumi-nodejs:dynamic/multi-region-postgres:LocalReplication::db-lisbon-replication",
    "multi-region-postgres:index:LocalPostgres$pulumi-nodejs:dynamic/multi-region-postgres:LocalReplication::db-rome-replication",
    "multi-region-postgres:index:LocalPostgres$pulumi-nodejs:dynamic/multi-region-postgres:LocalServer::db-dublin",
    "multi-region-postgres:index:LocalPostgres$pulumi-nodejs:dynamic/multi-region-postgres:LocalServer::db-lisbon",
    "multi-region-postgres:index:LocalPostgres$pulumi-nodejs:dynamic/multi-region-postgres:LocalServer::db-rome",
    "multi-region-postgres:index:LocalPostgres$pulumi:index:Stash::db-founding",
  ],
  "db-secrets": [
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$random:index/randomPassword:RandomPassword::db-secrets-password-app",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$random:index/randomPassword:RandomPassword::db-secrets-password-postgres",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$random:index/randomPassword:RandomPassword::db-secrets-password-streaming_replica",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/certRequest:CertRequest::db-secrets-replication-request",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/certRequest:CertRequest::db-secrets-server-dublin-request",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/certRequest:CertRequest::db-secrets-server-lisbon-request",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/certRequest:CertRequest::db-secrets-server-rome-request",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/locallySignedCert:LocallySignedCert::db-secrets-replication-certificate",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/locallySignedCert:LocallySignedCert::db-secrets-server-dublin-certificate",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/locallySignedCert:LocallySignedCert::db-secrets-server-lisbon-certificate",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/locallySignedCert:LocallySignedCert::db-secrets-server-rome-certificate",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/privateKey:PrivateKey::db-secrets-ca-key",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/privateKey:PrivateKey::db-secrets-replication-key",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/privateKey:PrivateKey::db-secrets-server-dublin-key",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/privateKey:PrivateKey::db-secrets-server-lisbon-key",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/privateKey:PrivateKey::db-secrets-server-rome-key",
    "multi-region-postgres:index:LocalPostgres$multi-region-postgres:index:PostgresSecrets$tls:index/selfSignedCert:SelfSignedCert::db-secrets-ca",
  ],
};

const stackOfCalls = /^\s+at .*:\d+:\d+\)?$/m;

interface Preview {
  readonly changeSummary: Record<string, number>;
  readonly steps: readonly { readonly op: string; readonly urn: string; readonly newState: Resource }[];
}

describe("a topology on the engine", () => {
  let topology: LocalTopology;

  beforeAll(async () => {
    topology = await LocalTopology.createAsUsersDo();
  });
  afterAll(() => topology.dispose());

  const preview = (changes: Partial<LocalPostgresArgs>, ...options: string[]): Promise<string> =>
    topology.stack.preview({ db: { ...topology.args, ...changes } }, ...options);

  const previewJson = async (changes: Partial<LocalPostgresArgs>): Promise<Preview> =>
    JSON.parse(await preview(changes, "--json")) as Preview;

  const stateOf = (): Promise<Resource[]> => topology.stack.resources();

  const identities = async (): Promise<Resource[]> =>
    (await stateOf())
      .map(({ urn, type, id = "", parent = "", created = "" }) => ({ urn, type, id, parent, created }))
      .sort((a, b) => a.urn.localeCompare(b.urn));

  const openPorts = async (): Promise<number[]> => {
    const ports = Object.values(topology.args.regions).map(({ port }) => port);
    const open = await Promise.all(ports.map(isOpen));
    return ports.filter((_, index) => open[index]);
  };

  it("starts no process, opens no port and makes no folder when it is previewed", async () => {
    const { changeSummary, steps } = await previewJson({});
    expect(changeSummary).toEqual({ create: steps.length });
    expect(steps.map(({ urn }) => tailOf(urn)).sort()).toEqual(Object.values(frozen).flat().sort());
    expect(await serversOf(topology.dataDir)).toHaveLength(0);
    expect(await openPorts()).toEqual([]);
    expect(existsSync(topology.dataDir)).toBe(false);
    expect(await stateOf()).toEqual([]);
  });

  it("is refused with every failure at once, and nothing is created", async () => {
    const { regions } = topology.args;
    const { code, output } = await topology.tryUp({
      primary: "paris",
      durability: "always" as "region",
      regions: { ...regions, dublin: { port: 80 } },
      parameters: { port: 5432 },
    });
    expect(code).not.toBe(0);
    const said = output.split("\n").map((line) => line.trim());
    const start = said
      .map((line) => line.includes('LocalPostgres "db": 4 inputs are refused'))
      .lastIndexOf(true);
    expect(said.slice(start + 1, start + 5).sort()).toEqual([
      'durability: must be one of local, region, not "always"',
      expect.stringMatching(/^parameters\.port: is set by the topology/),
      'primary: must be one of rome, lisbon, dublin, not "paris"',
      "regions.dublin.port: must be a whole number from 1024 to 65535, not 80",
    ]);
    expect(output).not.toMatch(stackOfCalls);
    expect((await stateOf()).map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
    expect(existsSync(topology.dataDir)).toBe(false);
  });

  it("consists of the resources, names, parents and types that were frozen", async () => {
    await topology.up();
    expect(await serversOf(topology.dataDir)).toHaveLength(3);
    expect(await openPorts()).toHaveLength(3);
    const made: Record<string, string[]> = {};
    for (const { urn, type, parent = "" } of await identities()) {
      if (!type.startsWith("pulumi:providers:")) {
        (made[parent.split("::").at(-1)!] ??= []).push(tailOf(urn));
      }
    }
    expect(mapValues(made, (urns) => urns.sort())).toEqual(mapValues(frozen, (urns) => [...urns].sort()));
  });

  it("is left as it is by a second update, and a preview says so", async () => {
    const before = await identities();
    const { changeSummary } = await previewJson({});
    expect(changeSummary).toEqual({ same: Object.values(frozen).flat().length });
    expect(await topology.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
    expect(await identities()).toEqual(before);
  });

  it("keeps the same providers in state wherever it is checked out: nothing but a require", async () => {
    const here = providersOf(await stateOf());
    expect(Object.keys(here)).toHaveLength(3);
    for (const text of Object.values(here)) {
      const rest = text.replaceAll('require("pulumi-multi-region-postgres/local/provider")', "");
      expect(rest).not.toBe(text);
      expect(rest).not.toMatch(/[/\\]|require|process|__dirname|__filename/);
    }
    const elsewhere = await previewElsewhere(topology);
    expect(providersOf(elsewhere.steps.map(({ newState }) => newState))).toEqual(here);
  });

  it("shows the steps of a switchover in its preview, warns of nothing, and leaves the founding region alone", async () => {
    const shown = await preview({ primary: "lisbon" }, "--diff");
    expect(shown).toContain("rome becomes a reader: writes wait");
    expect(shown).not.toContain("warning:");
    expect(resourcesIn(shown)).not.toContain("BEGIN CERTIFICATE");
    const { steps } = await previewJson({ primary: "lisbon" });
    const updated = steps.filter(({ op }) => op === "update").map(({ urn }) => urn.split("::").at(-1)!);
    expect(updated).toContain("db-handover");
    expect(updated).not.toContain("db-founding");
  });

  it("warns in a plain preview of a failover, of regions that are lost, and of data that goes", async () => {
    const failover = await preview({ primary: "lisbon", lost: ["rome"] });
    expect(failover).toContain("warning: failover: lisbon is promoted without the consent of rome");
    expect(failover).toContain("warning: rome is in lost");
    const { rome, lisbon } = topology.args.regions;
    const removal = await preview({ regions: { rome: rome!, lisbon: lisbon! } });
    expect(removal).toContain(
      `warning: dublin is taken out of regions: its data in ${topology.dataDir}/dublin is deleted`,
    );
  });

  it("shows no certificate in the preview of a rotation", async () => {
    const shown = await preview({ secrets: { certificateRotation: "2" } }, "--diff");
    expect(resourcesIn(shown)).not.toContain("BEGIN CERTIFICATE");
  });

  it("shows updates alone in the preview of a role change", async () => {
    const shown = await preview({ primary: "lisbon" }, "--diff");
    expect(shown).toMatch(/~ role +: "writer" => "reader"/);
    expect(shown).toMatch(/Resources:\n\s+~ \d+ to update\n\s+\d+ unchanged\n/);
    expect(shown).not.toMatch(/^\s*(\+|-|\+-|-\+|\+\+|--) \S+: \((create|delete|replace)/m);
  });

  it("changes no identity, and replaces, creates and deletes nothing, when the writer moves", async () => {
    const before = await identities();
    const output = await topology.up({ primary: "lisbon" });
    expect(output).toMatch(/Resources:\n\s+~ \d+ updated\n\s+\d+ unchanged\n/);
    expect(await identities()).toEqual(before);
    expect((await topology.outputs()).regions).toMatchObject({
      rome: { role: "reader" },
      lisbon: { role: "writer" },
      dublin: { role: "reader" },
    });
    const { inputs } = (await stateOf()).find(({ urn }) => urn.endsWith("::db-founding"))!;
    expect(inputs).toMatchObject({ input: "rome" });
    const again = await topology.up();
    expect(again).toMatch(/Resources:\n\s+\d+ unchanged\n/);
    expect(again).not.toContain("warning:");
  });

  it.each(["preview", "up"] as const)(
    "refuses to call the database, or the region that writes, otherwise, by name, in `pulumi %s`",
    async (command) => {
      const before = await regionsIn();
      expect(before).toHaveLength(6);
      const { lisbon, ...others } = topology.args.regions;
      const refused = await refusalOf(command, {
        database: { name: "orders", owner: "app" },
        primary: "lisboa",
        regions: { ...others, lisboa: lisbon! },
      });
      expect(refused).toContain("cannot change from app to orders: it would replace the database");
      expect(refused).toContain("lisbon is the writer, and is no longer in regions");
      expect(refused).not.toContain("map[");
      expect(refused).not.toMatch(stackOfCalls);
      expect(await regionsIn()).toEqual(before);
      expect(await serversOf(topology.dataDir)).toHaveLength(3);
    },
  );

  /** What is called after its folder. Secrets for the new name may be there already. */
  const regionsIn = async (): Promise<Resource[]> =>
    (await identities()).filter(({ id }) => id?.startsWith("/"));

  async function refusalOf(command: "preview" | "up", changes: Partial<LocalPostgresArgs>): Promise<string> {
    if (command === "up") {
      const { code, output } = await topology.tryUp(changes);
      return code === 0 ? "nothing was refused" : output;
    }
    return preview(changes).then(
      () => "nothing was refused",
      (error: Error) => error.message,
    );
  }
});

/** What a preview shows of resources: the program exports the authority's certificate. */
function resourcesIn(shown: string): string {
  return shown.split("--outputs:--")[0]!;
}

function tailOf(urn: string): string {
  return urn.split("::").slice(2).join("::");
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** What a dynamic resource keeps of its provider, by the resource's type: all of a type must be alike. */
function providersOf(resources: readonly Resource[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { type, inputs } of resources) {
    const text = inputs?.__provider;
    if (text !== undefined) {
      texts[type] ??= text;
      expect(text).toBe(texts[type]);
    }
  }
  return texts;
}

/** The command lines of the servers below a folder. */
async function serversOf(dataDir: string): Promise<string[]> {
  return [...(await processesWith(dataDir, "cmdline")).values()];
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "localhost", port });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** The preview of a topology by a program and a copy of the package that are somewhere else. */
async function previewElsewhere({ stack, dataDir }: LocalTopology): Promise<Preview> {
  const program = join(stack.folder, "elsewhere", "project");
  const modules = join(program, "node_modules");
  const copy = join(modules, "pulumi-multi-region-postgres");
  await mkdir(copy, { recursive: true });
  await cp(join(root, "dist"), join(copy, "dist"), { recursive: true });
  await cp(join(root, "package.json"), join(copy, "package.json"));
  await Promise.all(
    ["@pulumi", "pg"].map((name) => symlink(join(root, "node_modules", name), join(modules, name))),
  );
  await cp(join(root, "test/support/program"), program, { recursive: true });
  const state = join(stack.folder, "elsewhere", "state");
  await mkdir(state);
  const [rome, lisbon] = (await freePorts(2)) as [number, number];
  const regions = { rome: { port: rome }, lisbon: { port: lisbon } };
  const options = {
    cwd: program,
    maxBuffer: 1 << 26,
    env: {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      TOPOLOGIES: JSON.stringify({ db: { primary: "rome", regions, dataDir: `${dataDir}-elsewhere` } }),
    },
  };
  const pulumi = promisify(execFile);
  await pulumi("pulumi", ["stack", "init", "test", "--non-interactive"], options);
  const { stdout } = await pulumi("pulumi", ["preview", "--stack", "test", "--json"], options);
  return JSON.parse(stdout) as Preview;
}
