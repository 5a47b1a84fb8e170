import { setTimeout as sleep } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { Client } from "pg";
import { CnpgTopology, regionArgs } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { kubeconfigs } from "../support/regions";
import type { TopologyOutputs } from "../support/stack";

const names = Object.keys(kubeconfigs).slice(0, 2) as [string, string];
const [writer, reader] = names;
const port = 31_122;

describe("what is secret, generated afresh under load", () => {
  let topology: CnpgTopology;

  beforeAll(async () => {
    topology = await CnpgTopology.create({
      primary: writer,
      regions: Object.fromEntries(names.map((name) => [name, regionArgs(name, port)])),
    });
    await topology.up();
    const client = await connect(await topology.outputs(), writer, "app");
    await client.query("CREATE TABLE visits (at timestamptz)");
    await client.end();
  });
  afterAll(() => topology.dispose());

  const started = () =>
    Promise.all(names.map((name) => topology.psql(name, "SELECT pg_postmaster_start_time()")));

  test("certificates: every server shows its new one, none restarts, and nobody is turned away", async () => {
    const outputs = await topology.outputs();
    const shown = () => Promise.all(names.map((name) => certificateOf(outputs, name)));
    const [before, startedBefore] = [await shown(), await started()];
    const load = new Load(outputs, { newcomers: true });
    await topology.up({ secrets: { certificateRotation: "2" } });
    await eventually(async () => {
      for (const [index, now] of (await shown()).entries()) {
        expect(now).not.toBe(before[index]);
      }
    }, 120);
    expect(await load.stop()).toEqual([]);
    expect(load.statements).toBeGreaterThan(0);
    expect(await started()).toEqual(startedBefore);
  });

  test("and by the new one a reader follows", async () => {
    await topology.psql(writer, "SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
    await eventually(async () => {
      const streaming = "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'";
      expect(await topology.psql(writer, streaming)).toBe(`db-${reader}`);
    }, 60);
  });

  test("passwords: open connections live on, and new ones take the new password", async () => {
    const old = await topology.outputs();
    const load = new Load(old, { newcomers: false });
    await topology.up({ secrets: { certificateRotation: "2", passwordRotation: "2" } });
    const start = Date.now();
    const outputs = await topology.outputs();
    for (const role of ["app", "postgres"]) {
      await eventually(async () => (await connect(outputs, writer, role)).end(), 60);
      await expect(connect(old, writer, role)).rejects.toThrow("password authentication failed");
    }
    console.log(`the new passwords were taken ${Date.now() - start} ms after the update`);
    expect(await load.stop()).toEqual([]);
    expect(load.statements).toBeGreaterThan(0);
  });
});

/** A client that stays and writes, and others that come, write and go: all that fails of it is kept. */
class Load {
  statements = 0;
  private stopped = false;
  private readonly failures: string[] = [];
  private readonly clients: Promise<void>[];

  constructor(
    private readonly outputs: TopologyOutputs,
    { newcomers }: { readonly newcomers: boolean },
  ) {
    this.clients = [this.stay(), ...(newcomers ? [this.come()] : [])].map((client) =>
      client.catch((error: unknown) => void this.failures.push(String(error))),
    );
  }

  async stop(): Promise<string[]> {
    this.stopped = true;
    await Promise.all(this.clients);
    return this.failures;
  }

  private async stay(): Promise<void> {
    const client = await connect(this.outputs, writer, "app");
    while (!this.stopped) {
      await this.visit(client);
      await sleep(20);
    }
    await client.end();
  }

  private async come(): Promise<void> {
    while (!this.stopped) {
      const client = await connect(this.outputs, writer, "app");
      await this.visit(client);
      await client.end();
      await (await connect(this.outputs, reader, "app")).end();
      await sleep(20);
    }
  }

  private async visit(client: Client): Promise<void> {
    await client.query("INSERT INTO visits VALUES (now())");
    this.statements++;
  }
}

/** By TLS that is verified. */
async function connect(outputs: TopologyOutputs, region: string, role: string): Promise<Client> {
  const { endpoint } = outputs.regions[region]!;
  const client = new Client({
    ...endpoint,
    user: role,
    password: outputs.credentials[role]!.password,
    database: role === "app" ? "app" : "postgres",
    ssl: { ca: outputs.caCertificate },
  });
  await client.connect();
  return client;
}

/** The fingerprint of the certificate that a region's server shows. */
async function certificateOf(outputs: TopologyOutputs, region: string): Promise<string> {
  const client = await connect(outputs, region, "app");
  const { stream } = client.connection as unknown as { stream: TLSSocket };
  const { fingerprint256 } = stream.getPeerCertificate();
  await client.end();
  return fingerprint256;
}
