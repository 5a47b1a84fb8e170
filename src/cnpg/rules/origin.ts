import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notList,
  notOneOf,
  notWholeNumber,
  shown,
  type Failure,
  type Unknowns,
} from "../../rules";
import { authorityFailures, keyPairFailures, passwordReason } from "../../secrets/rules";
import type { ImportArgs, InitSqlArgs, OriginServerArgs, RecoveryArgs } from "../origin-args";
import { storeFailures, storeProperties } from "./backup";
import { configMapKeyFailures } from "./cluster";
import { isHost } from "../../kubernetes/formats";
import { listFailures, missing, objectFailures } from "../../rule-shapes";

// The compiler keeps these lists complete.
const recoveryProperties: Record<keyof RecoveryArgs, true> = {
  ...storeProperties,
  serverName: true,
  targetTime: true,
};
const serverProperties: Record<keyof OriginServerArgs, true> = {
  host: true,
  port: true,
  user: true,
  password: true,
  clientCertificate: true,
  caCertificate: true,
  sslMode: true,
};
const importProperties: Record<keyof ImportArgs, true> = {
  ...serverProperties,
  type: true,
  databases: true,
  roles: true,
};
const initSqlProperties: Record<keyof InitSqlArgs, true> = { statements: true, configMaps: true };

const origins: Readonly<Record<string, (path: string, given: unknown) => Generator<Failure>>> = {
  recovery: recoveryFailures,
  clone: (path, given) =>
    objectFailures(path, given, Object.keys(serverProperties), (server) => serverFailures(path, server)),
  import: importFailures,
};

/** What is wrong with where the data comes from. */
export function originFailures(path: string, origin: unknown): Generator<Failure> {
  const kinds = Object.keys(origins);
  return objectFailures(path, origin, kinds, function* (given) {
    const chosen = kinds.filter((kind) => given[kind] !== undefined);
    if (chosen.length !== 1) {
      const reason = `must be exactly one of ${kinds.join(", ")}, not ${chosen.join(" and ") || "none"}`;
      yield { propertyPath: path, reason };
    }
    for (const kind of chosen) {
      yield* origins[kind]!(at(path, kind), given[kind]);
    }
  });
}

function recoveryFailures(path: string, recovery: unknown): Generator<Failure> {
  return objectFailures(path, recovery, Object.keys(recoveryProperties), function* (given) {
    const own = (property: keyof RecoveryArgs) => [at(path, property), given[property]] as const;
    const folder = "the name of the Cluster whose backups they are, such as db-rome";
    const isFolder = (value: unknown) => typeof value === "string" && /^[\w.-]+$/.test(value);
    yield* storeFailures(path, given);
    yield* missing(...own("serverName"), folder);
    yield* mismatch(...own("serverName"), isFolder, folder);
    yield* mismatch(...own("targetTime"), isTime, "a time such as 2026-01-31T12:00:00Z");
  });
}

/** RFC 3339, of a day that there is. */
function isTime(value: unknown): boolean {
  const [, date] =
    (typeof value === "string" &&
      /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$/.exec(value)) ||
    [];
  const day = new Date(`${date}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(String(value))) &&
    !Number.isNaN(day.getTime()) &&
    day.toISOString().startsWith(date!)
  );
}

function* serverFailures(path: string, given: Unknowns): Generator<Failure> {
  const own = (property: keyof OriginServerArgs) => [at(path, property), given[property]] as const;
  const host = "the DNS name or the IP address of the server";
  yield* missing(...own("host"), host);
  yield* unlessUnknown(...own("host"), isHost, host);
  yield* notWholeNumber(...own("port"), 1, 65_535);
  yield* missing(...own("user"), "the name of a role");
  yield* unlessUnknown(...own("user"), isLine, "the name of a role");
  const reason = given["password"] === undefined ? undefined : passwordReason(given["password"]);
  if (reason !== undefined) {
    yield { propertyPath: at(path, "password"), reason };
  }
  yield* keyPairFailures(...own("clientCertificate"));
  yield* authorityFailures(...own("caCertificate"));
  yield* notOneOf(...own("sslMode"), ["disable", "require", "verify-ca", "verify-full"]);
  if (given["password"] === undefined && given["clientCertificate"] === undefined) {
    yield { propertyPath: at(path, "password"), reason: "is missing: must be given, or clientCertificate" };
  }
  const { sslMode = "verify-full", caCertificate } = given;
  if (caCertificate === undefined && String(sslMode).startsWith("verify-")) {
    const mode = `${shown(sslMode)}${given["sslMode"] === undefined ? " by default" : ""}`;
    yield {
      propertyPath: at(path, "caCertificate"),
      reason: `is missing: sslMode is ${mode}, which takes the authority of the server's certificate`,
    };
  }
}

