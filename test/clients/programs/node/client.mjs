// Writes rows by one library, a row for each line of the input. Prints "ok", or the error, for each.

import { createInterface } from "node:readline";

const url = process.env.DATABASE_URL;
const insert = (row) => `INSERT INTO written VALUES (${row})`;

const libraries = {
  /** This project's own pool of node-postgres. */
  async "node-postgres"() {
    const pool = await writerPool();
    return (row) => pool.query(insert(row));
  },
  async "prisma-adapter"() {
    const { PrismaPg } = await import("@prisma/adapter-pg");
    const prisma = await new PrismaPg(await writerPool()).connect();
    return (row) => prisma.executeRaw({ sql: insert(row), args: [], argTypes: [] });
  },
  async "node-postgres, one host"() {
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 3000 });
    pool.on("error", () => undefined);
    return (row) => pool.query(insert(row));
  },
  async "postgres.js"() {
    const { default: postgres } = await import("postgres");
    const sql = postgres(url);
    return (row) => sql.unsafe(insert(row));
  },
  async sequelize() {
    const { Sequelize } = await import("sequelize");
    const sequelize = new Sequelize(url, { logging: false });
    return (row) => sequelize.query(insert(row));
  },
  async typeorm() {
    await import("reflect-metadata");
    const { DataSource } = await import("typeorm");
    const source = new DataSource({ type: "postgres", url, poolErrorHandler: () => undefined });
    await source.initialize();
    return (row) => source.query(insert(row));
  },
};

async function writerPool() {
  const { writerPool: create } = await import("pulumi-multi-region-postgres/node-postgres");
  const pool = create(url);
  pool.on("error", () => undefined);
  return pool;
}

let write;
for await (const line of createInterface(process.stdin)) {
  try {
    write ??= await libraries[process.argv[2]]();
    await write(Number(line));
    console.log("ok");
  } catch (error) {
    console.log(`${error.name}: ${error.message}`.replaceAll("\n", " "));
  }
}
process.exit();
