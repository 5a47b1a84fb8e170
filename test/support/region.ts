import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Endpoint } from "../../src";
import { upstreamConfiguration } from "../../src/local/postgres/configuration";
import { regionFiles, writePrivateFile } from "../../src/local/postgres/folders";
import { findPrograms } from "../../src/local/postgres/programs";
import { conditionOf, reloadServer, startServer, stopServer } from "../../src/local/postgres/server";
import { childrenOf, signal } from "./processes";
import type { TopologyOutputs } from "./stack";

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
    const { pid } = await this.condition();
    if (pid === undefined) {
      throw new Error(`no server runs in ${this.folder}`);
    }
    for (const each of [pid, ...(await childrenOf(pid))]) {
      signal(each, "SIGKILL");
    }
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
  async startByHand(): Promise<void> {
    await startServer(this.files, await findPrograms());
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

/** Asks one region's server, as the superuser or as another role. */
export async function ask<Row extends object>(
  outputs: TopologyOutputs,
  endpoint: Endpoint,
  statement: string,
  { role = "postgres", database = "app" } = {},
): Promise<Row[]> {
  const client = new Client({
    ...endpoint,
    user: role,
    password: outputs.credentials[role]!.password,
    database,
    ssl: { ca: outputs.caCertificate },
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000,
  });
  client.on("error", () => undefined);
  await client.connect();
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
