import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Endpoint } from "../../src";

/** Which servers, passwords and authorities a client may try: while an update changes them, old and new ones. */
export interface Access {
  readonly endpoints: readonly Endpoint[];
  readonly passwords: readonly string[];
  readonly authorities: readonly string[];
}

/** One client that inserts a row at a time wherever the writer is, and knows which rows were acknowledged. */
export class LightLoad {
  readonly acknowledged: number[] = [];
  private running = true;
  private done: Promise<void> = Promise.resolve();

  private constructor(
    private readonly access: Access,
    private next: number,
  ) {}

  static async start(access: Access): Promise<LightLoad> {
    const client = await connectToWriter(access);
    await client.query("CREATE TABLE IF NOT EXISTS load (id int PRIMARY KEY)");
    const { rows } = await client.query<{ next: number }>(
      "SELECT coalesce(max(id), 0) + 1 AS next FROM load",
    );
    await client.end();
    const load = new LightLoad(access, rows[0]!.next);
    load.done = load.run();
    return load;
  }

  /** Gives how many rows were acknowledged, and how many of these are not there. */
  async stop(access: Access): Promise<{ acknowledged: number; lost: number }> {
    this.running = false;
    await this.done;
    const client = await connectToWriter(access);
    const { rows } = await client.query<{ id: number }>("SELECT id FROM load");
    await client.end();
    const present = new Set(rows.map(({ id }) => id));
    const lost = this.acknowledged.filter((id) => !present.has(id)).length;
    return { acknowledged: this.acknowledged.length, lost };
  }

  private async run(): Promise<void> {
    while (this.running) {
      const client = await connectToWriter(this.access).catch(() => undefined);
      try {
        while (this.running && client !== undefined) {
          const id = this.next++;
          await client.query("INSERT INTO load VALUES ($1)", [id]);
          this.acknowledged.push(id);
          await sleep(20);
        }
      } catch {
        // The writer moved, or restarted: it is looked for again.
      }
      await client?.end().catch(() => undefined);
      await sleep(50);
    }
  }
}

async function connectToWriter({ endpoints, passwords, authorities }: Access): Promise<Client> {
  for (const endpoint of endpoints) {
    for (const password of passwords) {
      const client = new Client({
        ...endpoint,
        user: "app",
        database: "app",
        password,
        ssl: { ca: [...authorities] },
        connectionTimeoutMillis: 2000,
        query_timeout: 10_000,
      });
      client.on("error", () => undefined);
      try {
        await client.connect();
        const { rows } = await client.query<{ standby: boolean }>("SELECT pg_is_in_recovery() AS standby");
        if (!rows[0]!.standby) {
          return client;
        }
      } catch {
        // Another server, or the other password.
      }
      await client.end().catch(() => undefined);
    }
  }
  throw new Error("no server writes");
}
