import { readdir, readFile } from "node:fs/promises";
import type { TLSSocket } from "node:tls";
import { Client } from "pg";
import type { LocalPostgresArgs } from "../../src/local";
import { TestAuthority } from "./authority";
import { hibernatedRegion, readersOf, withHibernated, without, type Change, type Declared } from "./changes";
import { LightLoad, type Access } from "./light-load";
import { LocalTopology } from "./local";
import { freePorts } from "./ports";
import { ask, writersOf, type LocalRegion } from "./region";

type KeyPair = { readonly certificate: string; readonly privateKey: string };
type Certificates = Readonly<Record<"ca" | "server" | "replication", KeyPair>>;

/** Says why a test failed as soon as it has: Jest does so once the last one is over. */
export async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${(error as Error).stack}\n`);
    throw error;
  }
}

/** A topology of this machine to which changes are made, and what has to hold after each of them. */
export class ChangingTopology {
  private readonly certificates = new Map<string, Certificates>();
  /** Whether the last thing that was done ended well. */
  isHealthy = true;
  private readonly authorities = new Map<number, TestAuthority>();

  private constructor(
    private readonly topology: LocalTopology,
    private readonly ports: number[],
    public declared: Declared,
  ) {}

  /** @param ports How many ports the changes may take, in all. */
  static async create(ports = 60): Promise<ChangingTopology> {
    const free = await freePorts(ports);
    const regions = Object.fromEntries(
      ["rome", "lisbon", "dublin"].map((name) => [name, { port: free.pop()!, hibernated: false }]),
    );
    const changing = new ChangingTopology(await LocalTopology.create(), free, {
      ...{ primary: "rome", lost: [], regions, host: "localhost", durability: "local" },
      ...{ passwords: 1, certificates: 1, authority: 1, workMemory: 4, connections: 100, roles: 0 },
    });
    await changing.update(changing.declared);
    return changing;
  }

  /** Goes round: a port that was given up long ago is free again. */
  readonly port = (): number => {
    const port = this.ports.shift()!;
    this.ports.push(port);
    return port;
  };

  dispose(): Promise<void> {
    return this.topology.dispose();
  }

  /** Says how the test ended, since Jest does not until the last one is over. Gives the topology that the next takes. */
  async afterTest(): Promise<ChangingTopology | undefined> {
    const { currentTestName } = expect.getState();
    process.stderr.write(`${this.isHealthy ? "passed" : "failed"}: ${currentTestName}\n`);
    if (this.isHealthy) {
      return this;
    }
    await this.dispose();
    return undefined;
  }

  /** Brings about what the changes need: each step is an update. */
  async arrange(changes: readonly Change[]): Promise<void> {
    this.isHealthy = false;
    const isOneOf = (name: string) => changes.some((change) => change.name === name);
    const steps: ((now: Declared) => Declared)[] = [
      (now) => (isOneOf("rejoin") ? now : { ...now, lost: [] }),
      (now) => {
        const region = hibernatedRegion(now);
        // A failover, which a rejoin needs, is refused while a region is hibernated that may have confirmed commits.
        const stays = region === undefined || (isOneOf("resume") && !isOneOf("rejoin"));
        return stays ? now : withHibernated(now, region, false);
      },
      (now) =>
        Object.keys(now.regions).length < 5 || isOneOf("remove a region")
          ? now
          : without(now, readersOf(now).at(-1)!),
      ...changes.flatMap(({ needs = [] }) => needs),
    ];
    for (const step of steps) {
      const next = step(this.declared);
      if (JSON.stringify(next) !== JSON.stringify(this.declared)) {
        await this.update(next);
      }
    }
  }

  async update(next: Declared): Promise<void> {
    await this.topology.up(await this.argsOf(next));
    this.declared = next;
  }

  /** Makes all the changes in one update, while rows are written. */
  async together(changes: readonly Change[]): Promise<void> {
    this.isHealthy = false;
    const next = this.with(changes);
    await this.underLoad(next, () => this.update(next));
  }

  /** Makes all the changes in one update that must be refused: afterwards all is as it was. */
  async refused(changes: readonly Change[], reason: RegExp): Promise<void> {
    this.isHealthy = false;
    const next = this.with(changes);
    const args = await this.argsOf(next);
    await this.underLoad(next, async () => {
      const { output } = await this.topology.tryUp(args);
      expect(output).toMatch(reason);
    });
    // The state may hold what was asked of a region, but not done.
    await this.update(this.declared);
    await this.expectHealthy();
  }

  private with(changes: readonly Change[]): Declared {
    return changes.reduce((now, { apply }) => apply(now, this.declared), this.declared);
  }

  /**
   * Makes all the changes in one update that is killed, and in the next one.
   *
   * @param when When it is killed: after so many milliseconds, or as soon as Pulumi prints a text.
   * @param meanwhile What is done while the changes are half-made.
   * @param then What the next update declares: the changes, unless they are taken back.
   */
  async killed(
    changes: readonly Change[],
    when: number | string,
    meanwhile: () => Promise<void> = async () => undefined,
    then?: Declared,
  ): Promise<void> {
    this.isHealthy = false;
    const next = this.with(changes);
    await this.underLoad(next, async () => {
      const args = await this.argsOf(next);
      await this.topology.stack.killUp({ db: { ...this.topology.args, ...args } }, when);
      await meanwhile();
      await this.update(then ?? next);
    });
  }

  region(name: string): LocalRegion {
    return this.topology.region(name);
  }

  /** Ends every reader's connection to the writer, as a network does. Gives how many there were. */
  async disconnectReaders(): Promise<number> {
    return (await this.askWriter("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")).length;
  }

  async streamingReaders(): Promise<string[]> {
    const rows = await this.askWriter<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_replication WHERE state = 'streaming' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }

  private async askWriter<Row extends object>(statement: string): Promise<Row[]> {
    const outputs = await this.topology.outputs();
    return ask<Row>(outputs, outputs.writerEndpoint, statement);
  }

  private async underLoad<T>(next: Declared, work: () => Promise<T>): Promise<T> {
    const all = await Promise.all([this.declared, next].map((declared) => this.accessOf(declared)));
    const access: Access = {
      endpoints: all.flatMap(({ endpoints }) => endpoints),
      passwords: [...new Set(all.flatMap(({ passwords }) => passwords))],
      authorities: [...new Set(all.flatMap(({ authorities }) => authorities))],
    };
    const load = await LightLoad.start(access);
    const result = await work().catch(async (error: unknown) => {
      await load.stop(access).catch(() => undefined);
      throw error;
    });
    const { acknowledged, lost } = await load.stop(access);
    expect(lost).toBe(0);
    expect(acknowledged).toBeGreaterThan(0);
    return result;
  }

  /** One writer, every reader streams from it, everything declared holds, and there is nothing left to do. */
  async expectHealthy(): Promise<void> {
    const { primary, regions, lost, durability, roles, connections, workMemory } = this.declared;
    const outputs = await this.topology.outputs();
    const { ca, server } = await this.certificatesOf(this.declared);
    expect(await writersOf(outputs)).toEqual([primary]);
    expect(outputs.caCertificate).toBe(ca.certificate);
    const readers = readersOf(this.declared);
    for (const name of [primary, ...readers]) {
      const { port } = regions[name]!;
      const upstream = { status: "streaming", port: regions[primary]!.port, host: this.declared.host };
      expect({ name, ...(await this.examine(name)) }).toEqual({
        name,
        certificate: server.certificate,
        connections: String(connections),
        memory: `${workMemory}MB`,
        port: String(port),
        upstream: name === primary ? null : upstream,
      });
      expect(await readFile(this.topology.region(name).files.ca, "utf8")).toBe(ca.certificate);
    }
    for (const name of Object.keys(regions).filter((each) => each !== primary && !readers.includes(each))) {
      expect(await this.topology.region(name).isRunning()).toBe(false);
    }
    const made = (await readdir(this.topology.dataDir)).filter((name) => !/\.(crt|txt)$/.test(name));
    expect(made.filter((name) => !name.startsWith(".")).sort()).toEqual(Object.keys(regions).sort());
    const quorum = await ask<{ quorum: string; roles: string[] | null }>(
      outputs,
      outputs.writerEndpoint,
      `SELECT current_setting('synchronous_standby_names') AS quorum,
        (SELECT array_agg(rolname::text) FROM pg_roles WHERE rolname LIKE 'report%' AND rolcanlogin) AS roles`,
    );
    expect(quorum).toEqual([
      {
        quorum: durability === "local" ? "" : expect.stringMatching(new RegExp(`^ANY 1 .*"${readers[0]}"`)),
        roles: roles === 0 ? null : [`report_${roles % 2}`],
      },
    ]);
    expect(lost.length).toBeLessThanOrEqual(1);
    expect(await this.topology.up()).not.toMatch(/\d+ (created|updated|deleted|replaced)/);
    this.isHealthy = true;
  }

  /** What a server says of itself to somebody who trusts the declared authority alone. */
  private async examine(name: string): Promise<object> {
    const { endpoints, passwords, authorities } = await this.accessOf(this.declared, name);
    const client = new Client({
      ...endpoints[0]!,
      user: "app",
      database: "app",
      password: passwords[0]!,
      ssl: { ca: [...authorities] },
      connectionTimeoutMillis: 5000,
    });
    await client.connect();
    try {
      const { stream } = (client as unknown as { connection: { stream: TLSSocket } }).connection;
      const der = stream
        .getPeerCertificate()
        .raw.toString("base64")
        .match(/.{1,64}/g)!;
      const certificate = ["-----BEGIN CERTIFICATE-----", ...der, "-----END CERTIFICATE-----", ""].join("\n");
      const { rows } = await client.query<object>(
        `SELECT current_setting('max_connections') AS connections, current_setting('work_mem') AS memory,
           current_setting('port') AS port`,
      );
      const [upstream = null] = await ask<object>(
        await this.topology.outputs(),
        endpoints[0]!,
        `SELECT status, sender_host AS host, sender_port AS port FROM pg_stat_wal_receiver`,
      );
      return { ...rows[0]!, certificate, upstream };
    } finally {
      await client.end();
    }
  }

  private async accessOf(declared: Declared, region?: string): Promise<Access> {
    const { regions, host, passwords } = declared;
    const { ca } = await this.certificatesOf(declared);
    return {
      endpoints: (region === undefined ? Object.values(regions) : [regions[region]!]).map(({ port }) => ({
        host,
        port,
      })),
      passwords: [passwordOf("app", passwords)],
      authorities: [ca.certificate],
    };
  }

  private async argsOf(declared: Declared): Promise<Partial<LocalPostgresArgs>> {
    const { primary, lost, regions, host, durability, passwords, workMemory, connections, roles } = declared;
    const { ca, server, replication } = await this.certificatesOf(declared);
    return {
      primary,
      lost: [...lost],
      durability,
      regions: Object.fromEntries(
        Object.entries(regions).map(([name, region]) => [name, { ...region, host }]),
      ),
      parameters: { work_mem: `${workMemory}MB`, max_connections: connections },
      roles:
        roles === 0
          ? {}
          : { [`report_${roles % 2}`]: { memberOf: ["pg_read_all_data"], password: `password ${roles}` } },
      secrets: {
        ca,
        serverCertificates: Object.fromEntries(Object.keys(regions).map((name) => [name, server])),
        replicationCertificate: replication,
        passwords: Object.fromEntries(
          ["postgres", "app", "streaming_replica"].map((role) => [role, passwordOf(role, passwords)]),
        ),
      },
    };
  }

  private async certificatesOf({ authority, certificates }: Declared): Promise<Certificates> {
    const key = `${authority} ${certificates}`;
    const known = this.certificates.get(key);
    if (known !== undefined) {
      return known;
    }
    // Each authority has the name of the last one, as generated ones have.
    const signer = this.authorities.get(authority) ?? (await TestAuthority.create("the authority"));
    this.authorities.set(authority, signer);
    const made = {
      ca: signer.pair,
      server: await signer.issue("server"),
      replication: await signer.issue("streaming_replica"),
    };
    this.certificates.set(key, made);
    return made;
  }
}

function passwordOf(role: string, version: number): string {
  return `password ${version} of ${role}`;
}
