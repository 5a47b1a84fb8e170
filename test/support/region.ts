import { spawn } from "node:child_process";
import { open, readFile, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import type { Endpoint } from "../../src";
import { serverAccount } from "../../src/local/postgres/account";
import { upstreamConfiguration } from "../../src/local/postgres/configuration";
import { regionFiles, writePrivateFile } from "../../src/local/postgres/folders";
import { findPrograms } from "../../src/local/postgres/programs";
import { socketFolder } from "../../src/local/postgres/socket";
import { conditionOf, reloadServer, stopServer } from "../../src/local/postgres/server";
import { eventually } from "./eventually";
import { childrenOf, signal } from "./processes";
import type { TopologyOutputs } from "./stack";

/** How somebody starts a server: nothing of it but its working directory tells whose it is. */
export type ByHand = "in its folder" | "by a link" | "by PGDATA";

/** A region of this machine, for tests that lay hands on its server. */
export class LocalRegion {
  constructor(readonly folder: string) {}

  get files() {
    return regionFiles(this.folder);
  }

  condition() {
    return conditionOf(this.files);
  }

  async isRunning(): Promise<boolean> {
    return (await this.condition()).pid !== undefined;
  }

  /** As if the machine had lost its power: nothing of the server gets to say anything any more. */
  async kill(): Promise<void> {
    const processes = await this.processes();
    if (processes.length === 0) {
      throw new Error(`no server runs in ${this.folder}`);
    }
    processes.forEach((pid) => signal(pid, "SIGKILL"));
    while (await this.isRunning()) {
      await sleep(5);
    }
  }

  /** Cuts a reader off from whoever it follows, until the next update. */
  async cutOff(): Promise<void> {
    const nowhere = { region: "nowhere", host: "localhost", port: 1 };
    await writePrivateFile(
      join(this.files.data, "upstream.conf"),
      upstreamConfiguration("cut", nowhere, this.files),
    );
    await reloadServer(this.files);
  }

  /** What somebody does by hand, without Pulumi. */
  async startByHand(how: ByHand = "in its folder"): Promise<void> {
    const { data, log } = this.files;
    const { postgres } = await findPrograms();
    const link = join(this.folder, "link-to-data");
    if (how === "by a link") {
      await symlink(data, link);
    }
    // PostgreSQL's own advice where a killed server is still listed.
    if (!(await this.isRunning())) {
      await rm(join(data, "postmaster.pid"), { force: true });
      const sockets = socketFolder(this.folder);
      for (const name of await readdir(sockets).catch(() => [])) {
        await rm(join(sockets, name), { force: true });
      }
    }
    const output = await open(log, "a");
    const child = spawn(postgres, how === "by PGDATA" ? [] : ["-D", how === "by a link" ? link : "."], {
      cwd: how === "in its folder" ? data : "/",
      env: { PATH: process.env["PATH"], ...(how === "by PGDATA" ? { PGDATA: data } : {}) },
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      ...(await serverAccount()),
    });
    child.unref();
    await output.close();
    await eventually(async () => {
      expect(await readFile(join(data, "postmaster.pid"), "utf8")).toMatch(
        new RegExp(`^${child.pid}\n[^]*ready`),
      );
    }, 60);
    await rm(link, { force: true });
  }

  /** Every process of its server. */
  async processes(): Promise<number[]> {
    const { pid } = await this.condition();
    return pid === undefined ? [] : [pid, ...(await childrenOf(pid))];
  }

  /** Its server comes up as a standby again. */
  async becomeStandby(): Promise<void> {
    await writePrivateFile(this.files.standbySignal, "");
    await this.startByHand();
  }

  async stopByHand(): Promise<void> {
    await stopServer(this.files);
  }
}

/** A session with one region's server, as the superuser unless `config` has another user. An end of it is no error. */
export async function connectTo(
  outputs: TopologyOutputs,
  endpoint: Endpoint,
  { user = "postgres", ...config }: ClientConfig & { readonly user?: string } = {},
): Promise<Client> {
  const client = new Client({
    ...endpoint,
    user,
    password: outputs.credentials[user]?.password,
    database: "app",
    ssl: { ca: outputs.caCertificate },
    ...config,
  });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Asks one region's server, as the superuser or as another role. */
export async function ask<Row extends object>(
  outputs: TopologyOutputs,
  endpoint: Endpoint,
  statement: string,
  { role = "postgres", database = "app" } = {},
): Promise<Row[]> {
  const client = await connectTo(outputs, endpoint, {
    ...{ user: role, database },
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000,
  });
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Which regions accept writes, of those that answer. */
export async function writersOf(outputs: TopologyOutputs): Promise<string[]> {
  const answers = await Promise.all(
    Object.entries(outputs.regions).map(async ([region, { endpoint }]) => {
      const rows = await ask<{ standby: boolean }>(
        outputs,
        endpoint,
        "SELECT pg_is_in_recovery() AS standby",
      ).catch(() => []);
      return rows[0]?.standby === false ? [region] : [];
    }),
  );
  return answers.flat();
}