function isLine(value: unknown): boolean {
  return typeof value === "string" && /^[^\n\r\0]+$/.test(value);
}

function* unlessUnknown(
  path: string,
  value: unknown,
  test: (value: unknown) => boolean,
  expected: string,
): Generator<Failure> {
  if (isPlain(value)) {
    yield* mismatch(path, value, test, expected);
  }
}

/** As the operator's `validateMicroservice` and `validateMonolith`. */
function importFailures(path: string, wishes: unknown): Generator<Failure> {
  return objectFailures(path, wishes, Object.keys(importProperties), function* (given) {
    const own = (property: keyof ImportArgs) => [at(path, property), given[property]] as const;
    const { type = "microservice", databases, roles } = given;
    yield* serverFailures(path, given);
    yield* notOneOf(...own("type"), ["microservice", "monolith"]);
    yield* missing(...own("databases"), "a list of databases' names");
    yield* namesFailures(...own("databases"), "databases' names");
    yield* namesFailures(...own("roles"), "roles' names");
    if (
      type === "microservice" &&
      Array.isArray(databases) &&
      (databases.length !== 1 || databases[0] === "*")
    ) {
      yield {
        propertyPath: at(path, "databases"),
        reason: "must be one database's name where one is imported",
      };
    }
    if (type === "monolith" && Array.isArray(databases) && databases.length === 0) {
      yield { propertyPath: at(path, "databases"), reason: "must name a database, or be * for all" };
    }
    if (type === "microservice" && roles !== undefined) {
      yield { propertyPath: at(path, "roles"), reason: 'must not be given unless type is "monolith"' };
    }
  });
}

function* namesFailures(path: string, names: unknown, of: string): Generator<Failure> {
  yield* listFailures(path, names, of, (item, name) =>
    mismatch(item, name, isName, "a name, or * alone for all"),
  );
  if (Array.isArray(names) && names.length > 1 && names.includes("*")) {
    yield { propertyPath: path, reason: "must have no other name beside *" };
  }
}

/** A star in a name would be one more wildcard to the operator, where it takes one database. */
function isName(value: unknown): boolean {
  return value === "*" || (isLine(value) && !(value as string).includes("*"));
}

/** What is wrong with the SQL that founds a topology, by itself and beside `origin`. */
export function initSqlFailures(path: string, initSql: unknown, origin: unknown): Generator<Failure> {
  return objectFailures(
    path,
    initSql,
    Object.keys(initSqlProperties),
    function* ({ statements, configMaps }) {
      const imported = isRecord(origin) && isRecord(origin["import"]) ? origin["import"] : undefined;
      yield* notList(at(path, "statements"), statements, "SQL statements");
      for (const [index, statement] of Array.isArray(statements) ? statements.entries() : []) {
        const isStatement = (value: unknown) => typeof value === "string" && value.trim() !== "";
        yield* unlessUnknown(
          at(at(path, "statements"), index),
          statement ?? null,
          isStatement,
          "an SQL statement",
        );
      }
      yield* listFailures(
        at(path, "configMaps"),
        configMaps,
        "ConfigMaps' names and keys",
        configMapKeyFailures,
      );
      if (origin !== undefined && (imported === undefined || imported["type"] === "monolith")) {
        const kinds = isRecord(origin) ? Object.keys(origin).join(" and ") : "";
        const what = imported === undefined ? `origin.${kinds}` : "origin.import of a monolith";
        yield {
          propertyPath: path,
          reason: `must not be given beside ${what}, which brings databases as they are`,
        };
      } else if (imported !== undefined && configMaps !== undefined) {
        yield {
          propertyPath: at(path, "configMaps"),
          reason: "must not be given beside origin.import: the operator would run it before the import",
        };
      }
    },
  );
}
