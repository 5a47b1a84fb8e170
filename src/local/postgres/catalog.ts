import { escapeIdentifier, escapeLiteral, type Client } from "pg";
import { replicationRole, superuser } from "../../roles";
import { isVerifierOf, scramVerifier } from "./scram";
import { withSession, type Login } from "./session";

/** A role, as the writer's catalog must have it. */
export interface CatalogRole {
  /** Missing for a role that cannot log in. */
  readonly password?: string | undefined;
  readonly memberOf?: readonly string[] | undefined;
  readonly createDatabases?: boolean | undefined;
  readonly connectionLimit?: number | undefined;
  readonly replication?: boolean | undefined;
}

export interface Catalog {
  readonly database: string;
  readonly owner: string;
  readonly roles: Readonly<Record<string, CatalogRole>>;
  /** Roles that were declared before and no longer are. */
  readonly retired: readonly string[];
}

/** Makes the writer's roles and database what they should be. Readers get them by replication. */
export async function applyCatalog(login: Login, catalog: Catalog): Promise<void> {
  await withSession(login, async (client) => {
    const present = await passwordsOf(client);
    for (const [name, role] of Object.entries(catalog.roles)) {
      await applyRole(client, name, role, present);
    }
    for (const [name, role] of Object.entries(catalog.roles)) {
      await applyMemberships(client, name, role.memberOf ?? []);
    }
    await allowRewinding(client);
    for (const name of catalog.retired.filter((retired) => present.has(retired))) {
      // It may own tables: it can no longer log in, and what it owns stays.
      await client.query(`ALTER ROLE ${escapeIdentifier(name)} NOLOGIN PASSWORD NULL`);
    }
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [catalog.database]);
    if (rowCount === 0) {
      const owner = escapeIdentifier(catalog.owner);
      await client.query(`CREATE DATABASE ${escapeIdentifier(catalog.database)} OWNER ${owner}`);
    }
  });
}

async function passwordsOf(client: Client): Promise<Map<string, string | null>> {
  const { rows } = await client.query<{ rolname: string; rolpassword: string | null }>(
    "SELECT rolname, rolpassword FROM pg_authid",
  );
  return new Map(rows.map(({ rolname, rolpassword }) => [rolname, rolpassword]));
}

/** What pg_rewind reads of the writer, by PostgreSQL's own list: then it needs no superuser, and no password. */
async function allowRewinding(client: Client): Promise<void> {
  const functions = [
    "pg_ls_dir(text, boolean, boolean)",
    "pg_stat_file(text, boolean)",
    "pg_read_binary_file(text)",
    "pg_read_binary_file(text, bigint, bigint, boolean)",
  ].map((signature) => `pg_catalog.${signature}`);
  await client.query(`GRANT EXECUTE ON FUNCTION ${functions.join(", ")} TO ${replicationRole}`);
}

async function applyRole(
  client: Client,
  name: string,
  role: CatalogRole,
  present: ReadonlyMap<string, string | null>,
): Promise<void> {
  const identifier = escapeIdentifier(name);
  if (!present.has(name)) {
    await client.query(`CREATE ROLE ${identifier}`);
  }
  const { password } = role;
  const options = [
    password === undefined ? "NOLOGIN" : "LOGIN",
    `CONNECTION LIMIT ${role.connectionLimit ?? -1}`,
  ];
  if (name !== superuser) {
    options.push(role.createDatabases === true ? "CREATEDB" : "NOCREATEDB");
    options.push(role.replication === true ? "REPLICATION" : "NOREPLICATION");
  }
  if (password === undefined) {
    options.push("PASSWORD NULL");
  } else if (!(await isVerifierOf(password, present.get(name) ?? null))) {
    options.push(`PASSWORD ${escapeLiteral(await scramVerifier(password))}`);
  }
  await client.query(`ALTER ROLE ${identifier} ${options.join(" ")}`);
}

async function applyMemberships(client: Client, name: string, memberOf: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    `SELECT g.rolname FROM pg_auth_members m
       JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1`,
    [name],
  );
  const present = rows.map(({ rolname }) => rolname);
  for (const group of memberOf.filter((wanted) => !present.includes(wanted))) {
    await client.query(`GRANT ${escapeIdentifier(group)} TO ${escapeIdentifier(name)}`);
  }
  for (const group of present.filter((had) => !memberOf.includes(had))) {
    await client.query(`REVOKE ${escapeIdentifier(group)} FROM ${escapeIdentifier(name)}`);
  }
}

/** Every role of a topology: those that it needs itself, and those that were asked for. */
export function catalogRoles(
  owner: string,
  passwords: Readonly<Record<string, string>>,
  roles: Readonly<Record<string, Omit<CatalogRole, "password"> & { readonly login?: boolean | undefined }>>,
): Record<string, CatalogRole> {
  const own: typeof roles = {
    [superuser]: {},
    [replicationRole]: { replication: true },
    [owner]: {},
  };
  return Object.fromEntries(
    Object.entries({ ...own, ...roles }).map(([name, { login = true, ...role }]) => [
      name,
      { ...role, password: login ? (passwords[name] ?? "") : undefined },
    ]),
  );
}
