import { Client, type QueryResultRow } from "pg";
import type { Endpoint } from "pulumi-multi-region-postgres";
import type { DemoTopology } from "./stack";

/** Asks one region's server. */
export async function ask<Row extends QueryResultRow>(
  { credentials, caCertificate }: DemoTopology,
  endpoint: Endpoint,
  user: string,
  statement: string,
  values: string[] = [],
): Promise<Row[]> {
  const { password } = credentials[user]!;
  const client = new Client({ ...endpoint, user, password, database: "app", ssl: { ca: caCertificate } });
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
  }
}
