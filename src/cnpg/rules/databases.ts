import { at, isRecord, mismatch, notObject, shown, type Failure, type Unknowns } from "../../rules";
import { foreignNames, ownNames, type Naming } from "../../topology-rules";
import type { ExtensionArgs, ManagedDatabaseArgs, SchemaArgs } from "../database-args";
import { objectFailures } from "../../rule-shapes";

// The compiler keeps these lists complete.
const databaseProperties: Record<keyof ManagedDatabaseArgs, true> = {
  owner: true,
  schemas: true,
  extensions: true,
};
const schemaProperties: Record<keyof SchemaArgs, true> = { owner: true };
const extensionProperties: Record<keyof ExtensionArgs, true> = { version: true, schema: true };

/** What is wrong with the databases that are managed. */
export function* databasesFailures(path: string, { databases, ...args }: Unknowns): Generator<Failure> {
  yield* notObject(path, databases, "databases, by name");
  const { name = "app", owner = name } = isRecord(args["database"]) ? args["database"] : {};
  const roles = isRecord(args["roles"]) ? Object.keys(args["roles"]) : [];
  const owners: Owners =
    args["origin"] === undefined
      ? {
          expected: `one of ${[owner, ...roles].join(", ")}`,
          isOwner: (role) => [owner, ...roles].includes(role),
        }
      : { expected: foreignNames.expected, isOwner: foreignNames.test };
  const naming = namingOf(args);
  for (const [database, wishes] of Object.entries(isRecord(databases) ? databases : {})) {
    yield* nameFailures(at(path, database), database, naming);
    yield* databaseFailures(at(path, database), wishes ?? null, owners, database === name, naming);
  }
}

/** Names in what comes from elsewhere are not ours to choose. */
export function namingOf({ origin, externalWriter }: Unknowns): Naming {
  return origin === undefined && externalWriter === undefined ? ownNames : foreignNames;
}

/** Who can own something. What comes from elsewhere has roles of its own. */
interface Owners {
  readonly expected: string;
  readonly isOwner: (role: unknown) => boolean;
}

function* nameFailures(
  propertyPath: string,
  database: string,
  { expected, test }: Naming,
): Generator<Failure> {
  if (!test(database)) {
    yield { propertyPath, reason: `must be named by ${expected}, not ${shown(database)}` };
  } else if (["postgres", "template0", "template1"].includes(database)) {
    yield { propertyPath, reason: `must not be ${shown(database)}, a database of PostgreSQL's own` };
  }
}

function databaseFailures(
  path: string,
  database: unknown,
  { expected, isOwner }: Owners,
  isApplications: boolean,
  naming: Naming,
): Generator<Failure> {
  return objectFailures(
    path,
    database,
    Object.keys(databaseProperties),
    function* ({ owner, schemas, extensions }) {
      yield* mismatch(at(path, "owner"), owner, isOwner, expected);
      if (owner !== undefined && isApplications) {
        yield { propertyPath: at(path, "owner"), reason: "must not be given: database.owner decides it" };
      }
      yield* notObject(at(path, "schemas"), schemas, "schemas, by name");
      for (const [schema, wishes] of Object.entries(isRecord(schemas) ? schemas : {})) {
        const own = at(at(path, "schemas"), schema);
        if (!isSchema(schema, naming)) {
          yield { propertyPath: own, reason: `must be named by ${schemaName(naming)}, not ${shown(schema)}` };
        }
        yield* objectFailures(own, wishes ?? null, Object.keys(schemaProperties), (given) =>
          mismatch(at(own, "owner"), given["owner"], isOwner, expected),
        );
      }
      yield* notObject(at(path, "extensions"), extensions, "extensions, by name");
      for (const [extension, wishes] of Object.entries(isRecord(extensions) ? extensions : {})) {
        yield* extensionFailures(at(at(path, "extensions"), extension), extension, wishes ?? null, naming);
      }
    },
  );
}

function schemaName({ expected }: Naming): string {
  return `${expected}, without pg_ before them`;
}

function isSchema(name: unknown, { test }: Naming): boolean {
  return test(name) && !name.startsWith("pg_");
}

function* extensionFailures(
  path: string,
  extension: string,
  wishes: unknown,
  naming: Naming,
): Generator<Failure> {
  if (!/^[A-Za-z_][\w$-]{0,62}$/.test(extension)) {
    yield {
      propertyPath: path,
      reason: `must be named by an extension, such as pg_stat_statements, not ${shown(extension)}`,
    };
  }
  yield* objectFailures(path, wishes, Object.keys(extensionProperties), function* ({ version, schema }) {
    const isVersion = (value: unknown) => typeof value === "string" && /^[\w.+-]+$/.test(value);
    yield* mismatch(at(path, "version"), version, isVersion, "a version, such as 1.10");
    const isName = (value: unknown) => isSchema(value, naming);
    yield* mismatch(at(path, "schema"), schema, isName, schemaName(naming));
  });
}
